"""Whom the calls of a task are made for, so that a breaker can tell one poisoned order from an outage."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WHOM: ContextVar[str] = ContextVar("whom", default="")


@contextmanager
def calling_for(whom: object) -> Iterator[None]:
    """The calls of the block are made for this order or customer, or for a message while nobody knows for whom."""
    token = _WHOM.set(str(whom))
    try:
        yield
    finally:
        _WHOM.reset(token)


def called_for() -> str:
    """Whom this call is made for; empty when nobody said."""
    return _WHOM.get()
