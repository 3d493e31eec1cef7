"""The load: as much as goes, or so many a second. Lean, since it shares the cores with what it measures."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from typing_extensions import override

Send = Callable[[], Awaitable[object]]
"""Asks once, and returns with the answer; not to be called again before that."""


async def flat_out(sends: Sequence[Send], seconds: float) -> float:
    """Answers a second while each of them always asks."""
    done = 0
    begin = time.perf_counter()
    end = begin + seconds

    async def keep(send: Send) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await send()
            done += 1

    await asyncio.gather(*map(keep, sends))
    return done / (time.perf_counter() - begin)


async def paced(sends: Sequence[Send], rate: int, seconds: float) -> list[float]:
    """Milliseconds from when each was due to be asked to its answer, sorted: the wait for a free line is part of it."""
    taken: list[float] = []
    idle: asyncio.Queue[Send] = asyncio.Queue()
    for send in sends:
        idle.put_nowait(send)
    begin = time.perf_counter()

    async def ask(due: float) -> None:
        send = await idle.get()
        await send()
        taken.append((time.perf_counter() - due) * 1000)
        idle.put_nowait(send)

    async with asyncio.TaskGroup() as tasks:
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(ask(due))
    return sorted(taken)


@asynccontextmanager
async def connected(port: int, requests: Sequence[bytes]) -> AsyncIterator[list[Send]]:
    """A connection over HTTP/1.1 for each of the requests, which it asks again and again."""
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        sends: list[Send] = []
        for request in requests:
            line = _Line(request)
            await loop.create_connection(lambda line=line: line, "127.0.0.1", port)  # type: ignore[misc]  # a factory
            stack.callback(line.close)
            sends.append(line.send)
        yield sends


class _Line(asyncio.Protocol):
    def __init__(self, request: bytes) -> None:
        self._request = request
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[None] | None = None
        self._received = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own class, which is not registered as one of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        # All answers end with a flat JSON object, and no header has a brace.
        if self._answer is None or not self._received.endswith(b"}"):
            return
        answer, received = self._answer, self._received
        self._answer, self._received = None, b""
        if received.startswith(b"HTTP/1.1 200 "):
            answer.set_result(None)
        else:
            answer.set_exception(RuntimeError(received.decode()))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None:
            self._answer.set_exception(exc or ConnectionResetError("the server has closed the connection"))

    async def send(self) -> None:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(self._request)
        await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
