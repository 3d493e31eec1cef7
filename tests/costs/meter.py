"""Counts at the drivers what this process says to the world, and how many calls Python makes for it.

None of it depends on the machine or on what else runs there: a statement more is a statement more everywhere.
"""

import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any
from unittest import mock

import aiohttp
import aiomysql
import aiormq
import httpx


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        store: the statements that the sidecar's own database was sent; `BEGIN` and `COMMIT` are two.
        magento: the statements or requests that Magento was sent.
        stripe: the requests that Stripe was sent.
        broker: the publishes and acknowledgements that the broker was sent.
        said: the bytes of all these.
        calls: the calls that Python made, of functions and of C; a coroutine that goes on counts as one.
        peak: the most bytes that were allocated at once beyond those before; 0 if that was not asked for.
    """

    store: list[str] = field(default_factory=list)
    magento: list[str] = field(default_factory=list)
    stripe: list[str] = field(default_factory=list)
    broker: list[str] = field(default_factory=list)
    said: int = 0
    calls: int = 0
    peak: int = 0

    def listed(self, measure: str) -> list[str] | None:
        """What was counted, one by one, where that was kept."""
        said = {"store": self.store, "magento": self.magento, "stripe": self.stripe, "broker": self.broker}
        return said.get(measure)

    def numbers(self) -> dict[str, int]:
        """By measure, in the order of the budget's file."""
        return {
            "store": len(self.store),
            "magento": len(self.magento),
            "stripe": len(self.stripe),
            "broker": len(self.broker),
            "said": self.said,
            "calls": self.calls,
            "peak": self.peak,
        }


class Meter:
    """Counts while it is `measuring`; one at a time, for whatever the process does then."""

    def __init__(self, store: str, stripe_url: str) -> None:
        """Whatever is not said to this database or to this address, or to a broker, is said to Magento.

        Args:
            store: the name of the sidecar's database.
            stripe_url: where Stripe is.
        """
        self._store = store
        self._stripe_url = stripe_url

    @contextmanager
    def measuring(self, *, memory: bool) -> Iterator[Tally]:
        """Count into the tally for as long as the block runs: the peak, or the calls, as each would count the other."""
        tally = Tally()
        with self._listening(tally), _peak(tally) if memory else _calls(tally):
            yield tally

    @contextmanager
    def _listening(self, tally: Tally) -> Iterator[None]:
        command = aiomysql.Connection._execute_command  # noqa: SLF001  # every statement passes here, and nowhere else
        request, send = aiohttp.ClientSession._request, httpx.AsyncClient.send  # noqa: SLF001  # same
        publish, ack = aiormq.Channel.basic_publish, aiormq.Channel.basic_ack

        async def on_command(connection: Any, number: int, statement: str | bytes) -> Any:
            sent = statement.encode() if isinstance(statement, str) else statement
            tally.said += len(sent)
            (tally.store if connection.db == self._store else tally.magento).append(sent.decode(errors="replace"))
            return await command(connection, number, statement)

        async def on_request(session: Any, method: str, url: Any, **more: Any) -> Any:
            tally.said += len(str(url)) + len(more.get("data") or b"")
            where = tally.stripe if str(url).startswith(self._stripe_url) else tally.magento
            where.append(f"{method.upper()} {url}")
            return await request(session, method, url, **more)

        async def on_send(client: Any, asked: httpx.Request, **more: Any) -> Any:
            tally.said += len(str(asked.url)) + len(asked.content)
            tally.magento.append(f"{asked.method} {asked.url}")
            return await send(client, asked, **more)

        async def on_publish(channel: Any, body: bytes, **more: Any) -> Any:
            tally.said += len(body)
            tally.broker.append(f"publish {more.get('exchange')} {more.get('routing_key')}")
            return await publish(channel, body, **more)

        async def on_ack(channel: Any, *arguments: Any, **more: Any) -> Any:
            tally.broker.append("ack")
            return await ack(channel, *arguments, **more)

        with (
            mock.patch.object(aiomysql.Connection, "_execute_command", on_command),
            mock.patch.object(aiohttp.ClientSession, "_request", on_request),
            mock.patch.object(httpx.AsyncClient, "send", on_send),
            mock.patch.object(aiormq.Channel, "basic_publish", on_publish),
            mock.patch.object(aiormq.Channel, "basic_ack", on_ack),
        ):
            yield


@contextmanager
def _calls(tally: Tally) -> Iterator[None]:
    calls = 0

    def on_event(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        if event in ("call", "c_call"):
            calls += 1

    sys.setprofile(on_event)
    try:
        yield
    finally:
        sys.setprofile(None)
        tally.calls = calls


@contextmanager
def _peak(tally: Tally) -> Iterator[None]:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield
    finally:
        tally.peak = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()


def least(tallies: Sequence[Tally]) -> Tally:
    """What was said, and the least of calls and peaks: what the machine adds to them is never less than nothing."""
    return replace(
        tallies[0],
        calls=min(tally.calls for tally in tallies if tally.calls),
        peak=min(tally.peak for tally in tallies if tally.peak),
    )
