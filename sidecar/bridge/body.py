"""Takes a request's body in, and never more of it than is allowed."""

import asyncio
from datetime import timedelta

from starlette.types import Receive

from sidecar.bridge.problem import CUT, TIMEOUT, ProblemError, too_large

MAX_DIGITS = 15
"""Of a length; Python refuses to read numbers without end."""


async def read_body(declared: bytes, receive: Receive, limit: int, patience: timedelta) -> bytes:
    """Return the whole body.

    Args:
        declared: the header Content-Length, if there is one. A true one saves the reading; a false one gains nothing,
            since the bytes are counted as they come.
        limit: more bytes than these are refused, at the first one too many.
        patience: how long it may take.

    Raises:
        ProblemError: 413, 408, or 400 when it is cut off.
    """
    if declared.isdigit() and (len(declared) > MAX_DIGITS or int(declared) > limit):
        raise ProblemError(too_large(limit))
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await _read(receive, limit)
    except TimeoutError:
        raise ProblemError(TIMEOUT) from None


async def _read(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ProblemError(CUT)
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise ProblemError(too_large(limit))
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)
