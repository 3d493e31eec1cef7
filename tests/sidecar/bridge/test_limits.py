"""Nobody makes the bridge hold more, or wait longer, than it wants to; asked byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from starlette.types import Message

from sidecar.bridge.body import read_body
from sidecar.bridge.problem import ProblemError
from tests.fakes.publisher import MemoryPublisher
from tests.sidecar.bridge.conftest import LIMIT, Serve
from tests.sidecar.bridge.stripe_side import MINUTES_5, event_bytes, signature

PATIENCE = 20
HEAD = b"POST /webhooks/stripe/main HTTP/1.1\r\nHost: bridge\r\nContent-Type: application/json\r\n"


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(head.split()[1]), orjson.loads(await reader.readexactly(length))


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read(1) == b""
        except ConnectionResetError:
            return True


async def test_a_declared_5_mb_are_refused_before_any_of_them_has_come(serve: Serve) -> None:
    async with serve(MemoryPublisher()) as served, line_to(served.port) as (reader, writer):
        writer.write(HEAD + b"Content-Length: 5000000\r\n\r\n")
        status, problem = await answer(reader)
        assert (status, problem["type"]) == (413, "urn:sidecar:problem:size")
        assert await is_closed(reader)
        assert served.metric("requests_total", account="main", status="413") == 1


async def test_chunks_are_counted_as_they_come_and_refused_at_the_first_byte_too_many(serve: Serve) -> None:
    async with serve(MemoryPublisher()) as served, line_to(served.port) as (reader, writer):
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        writer.write(b"%x\r\n" % LIMIT + b"x" * LIMIT + b"\r\n")
        writer.write(b"1\r\nx\r\n")  # and no end
        status, _ = await answer(reader)
        assert status == 413


async def test_a_body_of_just_the_limit_is_read_to_its_end(serve: Serve) -> None:
    async with serve(MemoryPublisher()) as served, line_to(served.port) as (reader, writer):
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % LIMIT + b"x" * LIMIT)
        status, problem = await answer(reader)
        assert (status, problem["type"]) == (400, "urn:sidecar:problem:signature-missing")


async def test_a_body_longer_than_it_says_is_no_signed_one(serve: Serve) -> None:
    publisher, body = MemoryPublisher(), event_bytes()
    async with serve(publisher) as served, line_to(served.port) as (reader, writer):
        signed = f"Stripe-Signature: {signature(body)}\r\n".encode()
        writer.write(HEAD + signed + b"Content-Length: %d\r\n\r\n" % (len(body) - 10) + body)
        async with asyncio.timeout(PATIENCE):
            assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
    assert publisher.messages == []


async def test_a_body_that_trickles_is_given_up(serve: Serve) -> None:
    async with serve(MemoryPublisher(), body=0.05) as served, line_to(served.port) as (reader, writer):
        writer.write(HEAD + b"Content-Length: 100\r\n\r\n{")
        status, problem = await answer(reader)
        assert (status, problem["type"]) == (408, "urn:sidecar:problem:timeout")
        assert await is_closed(reader)


@pytest.mark.parametrize("sent", [b"", b"POST /webh", HEAD])
async def test_a_head_that_trickles_is_cut_off(serve: Serve, sent: bytes) -> None:
    async with serve(MemoryPublisher(), head=0.05) as served, line_to(served.port) as (reader, writer):
        writer.write(sent)
        assert await is_closed(reader)


async def test_also_the_second_head_on_a_connection(serve: Serve) -> None:
    async with serve(MemoryPublisher(), head=0.05) as served, line_to(served.port) as (reader, writer):
        writer.write(b"GET /webhooks/stripe/main HTTP/1.1\r\nHost: bridge\r\n\r\n")
        status, _ = await answer(reader)
        assert status == 405
        writer.write(b"POST /webh")
        assert await is_closed(reader)


async def test_who_waits_for_the_broker_is_not_cut_off(serve: Serve) -> None:
    publisher, body = MemoryPublisher(confirm=asyncio.Event()), event_bytes()
    async with serve(publisher, head=0.05, body=0.05) as served, line_to(served.port) as (reader, writer):
        signed = f"Stripe-Signature: {signature(body)}\r\n".encode()
        writer.write(HEAD + signed + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        async with asyncio.timeout(PATIENCE):
            await publisher.asked.wait()
            # Another one, that is cut off meanwhile, shows that the time is over.
            async with line_to(served.port) as (impatient, _):
                assert await is_closed(impatient)
        assert publisher.confirm is not None
        publisher.confirm.set()
        assert (await answer(reader))[0] == 200


async def test_a_connection_that_breaks_off_publishes_nothing(serve: Serve) -> None:
    publisher, body = MemoryPublisher(), event_bytes()
    async with serve(publisher) as served:
        async with line_to(served.port) as (_, writer):
            signed = f"Stripe-Signature: {signature(body)}\r\n".encode()
            writer.write(HEAD + signed + b"Content-Length: %d\r\n\r\n" % len(body) + body[:-5])
            await writer.drain()
        # It is served on, and by then the break has been seen.
        assert (await served.client.get("/healthz")).status_code == 200
    assert publisher.messages == []


class Flood:
    """A request's body that would never end; counts what is taken of it."""

    def __init__(self, chunk: int) -> None:
        self._chunk = b"x" * chunk
        self.taken = 0

    async def __call__(self) -> Message:
        self.taken += len(self._chunk)
        return {"type": "http.request", "body": self._chunk, "more_body": True}


@pytest.mark.parametrize("declared", [b"", b"10", b"nonsense", b"-1"])
async def test_no_more_than_the_limit_is_ever_held(declared: bytes) -> None:
    flood = Flood(65_536)
    with pytest.raises(ProblemError) as refused:
        await read_body(declared, flood, LIMIT, MINUTES_5)
    assert refused.value.problem.status == 413
    assert flood.taken == LIMIT + 65_536


@pytest.mark.parametrize("declared", [b"1048577", b"9" * 5000])
async def test_a_declared_flood_is_not_even_touched(declared: bytes) -> None:
    flood = Flood(1)
    with pytest.raises(ProblemError):
        await read_body(declared, flood, LIMIT, MINUTES_5)
    assert flood.taken == 0
