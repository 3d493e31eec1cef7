"""The ratios of a benchmark as a picture: a dot for the medians, a bar for the rounds, a mark for the goal.

Drawn by hand, since it is made from the record in every lint, and has to be the same text on every machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log2
from xml.sax.saxutils import escape

from tests.bench.figures import Figure, Goal, Span

_LEFT, _RIGHT, _TOP, _ROW, _WIDTH = 430, 30, 40, 24, 860
_FAVOURABLE, _OTHER, _GOAL, _GREY = "#2b8a3e", "#c92a2a", "#1864ab", "#868e96"


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    ratio: Span
    goals: Sequence[Goal]
    is_met: bool


def plot(title: str, figures: Sequence[Figure]) -> str:
    """As SVG, on a scale of powers of two; empty when nothing was compared."""
    bars = list(_bars(figures))
    if not bars:
        return ""
    bounds = [1.0, *(value for bar in bars for value in (bar.ratio.low, bar.ratio.high))]
    scale = _Scale(floor(log2(min(bounds))), ceil(log2(max(bounds))))
    height = _TOP + _ROW * len(bars) + 30
    frame = f'width="{_WIDTH}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {frame}>',
            "<style>text { font: 12px sans-serif }</style>",
            f'<rect {frame} fill="white"/>',
            f'<text x="8" y="20">{escape(title)}</text>',
            *_axis(scale, height),
            *(line for row, bar in enumerate(bars) for line in _drawn(bar, scale, _TOP + _ROW * row + _ROW / 2)),
            "</svg>",
            "",
        )
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: int
    high: int

    def x(self, value: float) -> str:
        share = (log2(value) - self.low) / max(self.high - self.low, 1)
        return f"{_LEFT + min(max(share, 0.0), 1.0) * (_WIDTH - _LEFT - _RIGHT):.1f}"


def _bars(figures: Sequence[Figure]) -> Iterator[_Bar]:
    for figure in figures:
        for other in figure.others:
            goals = [goal for goal in figure.goals if goal.against == other.name]
            label = f"{figure.name}, {figure.unit} ÷ {other.name}"
            yield _Bar(label, figure.ratio(other), goals, all(figure.is_met(goal) for goal in goals))


def _axis(scale: _Scale, height: int) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        at, colour = scale.x(2.0**power), _GREY if power else "black"
        yield f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{height - 26}" stroke="{colour}" stroke-width="0.5"/>'
        yield f'<text x="{at}" y="{height - 10}" text-anchor="middle">×{2.0**power:g}</text>'


def _drawn(bar: _Bar, scale: _Scale, y: float) -> Iterator[str]:
    colour = _GREY if not bar.goals else _FAVOURABLE if bar.is_met else _OTHER
    low, middle, high = (scale.x(value) for value in (bar.ratio.low, bar.ratio.middle, bar.ratio.high))
    yield f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(bar.label)}</text>'
    yield f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
    yield f'<circle cx="{middle}" cy="{y}" r="4" fill="{colour}"><title>× {bar.ratio.middle:.2f}</title></circle>'
    for goal in bar.goals:
        at = scale.x(goal.at_least or goal.at_most or 1.0)
        yield f'<line x1="{at}" x2="{at}" y1="{y - 8}" y2="{y + 8}" stroke="{_GOAL}" stroke-width="2"/>'
