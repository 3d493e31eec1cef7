"""What the oracle says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.oracle.books import Books


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold.

    Attributes:
        rule: its name.
        subject: the order, customer or message that it does not hold for.
        text: what is, and what should be.
    """

    rule: str
    subject: str
    text: str


Rule = Callable[[Books], Iterator[Violation]]
