"""Errors as problem details (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a request.

    Attributes:
        slug: names the kind of problem; `docs/bridge.md` explains each.
        detail: what is wrong here and what to do; nothing of secrets or bodies.
        extra: members of their own, such as the field that is wrong.
    """

    status: int
    slug: str
    title: str
    detail: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str) -> bytes:
        """As `application/problem+json`."""
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
