"""Looks at every connection and says what to do about what is wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from sidecar.errors import UpstreamError

Verdict = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: what was looked at.
        verdict: `failed` makes `sidecar doctor` exit with 1.
        detail: what was found; never a secret.
        remedy: what to do, where something is wrong.
    """

    check: str
    verdict: Verdict
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `look` may raise `UpstreamError`, which is a finding as well."""

    name: str
    look: Callable[[], Awaitable[Finding]]
    remedy: str


async def examine(checks: list[Check]) -> AsyncIterator[Finding]:
    """Look at each in turn; one that cannot be reached does not stop the others."""
    for check in checks:
        try:
            yield await check.look()
        except UpstreamError as error:
            yield Finding(check.name, "failed", str(error), check.remedy)
