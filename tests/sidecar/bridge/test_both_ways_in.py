"""What Stripe's stand-in delivers by webhook and what it lists afterwards come onto the broker as the same messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import orjson
from pydantic import SecretStr
from typing_extensions import override

from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.catalog import Exchange
from schemas.ids import PaymentMethodId
from schemas.money import Money
from sidecar.adapters.stripe.accounts import open_accounts
from sidecar.adapters.stripe.options import StripeAccountOptions, stripe_limits
from sidecar.bridge.catch_up import CatchUp, CatchUpReport
from sidecar.ports.payments import IdempotencyKey, NewPaymentIntent, Payments
from sidecar.sandbox.stripe import AccountConfig, StripeSandbox, StripeSandboxConfig
from sidecar.sandbox.stripe.config import WebhookTarget
from sidecar.sandbox.stripe.serving import listening
from sidecar.system_clock import SystemClock
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.sidecar.bridge.conftest import Serve
from tests.sidecar.bridge.stripe_side import MAIN, SECRET

PATIENCE = 20
KEY = SecretStr("sk_test_bothways")


class WatchedPublisher(MemoryPublisher):
    """Tells when it has got enough."""

    def __init__(self) -> None:
        super().__init__()
        self._grown = asyncio.Condition()

    @override
    async def publish(
        self,
        exchange: Exchange,
        routing_key: str,
        body: bytes,
        *,
        message_id: str,
        message_type: str,
        traceparent: str | None = None,
    ) -> None:
        await super().publish(
            exchange,
            routing_key,
            body,
            message_id=message_id,
            message_type=message_type,
            traceparent=traceparent,
        )
        async with self._grown:
            self._grown.notify_all()

    async def has(self, ids: set[str]) -> None:
        async with asyncio.timeout(PATIENCE), self._grown:
            await self._grown.wait_for(lambda: ids <= {message.message_id for message in self.messages})


@asynccontextmanager
async def stripe_with_webhook(port: int) -> AsyncIterator[Payments]:
    target = WebhookTarget(url=f"http://127.0.0.1:{port}/webhooks/stripe/main", secrets=(SecretStr(SECRET),))
    config = StripeSandboxConfig(accounts={"main": AccountConfig(secret_keys=(KEY,), webhook_endpoints=(target,))})
    async with listening(StripeSandbox(config)) as url:
        limits = stripe_limits("test", per_second=10_000, endpoint_per_second=10_000)
        options = StripeAccountOptions(ref=MAIN, secret_key=KEY, limits=limits, base_url=url)
        async with open_accounts([options], SystemClock()) as accounts:
            yield accounts[MAIN]


async def pay(payments: Payments) -> None:
    new = NewPaymentIntent(
        amount=Money(minor_units=8748, currency="USD"),
        customer=None,
        payment_method=PaymentMethodId("pm_card_visa"),
        return_url="https://shop.example/return",
        capture_method="automatic",
        description="Order 000000042",
        metadata={},
    )
    await payments.create_payment_intent(new, key=IdempotencyKey("both-ways"))


async def look_back(payments: Payments, publisher: MemoryPublisher, store: MemoryStore) -> CatchUpReport:
    look = CatchUp(payments, publisher, store, SystemClock(), overlap=timedelta(minutes=10), consumers=(STRIPE_EVENTS,))
    return await look.run()


async def test_webhooks_and_the_look_back_say_the_same(serve: Serve) -> None:
    by_webhook, by_list, store = WatchedPublisher(), MemoryPublisher(), MemoryStore()
    async with serve(by_webhook, clock=SystemClock()) as served, stripe_with_webhook(served.port) as payments:
        await pay(payments)
        report = await look_back(payments, by_list, store)
        listed = {message.message_id: message for message in by_list.messages}
        assert report.published == len(listed) >= 3
        await by_webhook.has(set(listed))
        for message in by_webhook.messages:
            twin = listed[message.message_id]
            assert (message.exchange, message.routing_key) == (twin.exchange, twin.routing_key)
            assert _without_trace(message.body) == _without_trace(twin.body)

        for message in by_webhook.messages:
            await store.inbox.mark_done("stripe-events", "/stripe/main/test", message.message_id, datetime.now(UTC))
        again = await look_back(payments, by_list, store)
        assert (again.listed, again.missed) == (len(listed), 0)


def _without_trace(body: bytes) -> dict[str, object]:
    envelope: dict[str, object] = orjson.loads(body)
    del envelope["traceparent"]
    # How many deliveries are still under way is another number at another time.
    data = envelope["data"]
    assert isinstance(data, dict)
    data.pop("pending_webhooks")
    return envelope
