"""Cuts off those who send a request's head too slowly, which uvicorn by itself waits for without end."""

import asyncio
from datetime import timedelta

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


def with_head_deadline(patience: timedelta) -> type[H11Protocol]:
    """Uvicorn's protocol, with a limit on the time from a head's first byte (or the connection) to its last."""
    seconds = patience.total_seconds()

    class Deadline(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        @override
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
            super().connection_made(transport)
            self._deadline = self.loop.call_later(seconds, transport.close)

        @override
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            # It is None before the first request, whatever its annotation says.
            request: RequestResponseCycle | None = getattr(self, "cycle", None)
            if request is not None and not request.response_complete:
                self._clear()
            elif self._deadline is None:
                self._deadline = self.loop.call_later(seconds, self.transport.close)

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            self._clear()
            super().connection_lost(exc)

        def _clear(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Deadline
