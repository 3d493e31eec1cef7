"""What a benchmark found: samples of ours, of floors and of peers, and how they stand to one another. Pure."""

import statistics
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, computed_field, model_validator

Role = Literal["ours", "floor", "peer"]
"""A floor does the least that is needed at all; a peer does the job as others would do it."""

Sample = Annotated[float, AfterValidator(lambda value: float(f"{value:.5g}"))]
"""To five digits: more are noise."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Span(_Value):
    """A middle, and from where to where the rounds lay.

    Attributes:
        middle: the median of the rounds; of a ratio, the ratio of the two medians.
        low: the least of any round.
        high: the most of any round.
    """

    middle: float
    low: float
    high: float


class Contender(_Value):
    """One that took its turns.

    Attributes:
        name: as the tables say it.
        role: what it stands for.
        samples: one a round, in the order of the rounds.
    """

    name: str
    role: Role
    samples: Annotated[tuple[Sample, ...], Field(min_length=1)]

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def span(self) -> Span:
        return Span(middle=statistics.median(self.samples), low=min(self.samples), high=max(self.samples))


class Goal(_Value):
    """What was meant to be reached, at least or at most.

    Attributes:
        against: the contender that ours is a multiple of; None when the figure itself is meant.
    """

    at_least: float | None = None
    at_most: float | None = None
    against: str | None = None

    @model_validator(mode="after")
    def _is_one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a goal is at_least or at_most")
        return self

    def is_met_by(self, value: float) -> bool:
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0.0)


class Figure(_Value):
    """One thing that was measured, of everybody who took part.

    Attributes:
        name: what was measured, and how: "32 connections, 2 kB".
        unit: "requests/s", "ms", "µs of processor".
        contenders: exactly one is ours; all took the same rounds.
        goals: what was meant to be reached.
    """

    name: str
    unit: str
    contenders: tuple[Contender, ...]
    goals: tuple[Goal, ...] = ()

    @model_validator(mode="after")
    def _can_be_compared(self) -> Self:
        names = [each.name for each in self.contenders]
        if sum(each.role == "ours" for each in self.contenders) != 1 or len(set(names)) != len(names):
            raise ValueError(f"{self.name}: exactly one contender is ours, and names differ")
        if len({len(each.samples) for each in self.contenders}) != 1:
            raise ValueError(f"{self.name}: not everybody took the same rounds")
        if unknown := {goal.against for goal in self.goals} - {None, *names}:
            raise ValueError(f"{self.name}: a goal against {unknown}, who took no part")
        return self

    @property
    def ours(self) -> Contender:
        return next(each for each in self.contenders if each.role == "ours")

    @property
    def others(self) -> Sequence[Contender]:
        return [each for each in self.contenders if each.role != "ours"]

    def ratio(self, other: Contender) -> Span:
        """How many times the other's ours is: of the medians, with the least and the most of any one round."""
        rounds = [mine / theirs for mine, theirs in zip(self.ours.samples, other.samples, strict=True)]
        return Span(middle=self.ours.span.middle / other.span.middle, low=min(rounds), high=max(rounds))

    def reached(self, goal: Goal) -> float:
        """What the goal is held against."""
        if goal.against is None:
            return self.ours.span.middle
        return self.ratio(next(each for each in self.contenders if each.name == goal.against)).middle

    def is_met(self, goal: Goal) -> bool:
        return goal.is_met_by(self.reached(goal))

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def ratios(self) -> dict[str, Span]:
        """Of ours to each of the others, by its name."""
        return {each.name: self.ratio(each) for each in self.others}

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way
    @property
    def met(self) -> tuple[bool, ...]:
        """Of each goal, whether it is met."""
        return tuple(self.is_met(goal) for goal in self.goals)
