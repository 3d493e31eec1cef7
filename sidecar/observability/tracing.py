"""Spans: what took how long within a trace. Nobody records them unless a tracer is installed; see `otel`."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Literal, Protocol, Self

Kind = Literal["server", "client", "producer", "consumer", "internal"]
"""Which side of a call a span is (opentelemetry.io/docs/concepts/signals/traces, Span kind)."""

Value = str | int | float | bool


class Span(Protocol):
    """One piece of work, while it is done."""

    @property
    def trace_id(self) -> str | None:
        """The trace that it belongs to; None when nobody records."""
        ...

    @property
    def traceparent(self) -> str | None:
        """The header that makes what it causes its child; None when nobody records."""
        ...

    def note(self, **attributes: Value) -> None:
        """Add what was found out meanwhile; `__` in a name stands for a dot."""
        ...

    def failed(self, code: str) -> None:
        """It came to nothing, for this reason."""
        ...

    def link(self, trace_id: str) -> None:
        """Another trace is about the same."""
        ...


class Tracer(Protocol):
    """Makes spans."""

    def span(
        self, name: str, kind: Kind, parent: str | None, attributes: Mapping[str, Value]
    ) -> AbstractContextManager[Span]:
        """A span for as long as the block runs; an exception that leaves it is noted by its code or type alone."""
        ...

    def passed(self, name: str, parent: str, since: datetime, until: datetime, attributes: Mapping[str, Value]) -> None:
        """A span of what is over already."""
        ...

    def traceparent(self) -> str | None:
        """The header of the span that is open in this task."""
        ...


class _Unrecorded:
    """Nobody records. It is open and closed at once, since every message comes by here."""

    trace_id = None
    traceparent = None

    def note(self, **attributes: Value) -> None:
        """Let it pass."""

    def failed(self, code: str) -> None:
        """Let it pass."""

    def link(self, trace_id: str) -> None:
        """Let it pass."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let it pass."""


_UNRECORDED = _Unrecorded()


class _Installed:
    """The process's tracer: as with logs, there is one for all, since what is measured must not be handed through."""

    tracer: Tracer | None = None


@contextmanager
def installed(tracer: Tracer) -> Iterator[None]:
    """Record spans with this tracer for as long as the block runs."""
    before, _Installed.tracer = _Installed.tracer, tracer
    try:
        yield
    finally:
        _Installed.tracer = before


def is_recording() -> bool:
    """Whether anybody records."""
    return _Installed.tracer is not None


def open_traceparent() -> str | None:
    """The header that makes what this task causes a child of its open span; None when nobody records."""
    return None if _Installed.tracer is None else _Installed.tracer.traceparent()


def passed(name: str, *, parent: str, since: datetime, until: datetime, **attributes: Value) -> None:
    """A span of time that passed where nobody could record it.

    Args:
        name: of a kind of time, without ids.
        parent: the `traceparent` of what it belongs to.
        since: when it began.
        until: when it was over.
        attributes: as in `span`.
    """
    if _Installed.tracer is not None:
        _Installed.tracer.passed(name, parent, since, until, attributes)


def span(
    name: str, kind: Kind = "internal", *, parent: str | None = None, **attributes: Value
) -> AbstractContextManager[Span]:
    """Do the block as a span.

    Args:
        name: of a kind of work, without ids.
        kind: which side of a call it is.
        parent: a `traceparent` from elsewhere; without one, the span that is open in this task.
        attributes: what is known of it; `__` in a name stands for a dot. Ids are welcome, persons and secrets are not.
    """
    return _UNRECORDED if _Installed.tracer is None else _Installed.tracer.span(name, kind, parent, attributes)
