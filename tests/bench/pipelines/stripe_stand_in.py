"""A Stripe that costs next to nothing: recorded answers, Stripe's latency and, where wanted, Stripe's limits.

The sandbox is strict and stateful, and takes a millisecond of processor for a call: beside a consumer on two cores it
would be what is measured. Here each answer is one that the sandbox gave, with the ids put in.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import httptools
import orjson
from typing_extensions import override

from sidecar.sandbox.stripe.clock import SandboxClock
from sidecar.sandbox.stripe.config import RateLimits
from sidecar.sandbox.stripe.errors import StripeError
from sidecar.sandbox.stripe.rate_limit import RateLimiter

_ID = re.compile(rb"/(pi|cus|cs)_[A-Za-z0-9_]+")


@dataclass(slots=True)
class Latency:
    """How long an answer takes: log-normal with a long tail, as HTTP services of many parts do.

    Attributes:
        median: seconds; 0 answers at once.
        sigma: 0.4 puts one in a hundred at 2.5 medians.
        slow: the share of answers that take `slower` times as long.
    """

    median: float = 0.0
    sigma: float = 0.4
    slow: float = 0.01
    slower: float = 8.0
    rng: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # the same day each time

    def draw(self) -> float:
        if not self.median:
            return 0.0
        tail = self.slower if self.rng.random() < self.slow else 1.0
        return self.rng.lognormvariate(0, self.sigma) * self.median * tail


class Upstream:
    """Answers by method and path; `{n}` in an answer becomes the number in the path or in the idempotency key.

    Attributes:
        answers: bodies by `POST /v1/customers`, ids in the path replaced by `{id}`.
        accepted: when each call that was let in came, in seconds, by endpoint.
        refused: calls that were not.
        waited: seconds that calls of one key spent here, by the number in it.
    """

    def __init__(
        self, answers: dict[str, bytes], latency: Latency | None = None, limits: RateLimits | None = None
    ) -> None:
        self.answers = answers
        self.latency = latency or Latency()
        self.accepted: dict[str, list[float]] = {}
        self.refused = 0
        self.waited: dict[str, float] = {}
        self._limiter = None if limits is None else RateLimiter(limits, SandboxClock(), livemode=True)

    def answer(self, method: str, path: bytes, numbered: bytes) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of what is asked."""
        endpoint = f"{method} {_ID.sub(b'/{id}', path).decode()}"
        if self._limiter is not None:
            try:
                self._limiter.admit(endpoint)
            except StripeError as error:
                self.refused += 1
                headers = {"Stripe-Rate-Limited-Reason": error.rate_limited_reason or ""}
                return (
                    error.status,
                    orjson.dumps({"error": {"type": "invalid_request_error", "code": error.code}}),
                    headers,
                )
        self.accepted.setdefault(endpoint, []).append(time.monotonic())
        return 200, self.answers[endpoint].replace(b"{n}", numbered), {}


class _Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""
        self._key = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of a class of its own

    @override
    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url = self._key = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"idempotency-key":
            self._key = value

    def on_message_complete(self) -> None:
        path = self._url.partition(b"?")[0]
        numbered = _NUMBER.findall(self._key or path)
        number = numbered[-1] if numbered else b""
        status, body, headers = self._upstream.answer(self._parser.get_method().decode(), path, number)
        seconds = self._upstream.latency.draw()
        key = number.decode()
        self._upstream.waited[key] = self._upstream.waited.get(key, 0.0) + seconds
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._send, status, body, headers)
        else:
            self._send(status, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nRequest-Id: req_bench\r\n{lines}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


_NUMBER = re.compile(rb"[0-9]{9}")


@asynccontextmanager
async def answering(upstream: Upstream) -> AsyncIterator[str]:
    """Serve it on a free port; gives its address."""
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(upstream), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"
