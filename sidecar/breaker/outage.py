"""Which errors say that an upstream is down, which that it is there, and which say nothing of it."""

from typing import Final, Literal

from sidecar.errors import RefusedError, SpentKeyError, UnauthorizedError, UpstreamError

Verdict = Literal["down", "there", "nothing"]

_DOWN: Final = frozenset((
    "bad_address",
    "connect",
    "connection_lost",
    "http_408",
    "no_answer",
    "read_only",  # a database that fails over
    "schema_missing",  # a shop that is being updated
    "server_shutdown",
    "timeout",
    "tls",
    "too_many_connections",
    "unknown_database",
    "unreachable",
    "unreadable",
    "unreadable_answer",
))  # fmt: skip
_THERE: Final = frozenset(("http_409", "http_429", "idempotency_key_in_use", "rate_limit"))
"""It answers, only not now: that is the limiters' business."""


def verdict_on(error: UpstreamError) -> Verdict:
    """What the error says.

    A refusal is an answer, be it a declined card or a refused token. So is too many calls. A conflict over one object
    (a lock, a deadlock) and a failure that is only repeated to us say nothing of the upstream as a whole.
    """
    if isinstance(error, RefusedError | UnauthorizedError) or error.code in _THERE:
        return "there"
    if isinstance(error, SpentKeyError):
        return "nothing"
    return "down" if error.code in _DOWN or error.code.startswith("http_5") else "nothing"
