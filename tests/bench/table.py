"""Figures as tables, for a terminal and for Markdown."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from tests.bench.figures import Figure, Goal, Span

HEAD = ("figure", "who", "median", "rounds", "ours is", "goal")
_HUNDRED, _TEN = 100, 10


def number(value: float) -> str:
    """To three digits or so."""
    if abs(value) >= _HUNDRED:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _TEN else f"{value:.2f}"


def rows(figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """One for each contender; what a figure is called stands in the first of its rows alone."""
    for figure in figures:
        name = f"{figure.name}, {figure.unit}"
        for each in figure.contenders:
            ratio = "" if each.role == "ours" else _ratio(figure.ratio(each))
            aims = (goal for goal in figure.goals if goal.against == (None if each.role == "ours" else each.name))
            told = "; ".join(_goal(figure, goal) for goal in aims)
            who = each.name if each.role != "floor" else f"floor: {each.name}"
            yield name, who, number(each.span.middle), _between(each.span), ratio, told
            name = ""


def terminal(title: str, figures: Sequence[Figure]) -> Table:
    """For people who look on."""
    table = Table(*HEAD, title=title, title_justify="left")
    for name, *cells in rows(figures):
        if name and table.row_count:
            table.add_section()
        table.add_row(name, *cells)
    return table


def markdown(figures: Sequence[Figure]) -> str:
    """For a page; ours is in bold."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}"]
    ours = {each.ours.name for each in figures}
    for name, who, *cells in rows(figures):
        lines.append(f"| {' | '.join((name, f'**{who}**' if who in ours else who, *cells))} |")
    return "\n".join(lines) + "\n"


def _between(span: Span) -> str:
    return f"{number(span.low)} to {number(span.high)}"


def _ratio(span: Span) -> str:
    return f"× {span.middle:.2f} ({span.low:.2f} to {span.high:.2f})"


def _goal(figure: Figure, goal: Goal) -> str:
    bound = f"≥ {goal.at_least:g}" if goal.at_least is not None else f"≤ {goal.at_most:g}"
    sign = "" if goal.against is None else "× "
    return f"{bound.replace(' ', f' {sign}')}: {'met' if figure.is_met(goal) else 'missed'}"
