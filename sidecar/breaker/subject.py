"""Whom the calls of a task are made for, so that a breaker can tell one poisoned order from an outage."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from schemas.ids import Subject

_SUBJECT: ContextVar[str] = ContextVar("subject", default="")


@contextmanager
def calling_for(subject: Subject) -> Iterator[None]:
    """The calls of the block are made for this order or customer."""
    token = _SUBJECT.set(str(subject))
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def called_for() -> str:
    """Whom this call is made for; empty when nobody said."""
    return _SUBJECT.get()
