"""What an upstream can answer besides a result. Adapters raise only these; the runtime maps each to an outcome."""

from datetime import timedelta
from typing import Literal

Upstream = Literal["stripe", "magento", "store", "broker"]


class UpstreamError(Exception):
    """An upstream did not do what it was asked.

    Attributes:
        upstream: which one.
        code: a short constant such as `rate_limit` or `http_503`; it becomes a metric label.
        detail: for a person; never a secret.
        spends_attempt: whether it uses up one of the message's attempts. Not while the upstream is known to be down.
    """

    def __init__(self, upstream: Upstream, code: str, detail: str = "") -> None:
        super().__init__(f"{upstream}: {code}{': ' if detail else ''}{detail}")
        self.upstream: Upstream = upstream
        self.code = code
        self.detail = detail
        self.spends_attempt = True


class TransientError(UpstreamError):
    """It was not done, and asking again may work: connection refused, 429, 503, deadlock.

    Attributes:
        retry_after: the time that the upstream asked for.
    """

    def __init__(
        self, upstream: Upstream, code: str, detail: str = "", *, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(upstream, code, detail)
        self.retry_after = retry_after


class CircuitOpenError(TransientError):
    """The upstream is known to be down: it was not asked.

    Attributes:
        circuit: which, as `stripe:main/live`.
    """

    def __init__(self, upstream: Upstream, circuit: str, *, retry_after: timedelta) -> None:
        super().__init__(upstream, "circuit_open", f"{circuit} is down, and was not asked", retry_after=retry_after)
        self.circuit = circuit
        self.spends_attempt = False


class HeldBackError(TransientError):
    """The upstream asked for a pause that is not over: it was not asked."""

    def __init__(self, upstream: Upstream, *, retry_after: timedelta) -> None:
        super().__init__(upstream, "held_back", "it asked for a pause", retry_after=retry_after)
        self.spends_attempt = False


class UnknownOutcomeError(TransientError):
    """It may have been done: a timeout or a cut after the request left, a 500. Same key again, or look first."""


class SpentKeyError(UnknownOutcomeError):
    """The key's first use ended in a failure that the upstream keeps and repeats for as long as it keeps the key.

    Look for what it was to make; where there is none, the deed needs another key.
    """


class UnauthorizedError(TransientError):
    """The credentials were refused. Nothing is wrong with the message: it waits until a person has mended them."""


class RefusedError(UpstreamError):
    """It was not done and never will be as asked: the message is parked.

    Attributes:
        field: the parameter that the upstream complains of, where it says so.
    """

    def __init__(self, upstream: Upstream, code: str, detail: str = "", *, field: str | None = None) -> None:
        super().__init__(upstream, code, detail)
        self.field = field


class NotFoundError(RefusedError):
    """The object is not there."""


class UnmappableError(Exception):
    """The message asks for something that cannot be expressed: it is parked at once, the rest flows on.

    Attributes:
        reason: a short constant for the metric label.
        field: the path of the field, for example `data.totals.total_due`.
    """

    def __init__(self, reason: str, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.reason = reason
        self.field = field
        self.detail = detail


class NotYetError(Exception):
    """Something that must come first has not come yet: the message waits on the ladder.

    Attributes:
        reason: a short constant for the metric label.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
