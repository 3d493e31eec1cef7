"""A Magento's web server as a queue: a few PHP workers on fewer cores, a backlog, and shoppers who want them too."""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import httptools
from typing_extensions import override

WRITE_BACK = b'{"outcome":"applied","state":"processing","status":"processing","transaction_id":"pi_1"}'


@dataclass(slots=True)
class PhpFpm:
    """`pm.max_children` workers; a request that finds the backlog full gets nginx's 503 at once.

    Attributes:
        workers: PHP-FPM's children.
        cores: more workers than cores at work slow one another down.
        backlog: requests that may wait.
        median, sigma: seconds of work, log-normal.
        waits: seconds that each request spent, by who asked: `sidecar` or `shopper`.
        refused: likewise, how many were not taken.
    """

    workers: int = 6
    cores: int = 4
    backlog: int = 16
    median: float = 0.040
    sigma: float = 0.4
    rng: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311  # the same day each time
    busy: int = 0
    waits: dict[str, list[float]] = field(default_factory=lambda: {"sidecar": [], "shopper": []})
    refused: dict[str, int] = field(default_factory=lambda: {"sidecar": 0, "shopper": 0})
    _queue: deque[asyncio.Future[None]] = field(default_factory=deque)

    def forget(self) -> None:
        """Begin to count anew."""
        self.waits = {"sidecar": [], "shopper": []}
        self.refused = {"sidecar": 0, "shopper": 0}

    async def serve(self, who: str) -> bool:
        """Do one request's work; False: refused."""
        loop = asyncio.get_running_loop()
        came = loop.time()
        if self.busy >= self.workers:
            if len(self._queue) >= self.backlog:
                self.refused[who] += 1
                return False
            turn = loop.create_future()
            self._queue.append(turn)
            await turn
        else:
            self.busy += 1
        try:
            slowed = max(1.0, self.busy / self.cores)
            await asyncio.sleep(self.rng.lognormvariate(0, self.sigma) * self.median * slowed)
        finally:
            while self._queue:
                turn = self._queue.popleft()
                if not turn.done():  # nobody waits for it any more otherwise
                    turn.set_result(None)  # the worker goes on with the next
                    break
            else:
                self.busy -= 1
        self.waits[who].append(loop.time() - came)
        return True

    async def shoppers(self, a_second: float) -> None:
        """Shoppers' own requests, at random, for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await asyncio.sleep(self.rng.expovariate(a_second))
                tasks.create_task(self.serve("shopper"))


class _Connection(asyncio.Protocol):
    def __init__(self, server: PhpFpm, tasks: set[asyncio.Task[None]]) -> None:
        self._server = server
        self._tasks = tasks
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        task = asyncio.get_running_loop().create_task(self._answer())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self) -> None:
        served = await self._server.serve("sidecar")
        body, status = (WRITE_BACK, b"200 OK") if served else (b"<html>503</html>", b"503 Service Unavailable")
        if self._transport is not None:
            head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            self._transport.write(head + body)


@asynccontextmanager
async def serving(server: PhpFpm, shoppers: float) -> AsyncIterator[str]:
    """Serve it on a free port, with so many shoppers' requests a second; gives its address."""
    tasks: set[asyncio.Task[None]] = set()
    listening = await asyncio.get_running_loop().create_server(lambda: _Connection(server, tasks), "127.0.0.1", 0)
    shopping = asyncio.create_task(server.shoppers(shoppers)) if shoppers else None
    try:
        async with listening:
            host, port = listening.sockets[0].getsockname()
            yield f"http://{host}:{port}"
    finally:
        if shopping is not None:
            shopping.cancel()
        for task in tasks:
            task.cancel()
