import pytest
from pydantic import ValidationError

from tests.bench.figures import Contender, Figure, Goal, Span


def figure(*, ours: tuple[float, ...], floor: tuple[float, ...], goals: tuple[Goal, ...] = ()) -> Figure:
    return Figure(
        name="flat out",
        unit="requests/s",
        contenders=(
            Contender(name="bridge", role="ours", samples=ours),
            Contender(name="confirm", role="floor", samples=floor),
        ),
        goals=goals,
    )


def test_a_ratio_is_of_the_medians_and_its_spread_of_each_round() -> None:
    found = figure(ours=(10, 30, 20), floor=(10, 20, 40))

    assert found.ratios == {"confirm": Span(middle=1.0, low=0.5, high=1.5)}


def test_one_slow_round_moves_no_median() -> None:
    assert figure(ours=(20, 20, 1), floor=(10, 10, 10)).ratios["confirm"].middle == 2


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(at_least=0.5, against="confirm"), True),
        (Goal(at_least=0.51, against="confirm"), False),
        (Goal(at_most=0.5, against="confirm"), True),
        (Goal(at_most=0.49, against="confirm"), False),
        (Goal(at_most=9), False),
        (Goal(at_most=10), True),
    ],
)
def test_a_goal_is_met_at_its_bound(goal: Goal, met: bool) -> None:  # noqa: FBT001  # parametrized
    assert figure(ours=(10, 10, 10), floor=(20, 20, 20), goals=(goal,)).met == (met,)


def test_a_goal_has_one_bound() -> None:
    with pytest.raises(ValidationError):
        Goal(against="confirm")
    with pytest.raises(ValidationError):
        Goal(at_least=1, at_most=2)


def test_nobody_is_compared_with_who_took_other_rounds() -> None:
    with pytest.raises(ValidationError, match="rounds"):
        figure(ours=(1, 2), floor=(1,))


def test_a_goal_against_nobody_is_refused() -> None:
    with pytest.raises(ValidationError, match="took no part"):
        figure(ours=(1,), floor=(1,), goals=(Goal(at_least=1, against="conform"),))


def test_it_comes_back_from_json_as_it_was() -> None:
    found = figure(ours=(10, 30), floor=(10, 20), goals=(Goal(at_least=1, against="confirm"),))

    assert Figure.model_validate_json(found.model_dump_json()) == found
