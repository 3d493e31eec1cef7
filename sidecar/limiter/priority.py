"""Who goes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum


class Priority(IntEnum):
    """A call's class. Within one, and on one endpoint, first come is first served."""

    INTERACTIVE = 0
    """Somebody waits for an order."""
    BULK = 1
    """Catching up, looking back, customers: it gets what is left, and a share even when nothing is."""


_CURRENT: ContextVar[Priority] = ContextVar("priority", default=Priority.INTERACTIVE)


def current_priority() -> Priority:
    """The class of the work that this task does."""
    return _CURRENT.get()


@contextmanager
def with_priority(priority: Priority) -> Iterator[None]:
    """Let every call that is made in the block be of this class, unless it says otherwise itself."""
    token = _CURRENT.set(priority)
    try:
        yield
    finally:
        _CURRENT.reset(token)
