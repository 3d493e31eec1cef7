"""Errors as problem details (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

CONTENT_TYPE = b"application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a request.

    Attributes:
        slug: names the kind of problem; `docs/bridge.md` explains each.
        detail: what is wrong here and what to do; nothing of secrets or bodies.
        headers: what the answer says besides its type.
        extra: members of their own, such as the field that is wrong.
    """

    status: int
    slug: str
    title: str
    detail: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str) -> bytes:
        """As `application/problem+json`, for the request to the path `instance`."""
        return orjson.dumps(
            {
                "type": f"urn:sidecar:problem:{self.slug}",
                "title": self.title,
                "status": self.status,
                "detail": self.detail,
                "instance": instance,
                **self.extra,
            },
        )


class ProblemError(Exception):
    """The request is answered with this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


CLOSE = (b"connection", b"close")
"""The rest of the body is not worth reading."""
RETRY_AFTER = (b"retry-after", b"5")
"""Seconds. Stripe goes by its own schedule; whoever stands between may not."""

UNKNOWN_ACCOUNT = Problem(
    404, "unknown-account", "Unknown account", "no account of this name is configured: check the address"
)
METHOD = Problem(405, "method", "Method not allowed", "Stripe sends POST", ((b"allow", b"POST"),))
TIMEOUT = Problem(408, "timeout", "Timed out", "the body took too long to come in", (CLOSE,))
CUT = Problem(400, "cut", "Cut off", "the request ended before its body")
MEDIA_TYPE = Problem(415, "media-type", "Unsupported media type", "the body has to be application/json")
INTERNAL = Problem(500, "internal", "Not taken", "something is wrong here, and the log says what: send it again")
BROKER = Problem(503, "broker", "Not taken", "the broker has not confirmed the event: send it again", (RETRY_AFTER,))


def too_large(limit: int) -> Problem:
    """The body has more than `limit` bytes."""
    return Problem(413, "size", "Too large", f"the body has more than {limit} bytes", (CLOSE,))


def bad_signature(reason: str, detail: str) -> Problem:
    """Stripe's libraries answer 400 to these too."""
    return Problem(400, f"signature-{reason}", "Bad signature", detail)


def bad_event(name: str, detail: str) -> Problem:
    """The signature is right and the event is not: `name` is the field that is wrong."""
    return Problem(400, "event", "Not an event of this account", f"{name}: {detail}", extra={"field": name})
