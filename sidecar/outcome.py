"""How the handling of a message can end. The set is closed: the runtime turns each into one settlement."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Done:
    """Every effect of the message is recorded done: acknowledge."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The message is not for us, and never will be: acknowledge and count by `reason`.

    Attributes:
        reason: a short constant, because it becomes a metric label.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Retry:
    """It may work later: hand the message to the retry ladder.

    Attributes:
        reason: a short constant, because it becomes a metric label.
        detail: for a person to read; never a secret.
        after: wait at least this long, where the upstream named a time.
        limited: whether attempts count against the limit; they do not while an upstream is known to be down.
    """

    reason: str
    detail: str = ""
    after: timedelta | None = None
    limited: bool = True


@dataclass(frozen=True, slots=True)
class Park:
    """It will not work as it is: put the message into the dead-letter queue.

    Attributes:
        reason: a short constant, because it becomes a metric label.
        detail: what is wrong, with the field's path, and what to do; never a secret.
    """

    reason: str
    detail: str = ""


Outcome = Done | Skip | Retry | Park
