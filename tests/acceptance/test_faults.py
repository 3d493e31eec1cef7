"""What Stripe and Magento do wrong, and what becomes of the order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from sidecar.sandbox.demo.stage import Plan, set_stage
from tests.acceptance.play import Play, playing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180), pytest.mark.xdist_group("faults")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def play(broker_url: str, store_server_url: str) -> AsyncIterator[Play]:
    plan = Plan(roles=("bridge", "run"), disorder=0, stripe_timeout=2)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as found:
        yield found


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/payment_intents"])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("timeout_after_commit", {"seconds": 3}),
        ("timeout_before", {"seconds": 3}),
        ("status", {"status": 500}),
        ("status_after_commit", {"status": 500}),
        ("status", {"status": 429}),
        ("status", {"status": 409}),
        ("cut_body", {}),
    ],
)
async def test_stripe_fails_once(play: Play, kind: str, fields: dict[str, int], path: str) -> None:
    await play.stripe_fails(kind, path, method="POST", **fields)
    order = await play.place()
    await play.paid(order)
    await play.agrees(order)
    assert len(await play.intents_of(order)) == 1


async def test_a_payment_method_that_stripe_does_not_know(play: Play) -> None:
    order = await play.place("pm_1NoSuchPaymentMethod")
    seen = await play.when(order, lambda order: order.payment_link is not None)
    assert seen.status == "payment_failed"
    assert seen.payment_link is not None
    assert seen.payment_link.reason == "payment_failed"
    assert seen.payment_link.url is not None
    assert await play.parked() == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "before", "status": 401},
        {"kind": "before", "status": 429, "retry_after": 1},
        {"kind": "before", "status": 500},
        {"kind": "after", "status": 500},
        {"kind": "before", "status": 503},
        {"kind": "slow", "seconds": 1.5},
    ],
)
async def test_magento_fails_once(play: Play, fault: dict[str, object]) -> None:
    await play.magento_fails("/capture", **fault)
    order = await play.place()
    await play.paid(order)
    await play.agrees(order)


async def test_an_event_a_hundred_times_at_once(play: Play) -> None:
    order = await play.place()
    await play.paid(order)
    events = [event async for event in play.stripe.list_events(datetime.now(UTC) - timedelta(hours=1))]
    own = [event.id for event in events if b'"magento_order_id":"%d"' % order in event.body.replace(b" ", b"")]
    assert own
    await asyncio.gather(*(play.in_dashboard("events", own[-1], "resend") for _ in range(100)))
    later = await play.place()
    await play.paid(later)
    await play.agrees(order, later)


async def test_a_partial_capture_holds_the_order(play: Play) -> None:
    order = await play.place(store_code="wholesale")
    authorized = await play.when(order, lambda seen: seen.state == "processing")
    (intent,) = await play.intents_of(order)
    assert authorized.invoices == 0
    await play.in_dashboard("payment_intents", intent.id, "capture", amount=100)
    held = await play.when(order, lambda seen: seen.state == "holded")
    assert held.invoices == 0


async def test_cancelling_releases_what_is_reserved(play: Play) -> None:
    order = await play.place(store_code="wholesale")
    await play.when(order, lambda seen: seen.state == "processing")
    await play.cancel_in_magento(order)
    await _eventually(play, order, {"canceled"})


async def test_cancelling_an_unpaid_order_closes_its_page(play: Play) -> None:
    order = await play.place(None)
    seen = await play.when(order, lambda found: found.payment_link is not None)
    assert seen.payment_link is not None
    await play.cancel_in_magento(order)
    await _eventually(play, order, {"canceled"})
    session = seen.payment_link.checkout_session_id or ""
    answer = await play.in_dashboard("checkout_sessions", session, "pay", card="4242424242424242")
    assert answer.is_error


async def test_a_payment_and_a_cancellation_at_once_keep_no_money_of_a_cancelled_order(play: Play) -> None:
    for _ in range(3):
        order = await play.place(None)
        seen = await play.when(order, lambda found: found.payment_link is not None)
        assert seen.payment_link is not None
        session = seen.payment_link.checkout_session_id or ""
        await asyncio.gather(
            play.cancel_in_magento(order),
            play.in_dashboard("checkout_sessions", session, "pay", card="4242424242424242"),
        )
        await _eventually_squared(play, order)


async def test_what_cannot_be_charged_is_parked_and_told(play: Play) -> None:
    before = await play.parked()
    await play.place(lines=[{"price": "0.20"}])
    await _until(lambda: _is_parked(play, before + 1))


async def _is_parked(play: Play, count: int) -> bool:
    return await play.parked() == count


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, for a minute at most."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110  # what is looked at is another process's
            await asyncio.sleep(0.1)


async def _eventually(play: Play, order: int, statuses: set[str]) -> None:
    async def hold() -> bool:
        return {intent.status for intent in await play.intents_of(order)} == statuses

    await _until(hold)


async def _eventually_squared(play: Play, order: int) -> None:
    """Either the order is paid, or it is cancelled and Stripe keeps none of its money."""

    async def squared() -> bool:
        seen = await play.when(order, lambda _: True)
        intents = await play.intents_of(order)
        kept = sum(each.amount_received - (each.charge.amount_refunded if each.charge else 0) for each in intents)
        if seen.state == "canceled":
            return not kept and all(intent.status in {"canceled", "succeeded"} for intent in intents)
        return seen.state == "processing" and seen.invoices == 1 and kept > 0

    await _until(squared)
