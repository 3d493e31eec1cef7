"""Sends a response's head and body in one write: uvicorn hands them over one by one, and uvloop sends each at once.

A write is a call of the kernel that wakes the client; half a response is not worth either.
"""

import asyncio
from typing import Any, cast

from typing_extensions import override


def with_one_write(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """The protocol, over such a transport."""

    class OverOneWrite(protocol):  # type: ignore[misc, valid-type]  # a class of uvicorn's, known at run time only
        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            # uvicorn asks its transport for what it does, not for its class.
            super().connection_made(cast("asyncio.Transport", OneWrite(cast("asyncio.Transport", transport))))

    return OverOneWrite


class OneWrite:
    """A transport whose writes within one turn of the event loop leave together; everything else is the transport's."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send this at the end of the turn, behind what is held already."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a transport has
        return getattr(self._transport, name)
