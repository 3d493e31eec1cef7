"""Are events signed, delivered, retried, and mixed up when that is wanted?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import pytest
import stripe
from aiohttp import web
from typing_extensions import override

from sidecar.sandbox.stripe import AccountConfig, Delivery, DeliveryFault, StripeSandbox
from sidecar.sandbox.stripe.webhooks import Transport
from tests.sandbox.stripe.sdk import TEST_KEY, Time, call, paying, sandbox_config, sdk

NEW, OLD = "whsec_new", "whsec_old"


@dataclass
class Mailbox(Transport):
    """Takes deliveries, and answers what it is told to."""

    answers: Callable[[dict[str, Any]], int] = lambda _event: 200
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    @override
    async def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
        self.got.append((url, body, headers))
        return self.answers(orjson.loads(body))

    @override
    async def aclose(self) -> None:
        """Nothing is open."""

    @property
    def types(self) -> list[str]:
        return [orjson.loads(body)["type"] for _, body, _ in self.got]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def hooked(
    mailbox: Transport, *, events: tuple[str, ...] = ("*",), url: str = "http://hook", **delivery: object
) -> StripeSandbox:
    account = AccountConfig.model_validate(
        {
            "secret_keys": [TEST_KEY],
            "webhook_endpoints": [{"url": url, "secrets": [NEW, OLD], "enabled_events": events}],
        }
    )
    settings = {"retry_after": (0.001, 0.001)} | delivery
    config = sandbox_config(accounts={"main": account}, delivery=Delivery.model_validate(settings))
    return StripeSandbox(config, clock=Time(), transport=mailbox)


@pytest.fixture
async def sandbox(mailbox: Mailbox) -> AsyncIterator[StripeSandbox]:
    made = hooked(mailbox)
    yield made
    await made.delivery.aclose()


async def pay(sandbox: StripeSandbox, **changes: object) -> stripe.PaymentIntent:
    return cast(
        "stripe.PaymentIntent", await cast("Any", sdk(sandbox).v1.payment_intents).create_async(paying(**changes))
    )


async def test_each_secret_signs_the_raw_body(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert len(mailbox.got) == 3
    for url, body, headers in mailbox.got:
        assert url == "http://hook"
        for secret in (NEW, OLD):
            assert stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], secret, tolerance=300)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], "whsec_other")
        assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], NEW).object == "event"


async def test_what_is_delivered_is_what_is_listed(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    await pay(sandbox)
    await sandbox.delivery.settled()
    listed = {event.id: event.to_dict() for event in (await sdk(sandbox).v1.events.list_async()).data}
    delivered = {event["id"]: event for event in (orjson.loads(body) for _, body, _ in mailbox.got)}
    assert listed.keys() == delivered.keys()
    for identifier, event in delivered.items():
        assert listed[identifier]["pending_webhooks"] == 0
        assert event["pending_webhooks"] == 1
        assert event | {"pending_webhooks": 0} == listed[identifier]
    assert all(body.startswith(b'{\n  "id": "evt_') for _, body, _ in mailbox.got)


async def test_only_the_wanted_types_go_out(mailbox: Mailbox) -> None:
    sandbox = hooked(mailbox, events=("payment_intent.succeeded",))
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert mailbox.types == ["payment_intent.succeeded"]


async def test_a_failed_delivery_is_tried_again_then_given_up(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    refusals = iter([500, 0, 200, 503, 503, 503])
    mailbox.answers = lambda event: next(refusals) if event["type"].startswith("payment_intent") else 200
    await sdk(sandbox).v1.payment_intents.create_async({"amount": 1099, "currency": "usd"})
    await sandbox.delivery.settled()
    await sdk(sandbox).v1.payment_intents.create_async({"amount": 1099, "currency": "usd"})
    await sandbox.delivery.settled()
    assert [attempt.status for attempt in sandbox.delivery.attempts] == [500, 0, 200, 503, 503, 503]
    pending = {event.pending_webhooks for event in sandbox.accounts["main"].events}
    assert pending == {0, 1}
    undelivered = (await sdk(sandbox).v1.events.list_async({"delivery_success": False})).data
    assert [event.pending_webhooks for event in undelivered] == [1]


async def test_a_lost_event_is_still_listed(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    sandbox.delivery.faults.append(DeliveryFault("lost", types="payment_intent.*", times=None))
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert mailbox.types == ["charge.succeeded"]
    listed = [event.type for event in (await sdk(sandbox).v1.events.list_async()).data]
    assert listed == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]


async def test_a_duplicated_event_comes_twice_with_the_same_id(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    sandbox.delivery.faults.append(DeliveryFault("duplicated", types="payment_intent.succeeded"))
    await pay(sandbox)
    await sandbox.delivery.settled()
    twice = [body for _, body, _ in mailbox.got if orjson.loads(body)["type"] == "payment_intent.succeeded"]
    assert len(twice) == 2
    assert twice[0] == twice[1]
    assert sandbox.delivery.duplicates == 1


async def test_a_reordered_event_is_overtaken(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    sandbox.delivery.faults.append(DeliveryFault("reordered", types="payment_intent.created", seconds=30))
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert sorted(mailbox.types) == ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]
    assert mailbox.types[0] != "payment_intent.created"


async def test_a_late_event_comes_in_the_end(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    sandbox.delivery.faults.append(DeliveryFault("late", types="*", times=3, seconds=0.01))
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert len(mailbox.got) == 3


async def test_disorder_by_chance_loses_nothing_but_what_is_lost(mailbox: Mailbox) -> None:
    sandbox = hooked(mailbox, late=0.2, duplicated=0.3, reordered=0.2, lost=0.1, disorder_seconds=0.01)
    for _ in range(30):
        await pay(sandbox)
    await sandbox.delivery.settled()
    lost = [attempt.event for attempt in sandbox.delivery.attempts if attempt.status == -1]
    arrived = [orjson.loads(body)["id"] for _, body, _ in mailbox.got]
    everything = {event.id for event in sandbox.accounts["main"].events}
    assert everything - set(arrived) == set(lost)
    assert len(arrived) - len(set(arrived)) == sandbox.delivery.duplicates > 0
    assert lost


async def test_a_secret_is_rolled(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    endpoint = (await sdk(sandbox).v1.webhook_endpoints.list_async()).data[0].id

    async def control(action: str) -> list[str]:
        url = f"http://stripe.test/_sandbox/accounts/main/webhook_endpoints/{endpoint}/{action}"
        body, _, _ = await call(sandbox.app, "POST", url, {})
        return cast("list[str]", orjson.loads(body)["secrets"])

    newest, *_ = await control("roll_secret")
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert await control("drop_old_secrets") == [newest]
    await pay(sandbox)
    await sandbox.delivery.settled()
    for secret, valid in ((newest, [True] * 6), (OLD, [True] * 3 + [False] * 3)):
        assert [_verifies(body, headers, secret) for _, body, headers in mailbox.got] == valid


def _verifies(body: bytes, headers: dict[str, str], secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], secret))
    except stripe.SignatureVerificationError:
        return False


async def test_endpoints_are_made_changed_and_removed(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    endpoints = sdk(sandbox).v1.webhook_endpoints
    made = await endpoints.create_async({"url": "http://second", "enabled_events": ["charge.succeeded"]})
    assert made.secret is not None
    assert (await endpoints.retrieve_async(made.id)).to_dict().get("secret") is None
    await pay(sandbox)
    await sandbox.delivery.settled()
    mine = [(body, headers) for url, body, headers in mailbox.got if url == "http://second"]
    assert [_verifies(body, headers, made.secret) for body, headers in mine] == [True]
    await endpoints.delete_async(made.id)
    await pay(sandbox)
    await sandbox.delivery.settled()
    assert len([url for url, _, _ in mailbox.got if url == "http://second"]) == 1
    with pytest.raises(stripe.InvalidRequestError):
        await endpoints.create_async({"url": "second", "enabled_events": ["*"]})


async def test_an_event_is_sent_again_by_hand(sandbox: StripeSandbox, mailbox: Mailbox) -> None:
    await pay(sandbox)
    await sandbox.delivery.settled()
    event = orjson.loads(mailbox.got[0][1])["id"]
    await call(sandbox.app, "POST", f"http://stripe.test/_sandbox/accounts/main/events/{event}/resend", {})
    await sandbox.delivery.settled()
    assert orjson.loads(mailbox.got[-1][1])["id"] == event


async def test_over_http_too() -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        stripe.WebhookSignature.verify_header(body, request.headers["Stripe-Signature"], NEW, tolerance=300)
        arrived.put_nowait(orjson.loads(body)["type"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    config = sandbox_config(
        accounts={
            "main": AccountConfig.model_validate(
                {
                    "secret_keys": [TEST_KEY],
                    "webhook_endpoints": [{"url": f"http://127.0.0.1:{port}/hook", "secrets": [NEW]}],
                }
            )
        }
    )
    sandbox = StripeSandbox(config)
    await pay(sandbox)
    async with asyncio.timeout(10):
        types = {await arrived.get() for _ in range(3)}
    await sandbox.delivery.aclose()
    await runner.cleanup()
    assert types == {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"}
