"""A line to a server that can be cut, slowed down or go dead, as lines do."""

import asyncio
import socket
import struct
from collections import deque
from contextlib import suppress
from typing import Self

from yarl import URL

DEFAULT_PORTS = {"amqp": 5672, "mysql": 3306}
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
"""`SO_LINGER` with no time: the peer reads a reset, not an end of file."""


class TcpProxy:
    """Stands between a client and a server, on a port of its own that it keeps for the whole of its life.

    `async with TcpProxy(url) as proxy:` and give `proxy.url` to the client. Whatever is done to the line holds for the
    connections that are open and for new ones, until `restore`.
    """

    def __init__(self, target: str, *others: str) -> None:
        """Prepare a line to the server at this URL; with others, each connection goes to the next that takes it."""
        self._target = URL(target)
        self._addresses = deque(_address(URL(each)) for each in (target, *others))
        # Bound and not listening: refuses connections, and nobody else is given the port while the line is cut.
        self._place = _bound(0)
        self._port: int = self._place.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._ended: set[asyncio.StreamWriter] = set()
        self._to_server = asyncio.Event()
        self._to_client = asyncio.Event()
        self._delay = 0.0
        self._at_once = asyncio.Event()

    @property
    def url(self) -> str:
        """The server's URL, through this line."""
        return str(self._target.with_host("127.0.0.1").with_port(self._port))

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._clients)

    async def __aenter__(self) -> Self:
        await self.restore()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.cut()
        self._place.close()

    async def cut(self) -> None:
        """Reset the connections that are open and refuse new ones: what a client sees of a restart."""
        if self._server is not None:
            self._server.close()
            self._server = None
        connections = list(self._connections)
        for end in self._ends:
            _reset(end)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def black_hole(self, *, answers_only: bool = False) -> None:
        """Keep connections, take new ones and let nothing through; it is held, and arrives after `restore`.

        Args:
            answers_only: what the client sends arrives and only the answers do not: the client cannot know what was
                done.
        """
        self._to_client.clear()
        if not answers_only:
            self._to_server.clear()

    def delay(self, seconds: float) -> None:
        """Let everything through this much later, each way."""
        self._delay = seconds
        self._at_once.clear()

    def half_close(self) -> None:
        """The clients that are connected read the end of the stream, while what they send is still taken."""
        for writer in self._clients:
            with suppress(OSError):
                writer.write_eof()
                self._ended.add(writer)

    async def restore(self) -> None:
        """Let everything through at once, and take connections on the same port as before."""
        self._at_once.set()
        self._to_server.set()
        self._to_client.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._connect, sock=_bound(self._port))

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # by `cut`; asyncio would print the trace of each
            await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        if connection is None:
            raise RuntimeError("a connection is served by a task")
        self._connections.add(connection)
        self._clients.add(writer)
        ends = {writer}
        self._ends |= ends
        try:
            far_reader, far_writer = await self._far_end()
            ends.add(far_writer)
            self._ends |= ends
            async with asyncio.TaskGroup() as both_ways:
                both_ways.create_task(self._forward(reader, far_writer, self._to_server))
                both_ways.create_task(self._forward(far_reader, writer, self._to_client))
        except* OSError:
            for end in ends:
                _reset(end)  # what one side lost, the other loses too
        finally:
            for end in ends:
                end.close()
            self._ends -= ends
            self._clients.discard(writer)
            self._ended.discard(writer)
            self._connections.discard(connection)

    async def _far_end(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        refusals = 0
        while True:
            address = self._addresses[0]
            self._addresses.rotate(-1)
            try:
                return await asyncio.open_connection(*address)
            except OSError:
                refusals += 1
                if refusals == len(self._addresses):
                    raise

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, open_: asyncio.Event) -> None:
        while data := await reader.read(65536):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._at_once.wait(), self._delay)
            await open_.wait()
            if writer not in self._ended:
                writer.write(data)
                await writer.drain()
        await open_.wait()
        if writer not in self._ended and writer.can_write_eof():
            writer.write_eof()


def _address(target: URL) -> tuple[str, int]:
    return target.host or "127.0.0.1", target.port or DEFAULT_PORTS[target.scheme]


def _reset(end: asyncio.StreamWriter) -> None:
    if not end.transport.is_closing():
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    end.transport.abort()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
