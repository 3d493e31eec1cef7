"""Failures on request: what the real API does on a bad day."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from sidecar.sandbox.stripe.errors import ErrorType, StripeError
from sidecar.sandbox.stripe.rate_limit import lock_timeout, rate_limited

FaultKind = Literal[
    "status",
    "status_after_commit",
    "lock_timeout",
    "timeout_before",
    "timeout_after_commit",
    "cut_body",
    "latency",
]
_TOO_MANY = 429
_CONFLICT = 409
_SERVER_ERROR = 500


@dataclass
class Fault:
    """A failure that waits for its request.

    Attributes:
        kind: `status` answers with `status` and executes nothing; `status_after_commit` executes and then answers so,
            which is kept under the idempotency key; `timeout_before` and `timeout_after_commit` never answer;
            `cut_body` executes and breaks off in the middle of the answer; `latency` takes `seconds` longer, with the
            idempotency key in use meanwhile.
        method: or `*`.
        path: a pattern such as `/v1/payment_intents/*/confirm`.
        times: how often; without a number, until it is removed.
        skip: how many matching requests go well before.
        seconds: for `latency`; for timeouts, when the gateway gives up with a 504 if the client has not before.
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    skip: int = 0
    status: int = 500
    seconds: float = 60.0

    def strikes(self, method: str, path: str) -> bool:
        """Whether it is this request's turn; counts it."""
        if self.times == 0 or self.method not in {"*", method} or not fnmatchcase(path, self.path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def error(self) -> StripeError:
        """What it answers."""
        if self.kind == "lock_timeout":
            return lock_timeout()
        if self.status == _TOO_MANY:
            return rate_limited("global-rate")
        kind: ErrorType = "api_error" if self.status >= _SERVER_ERROR else "invalid_request_error"
        if self.status == _CONFLICT:
            return StripeError(
                409, "Another request changed this object at the same time.", type="invalid_request_error", saved=False
            )
        return StripeError(
            self.status,
            "An unknown error occurred. Please contact support if the problem persists.",
            type=kind,
            saved=self.kind == "status_after_commit",
        )


class Faults:
    """Those that are waiting, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Ask for one."""
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """Those that can still strike."""
        return tuple(fault for fault in self._waiting if fault.times != 0)

    def strike(self, method: str, path: str) -> Fault | None:
        """The one that this request meets, if any."""
        if not self._waiting:
            return None
        return next((fault for fault in self._waiting if fault.strikes(method, path)), None)
