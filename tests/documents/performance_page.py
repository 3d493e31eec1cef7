"""`docs/performance.md`: what people wrote, and between its marks the tables and plots of `docs/bench.json`."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.plot import plot
from tests.bench.record import Record, Result
from tests.bench.table import markdown

DOCS = Path(__file__).parents[2] / "docs"
PAGE, RECORD = DOCS / "performance.md", DOCS / "bench.json"
_HOLE = re.compile(r"(<!-- bench: (?P<name>\w+) -->\n).*?(<!-- end of bench -->)", re.DOTALL)


def page() -> str:
    """The page, with what is between the marks made anew.

    Raises:
        ValueError: a benchmark of the record has no place in the page, or a place has no benchmark.
    """
    text, record = PAGE.read_text(), Record.read(RECORD)
    places = [place["name"] for place in _HOLE.finditer(text)]
    if sorted(places) != sorted(record.benches):
        raise ValueError(f"{PAGE.name} has places for {sorted(places)}, {RECORD.name} has {sorted(record.benches)}")
    return _HOLE.sub(lambda place: f"{place[1]}{_shown(place['name'], record.benches[place['name']])}{place[3]}", text)


def plots() -> Iterator[tuple[str, str]]:
    """Each picture's path in the repository, and its text."""
    for name, result in Record.read(RECORD).benches.items():
        if drawn := plot(f"{name}: ours is so many times the other", result.figures):
            yield f"docs/performance/{name}.svg", drawn


def _shown(name: str, result: Result) -> str:
    machine = result.machine
    parts = [markdown(result.figures)]
    if plot(name, result.figures):
        parts.append(f"![{name}: ratios](performance/{name}.svg)\n")
    size = "a quick run, which only shows that it works" if result.quick else f"{result.rounds} rounds"
    versions = ", ".join(f"{what} {version}" for what, version in result.versions.items())
    parts.append(
        f"`{result.command}` at `{result.commit}` on {result.date:%Y-%m-%d}, {size}, {result.seconds:.0f} s: "
        f"{machine.cores} cores of {machine.processor}, {machine.memory_gib} GiB, {machine.system}. {versions}.\n"
    )
    return "\n".join(parts)
