"""What the task at work has in hand: carried by the context, so that whoever measures need not be handed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sidecar.observability.trace import traceparent
from sidecar.observability.tracing import open_traceparent


@dataclass(frozen=True, slots=True)
class InHand:
    """A message.

    Attributes:
        trace_id: the W3C trace that it belongs to.
        happened_at: when what it tells of happened, by its own word.
    """

    trace_id: str
    happened_at: datetime


_IN_HAND: ContextVar[InHand | None] = ContextVar("in_hand", default=None)


def in_hand() -> InHand | None:
    """The message that this task is at work on, if it is at work on one."""
    return _IN_HAND.get()


@contextmanager
def holding(message: InHand) -> Iterator[None]:
    """Say so for as long as the block runs, also to the tasks that it starts."""
    token = _IN_HAND.set(message)
    try:
        yield
    finally:
        _IN_HAND.reset(token)


def exemplar() -> dict[str, str] | None:
    """The trace in hand, as an exemplar of a metric."""
    message = in_hand()
    return exemplar_of(message.trace_id if message else None)


def exemplar_of(trace_id: str | None) -> dict[str, str] | None:
    """A trace as an exemplar of a metric (prometheus.io/docs/specs/om/open_metrics_spec, Exemplars)."""
    return {"trace_id": trace_id} if trace_id else None


def outgoing() -> str | None:
    """The `traceparent` of what the message in hand causes; None where nothing is in hand."""
    message = in_hand()
    return open_traceparent() or (None if message is None else traceparent(message.trace_id))
