"""A contestant in a process of its own: a server that is put under load, or the floor, which loads itself.

`python -m tests.bench.bridge.contestant NAME BROKER_URL PREFIX` is that process; it ends with its standard input.
"""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop
from pydantic import BaseModel, ConfigDict

from tests.bench.bridge.floor import confirming
from tests.bench.bridge.load import Send, connected, flat_out, paced
from tests.bench.bridge.servers import SERVERS
from tests.bench.bridge.webhooks import request

FLOOR = "aio-pika's confirm"


class Load(BaseModel):
    """What is asked of a contestant in a turn.

    Attributes:
        size: bytes of an event, about.
        seconds: for how long.
        rate: requests a second; None for as many as there is room for.
    """

    model_config = ConfigDict(frozen=True)

    connections: int
    size: int
    seconds: float
    rate: int | None = None


class Turn(BaseModel):
    """How it went.

    Attributes:
        rate: answers a second.
        processor: microseconds of the contestant's process for each answer; of the floor's, with the load in them.
        p50: milliseconds from when it was due to the answer, where there was a rate to keep.
        p99: the same.
    """

    model_config = ConfigDict(frozen=True)

    rate: float
    processor: float
    p50: float = 0.0
    p99: float = 0.0


class Contestant:
    """The process, as the benchmark sees it."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self._process = process
        self._port = 0

    async def ready(self) -> None:
        """Wait until it can be asked."""
        self._port = int(await self._line())

    async def turn(self, load: Load) -> Turn:
        """Put it under load."""
        if self.name == FLOOR:
            assert self._process.stdin is not None
            self._process.stdin.write(load.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()
            return Turn.model_validate_json(await self._line())
        requests = [request(self._port, number, load.size) for number in range(load.connections)]
        async with connected(self._port, requests) as sends:
            return await _measure(sends, load, lambda: _processor_of(self._process.pid))

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        if not line:
            raise RuntimeError(f"{self.name} has ended")
        return line


@asynccontextmanager
async def contestants(names: Sequence[str], broker_url: str, prefix: str) -> AsyncIterator[dict[str, Contestant]]:
    """Each of them, ready."""
    here = [sys.executable, "-m", "tests.bench.bridge.contestant"]
    pipe = subprocess.PIPE
    processes = {
        name: subprocess.Popen([*here, name, broker_url, prefix], stdin=pipe, stdout=pipe)  # noqa: ASYNC220, S603  # ours
        for name in names
    }
    try:
        found = {name: Contestant(name, process) for name, process in processes.items()}
        for contestant in found.values():
            await contestant.ready()
        yield found
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


async def _measure(sends: Sequence[Send], load: Load, processor: Callable[[], float]) -> Turn:
    before, begin = processor(), time.perf_counter()
    if load.rate is None:
        rate = await flat_out(sends, load.seconds)
        spent = processor() - before
        return Turn(rate=rate, processor=spent / (rate * (time.perf_counter() - begin)) * 1e6)
    times = await paced(sends, load.rate, load.seconds)
    spent = processor() - before
    return Turn(
        rate=len(times) / (time.perf_counter() - begin),
        processor=spent / len(times) * 1e6,
        p50=times[len(times) // 2],
        p99=times[len(times) * 99 // 100],
    )


def _processor_of(pid: int) -> float:
    """Seconds that a process has used so far; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _serve(name: str, broker_url: str, prefix: str) -> None:
    async with SERVERS[name](broker_url, prefix) as port:
        _tell(str(port))
        await asyncio.to_thread(sys.stdin.read)


async def _confirm(broker_url: str, prefix: str) -> None:
    _tell("0")
    while line := await asyncio.to_thread(sys.stdin.readline):
        load = Load.model_validate_json(line)
        async with confirming(broker_url, prefix, load.connections, load.size) as sends:
            _tell((await _measure(sends, load, _own_processor)).model_dump_json())


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _name, _broker_url, _prefix = sys.argv[1:]
    uvloop.run(_confirm(_broker_url, _prefix) if _name == FLOOR else _serve(_name, _broker_url, _prefix))
