"""Delivery of events: signed, retried, and as disorderly as the settings say (docs.stripe.com/webhooks)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, Protocol

import aiohttp
import orjson

from sidecar.sandbox.stripe.config import Delivery
from sidecar.sandbox.stripe.events import Event, event_document
from sidecar.sandbox.stripe.ids import IdSource
from sidecar.sandbox.stripe.objects import WebhookEndpoint

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.account import Account

DeliveryDisorder = Literal["late", "duplicated", "reordered", "lost"]
_REMEMBERED = 10_000


def signature_header(body: bytes, secrets: Iterable[str], timestamp: int) -> str:
    """Sign a body: `t=…,v1=…`, one `v1` per secret (docs.stripe.com/webhooks#verify-manually)."""
    signed = b"%d.%b" % (timestamp, body)
    signatures = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])


class Transport(Protocol):
    """How a delivery leaves."""

    async def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:  # noqa: ASYNC109  # the settings' own value, applied by the client library
        """Send it and return the status. Raises `OSError`, `TimeoutError` or `aiohttp.ClientError`."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class HttpTransport:
    """Over HTTP, with connections kept open."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:  # noqa: ASYNC109  # as in the protocol
        """Send it."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(
            url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=timeout), allow_redirects=False
        ) as response:
            await response.read()
            return response.status

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


@dataclass
class DeliveryFault:
    """Something that shall go wrong with certain deliveries.

    Attributes:
        types: a pattern of event types, for example `payment_intent.*`.
        times: how often; without a number, until it is removed.
        seconds: for `late` and `reordered`, how long at most.
    """

    kind: DeliveryDisorder
    types: str = "*"
    times: int | None = 1
    seconds: float = 0.5


@dataclass(frozen=True)
class DeliveryAttempt:
    """What became of one try; status 0 stands for no answer, -1 for an event that was lost on purpose."""

    event: str
    type: str
    endpoint: str
    attempt: int
    status: int


class WebhookDelivery:
    """Delivers the events of all accounts.

    Args:
        config: retries, timeouts and shares of disorder.
        ids: where chance comes from.
        sign_at: the time that signatures carry: the receiver's, not the sandbox's.
    """

    def __init__(
        self,
        config: Delivery,
        ids: IdSource,
        *,
        transport: Transport | None = None,
        sign_at: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._ids = ids
        self._transport = transport or HttpTransport()
        self._sign_at = sign_at
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(config.in_flight)
        self._delivered: dict[str, asyncio.Event] = {}
        self.faults: list[DeliveryFault] = []
        self.attempts: deque[DeliveryAttempt] = deque(maxlen=_REMEMBERED)
        self.duplicates = 0

    def __call__(self, account: Account, event: Event) -> None:
        """Deliver to every endpoint that wants it."""
        endpoints = [endpoint for endpoint in account.webhook_endpoints if endpoint.wants(event.type)]
        event.pending_webhooks = len(endpoints)
        if not endpoints:
            return
        body = orjson.dumps(event_document(event), option=orjson.OPT_INDENT_2)
        for endpoint in endpoints:
            self.send(endpoint, event, body)

    def send(self, endpoint: WebhookEndpoint, event: Event, body: bytes) -> None:
        """Deliver to one endpoint, in the background."""
        disorder, seconds = self._disorder(event)
        if disorder == "lost":
            self.attempts.append(DeliveryAttempt(event.id, event.type, endpoint.id, 1, -1))
            return
        wait = self._ids.share() * seconds if disorder == "late" else 0
        self._start(
            self._deliver(endpoint, event, body, wait=wait, overtaken=seconds if disorder == "reordered" else 0)
        )
        if disorder == "duplicated":
            self.duplicates += 1
            self._start(self._deliver(endpoint, event, body, wait=0, overtaken=0))

    def _disorder(self, event: Event) -> tuple[DeliveryDisorder | None, float]:
        for fault in self.faults:
            if fnmatchcase(event.type, fault.types) and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                return fault.kind, fault.seconds
        config = self._config
        kinds: tuple[tuple[DeliveryDisorder, float], ...] = (
            ("late", config.late),
            ("duplicated", config.duplicated),
            ("reordered", config.reordered),
            ("lost", config.lost),
        )
        if not any(share for _, share in kinds):
            return None, 0
        chance = self._ids.share()
        for kind, share in kinds:
            if chance < share:
                return kind, config.disorder_seconds
            chance -= share
        return None, 0

    def _start(self, delivery: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(delivery)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, endpoint: WebhookEndpoint, event: Event, body: bytes, *, wait: float, overtaken: float
    ) -> None:
        if wait:
            await asyncio.sleep(wait)
        if overtaken:
            await self._until_overtaken(endpoint, overtaken)
        for number, delay in enumerate((0.0, *self._config.retry_after), start=1):
            if delay:
                await asyncio.sleep(delay)
            if endpoint.deleted:
                return
            status = await self._post(endpoint, body)
            self.attempts.append(DeliveryAttempt(event.id, event.type, endpoint.id, number, status))
            if 200 <= status < 300:  # noqa: PLR2004  # HTTP's own numbers
                event.pending_webhooks = max(0, event.pending_webhooks - 1)
                self._delivered.pop(endpoint.id, asyncio.Event()).set()
                return

    async def _until_overtaken(self, endpoint: WebhookEndpoint, seconds: float) -> None:
        next_one = self._delivered.setdefault(endpoint.id, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await next_one.wait()
        except TimeoutError:
            return

    async def _post(self, endpoint: WebhookEndpoint, body: bytes) -> int:
        async with self._slots:
            headers = {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signature_header(body, endpoint.secrets, int(self._sign_at())),
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            }
            try:
                return await self._transport.post(endpoint.url, body, headers, self._config.timeout)
            except (OSError, TimeoutError, aiohttp.ClientError):
                return 0

    @property
    def under_way(self) -> int:
        """Deliveries that are neither answered nor given up."""
        return len(self._tasks)

    async def settled(self) -> None:
        """Wait until nothing is under way any more, retries included."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def aclose(self) -> None:
        """Give up what is under way and close the connections."""
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._transport.aclose()
