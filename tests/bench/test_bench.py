import pytest

from tests.bench.__main__ import main
from tests.bench.bench import Bench, find, interleave, names


@pytest.mark.parametrize("name", names())
def test_each_module_has_its_benchmark(name: str) -> None:
    assert isinstance(find(name), Bench)
    assert find(name).full_rounds >= 5


async def test_everybody_has_a_turn_in_each_round_there_and_back() -> None:
    order: list[str] = []

    async def turn(contender: str) -> int:
        order.append(contender)
        return len(order)

    samples = await interleave(("a", "b"), 3, turn)

    assert order == ["a", "b", "b", "a", "a", "b"]
    assert samples == {"a": [1, 4, 5], "b": [2, 3, 6]}


@pytest.mark.parametrize(
    "arguments", [["nothing_of_the_kind"], ["--rounds", "0"], ["--out", "/nowhere/at/all.json"], ["--fast"]]
)
def test_what_is_wrong_is_said_in_a_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_help_names_the_benchmarks_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    shown = capsys.readouterr().out
    assert all(name in shown for name in names())
    assert "python -m tests.bench bridge --quick" in shown
