"""Which dead letters a person means."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.ids import Subject
from sidecar.dead_letters.letter import DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Conditions that all have to hold; what is not given does not matter.

    Attributes:
        queue: the work queue's name.
        refs: beginnings of refs, or whole ids of events; one of them has to fit.
        reason: why it is parked.
        type: the contract's name, or for Stripe's events the type that Stripe gave it.
        older_than: it has been parked for longer than this.
        newer_than: or for less.
        subject: the order or customer it is about.
    """

    queue: str | None = None
    refs: tuple[str, ...] = ()
    reason: str | None = None
    type: str | None = None
    older_than: timedelta | None = None
    newer_than: timedelta | None = None
    subject: Subject | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Chosen()

    def fits(self, letter: DeadLetter, now: datetime) -> bool:
        """Whether the letter is meant. One whose age nobody wrote down is neither old nor new."""
        if self.queue is not None and letter.queue != self.queue:
            return False
        if self.refs and not any(_named(letter, ref) for ref in self.refs):
            return False
        if self.reason is not None and letter.reason != self.reason:
            return False
        if self.type is not None and self.type not in types_of(letter):
            return False
        if self.subject is not None and letter.subject != self.subject:
            return False
        return self._of_that_age(letter, now)

    def _of_that_age(self, letter: DeadLetter, now: datetime) -> bool:
        if self.older_than is None and self.newer_than is None:
            return True
        if letter.parked_at is None:
            return False
        age = now - letter.parked_at
        old_enough = self.older_than is None or age >= self.older_than
        new_enough = self.newer_than is None or age < self.newer_than
        return old_enough and new_enough


def types_of(letter: DeadLetter) -> tuple[str, ...]:
    """The contract's name, and for Stripe's events the type that Stripe gave it."""
    match letter.document:
        case {"type": "stripe.event.v1", "data": {"type": str(stripes)}}:
            return ("stripe.event.v1", stripes)
    kind = letter.event.type
    return (kind,) if kind else ()


def _named(letter: DeadLetter, ref: str) -> bool:
    return letter.ref.startswith(ref.lower()) or letter.event.id == ref
