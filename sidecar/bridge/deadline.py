"""Cuts off those who send a request's head too slowly, which uvicorn by itself waits for without end."""

import asyncio
from datetime import timedelta
from typing import Protocol

from typing_extensions import override
from uvicorn.protocols.http.auto import AutoHTTPProtocol


class _Request(Protocol):
    response_complete: bool


def with_head_deadline(patience: timedelta) -> type[asyncio.Protocol]:
    """Uvicorn's protocol, with a limit on the time from a head's first byte (or the connection) to its last.

    It is the one over httptools where that is installed, else the one over h11; both keep the request that they are at
    in `cycle`, from its head's last byte on.
    """
    seconds = patience.total_seconds()

    class Deadline(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which one it is is known at run time only
        _deadline: asyncio.TimerHandle | None = None

        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self._deadline = asyncio.get_running_loop().call_later(seconds, transport.close)

        @override
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            request: _Request | None = self.cycle
            if request is not None and not request.response_complete:
                self._clear()
            elif self._deadline is None:
                self._deadline = asyncio.get_running_loop().call_later(seconds, self.transport.close)

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            self._clear()
            super().connection_lost(exc)

        def _clear(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Deadline
