from xml.etree import ElementTree as ET

from tests.bench.figures import Contender, Figure, Goal
from tests.bench.plot import plot
from tests.bench.table import markdown, number

FIGURE = Figure(
    name="32 connections",
    unit="requests/s",
    contenders=(
        Contender(name="bridge", role="ours", samples=(1000, 1500, 1250)),
        Contender(name="confirm", role="floor", samples=(2000, 2000, 2000)),
        Contender(name="<Starlette>", role="peer", samples=(500, 500, 500)),
    ),
    goals=(Goal(at_least=0.7, against="confirm"), Goal(at_least=2, against="<Starlette>"), Goal(at_least=1250)),
)


def test_a_page_says_who_reached_what() -> None:
    assert markdown([FIGURE]).splitlines()[2:] == [
        "| 32 connections, requests/s | **bridge** | 1,250 | 1,000 to 1,500 |  | ≥ 1250: met |",
        "|  | floor: confirm | 2,000 | 2,000 to 2,000 | × 0.62 (0.50 to 0.75) | ≥ × 0.7: missed |",
        "|  | <Starlette> | 500 | 500 to 500 | × 2.50 (2.00 to 3.00) | ≥ × 2: met |",
    ]


def test_numbers_have_as_many_digits_as_mean_something() -> None:
    assert [number(value) for value in (0.1234, 4.5678, 45.678, 456.78, 4567.8)] == [
        *("0.12", "4.57", "45.7", "457", "4,568"),
    ]


def test_a_plot_is_xml_with_a_dot_for_each_ratio() -> None:
    drawn = ET.fromstring(plot("ratios", [FIGURE]))  # noqa: S314  # our own

    assert len(drawn.findall("{*}circle")) == 2
    assert drawn.findtext("{*}text") == "ratios"


def test_nothing_is_drawn_where_nothing_was_compared() -> None:
    assert plot("alone", [FIGURE.model_copy(update={"contenders": FIGURE.contenders[:1], "goals": ()})]) == ""
