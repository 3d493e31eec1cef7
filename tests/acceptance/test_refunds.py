"""Refunds over real processes: several at once, failing upstreams, and what comes twice, late and out of order."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio

from sidecar.sandbox.demo.stage import Plan, set_stage
from tests.acceptance.play import Play, playing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180), pytest.mark.xdist_group("refunds")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def play(broker_url: str, store_server_url: str) -> AsyncIterator[Play]:
    plan = Plan(roles=("bridge", "run"), disorder=0.4, stripe_timeout=2)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as found:
        yield found


async def a_paid_order(play: Play, **fields: object) -> int:
    order = await play.place(**fields)  # type: ignore[arg-type]  # whatever the checkout takes
    await play.paid(order)
    return order


async def ended(play: Play, order: int, *states: str) -> None:
    """When Magento's memos are in these states, each with as many refunds as it has money to wait for."""
    await play.when(
        order,
        lambda seen: (
            [memo.state for memo in seen.creditmemos] == list(states)
            and all(memo.refunds or memo.state == "open" for memo in seen.creditmemos)
        ),
    )
    await play.agrees(order)


async def test_memos_and_refunds_of_equal_amounts_at_once_are_each_their_own(play: Play) -> None:
    order = await a_paid_order(play, lines=[{"price": "10.00", "qty": 8}])
    await asyncio.gather(
        *(play.refund_in_magento(order, qty=1) for _ in range(3)),
        *(play.refund_in_dashboard(order, 1000) for _ in range(3)),
    )
    await ended(play, order, *["refunded"] * 6)
    seen = await play.when(order, lambda _: True)
    assert Decimal(seen.total_refunded or 0) == Decimal("60.00")
    assert len({refund for memo in seen.creditmemos for refund in memo.refunds}) == 6


@pytest.mark.parametrize(
    ("currency", "rate", "price", "cents"),
    [("EUR", "0.9137", "33.33", 3333), ("JPY", "150.25", "1480", 1480), ("KWD", "0.3070", "10.250", 10250)],
)
async def test_any_currency_goes_back_to_the_last_unit(
    play: Play, currency: str, rate: str, price: str, cents: int
) -> None:
    shipping, more = {"EUR": ("0.01", 1), "JPY": ("1", 1), "KWD": ("0.010", 10)}[currency]
    order = await a_paid_order(
        play, lines=[{"price": price, "qty": 2}], shipping=shipping, currency=currency, rate=rate
    )
    await play.refund_in_dashboard(order, cents)
    await ended(play, order, "refunded")
    await play.refund_in_magento(order)
    await ended(play, order, "refunded", "refunded")
    seen = await play.when(order, lambda found: found.state == "closed")
    assert seen.total_refunded == seen.grand_total
    refunded = [refund.amount for refund in await play.refunds() if refund.currency == currency.lower()]
    assert sorted(refunded) == [cents, cents + more]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("timeout_after_commit", {"seconds": 3}),
        ("timeout_before", {"seconds": 3}),
        ("status_after_commit", {"status": 500}),
        ("status", {"status": 429}),
        ("status", {"status": 409}),
        ("cut_body", {}),
    ],
)
async def test_stripe_fails_once_and_the_money_goes_back_once(play: Play, kind: str, fields: dict[str, int]) -> None:
    order = await a_paid_order(play)
    await play.stripe_fails(kind, "/v1/refunds", method="POST", **fields)
    await play.refund_in_magento(order, qty=1)
    await ended(play, order, "refunded")


@pytest.mark.parametrize("path", ["/sidecar/refunds", "/refund"])
@pytest.mark.parametrize(
    "fault", [{"kind": "before", "status": 503}, {"kind": "after", "status": 500}, {"kind": "cut"}]
)
async def test_magento_fails_once_and_each_refund_has_one_memo(play: Play, path: str, fault: dict[str, object]) -> None:
    order = await a_paid_order(play)
    await play.magento_fails(path, **fault)
    if path == "/sidecar/refunds":
        await play.refund_in_dashboard(order, 1999)
    else:
        await play.refund_in_magento(order, qty=1)
    await ended(play, order, "refunded")


async def test_a_refund_that_fails_opens_its_memo_and_another_closes_it(play: Play) -> None:
    order = await a_paid_order(play, payment_method="pm_card_pendingRefund")
    await play.refund_in_magento(order, qty=1)
    seen = await play.when(order, lambda found: any(memo.refunds for memo in found.creditmemos))
    (refund,) = seen.creditmemos[0].refunds
    (await play.in_dashboard("refunds", refund, "settle", status="failed")).raise_for_status()
    await play.when(order, lambda found: found.creditmemos[0].refunds[refund] == "failed")
    await ended(play, order, "open")
    await play.refund_in_dashboard(order, 1999)
    seen = await play.when(order, lambda found: len(found.creditmemos[0].refunds) == 2)
    (second,) = set(seen.creditmemos[0].refunds) - {refund}
    (await play.in_dashboard("refunds", second, "settle", status="succeeded")).raise_for_status()
    await ended(play, order, "refunded")


async def test_a_disputed_payment_refuses_and_nothing_is_parked(play: Play) -> None:
    order = await a_paid_order(play, payment_method="pm_card_createDispute")
    await play.refund_in_magento(order, qty=1)
    await play.when(
        order, lambda found: any("charge_disputed" in line for memo in found.creditmemos for line in memo.comments)
    )
    await ended(play, order, "open")
    assert await play.parked() == 0


async def test_offline_memos_move_no_money(play: Play) -> None:
    order = await a_paid_order(play)
    await play.refund_in_magento(order, qty=1, offline=True)
    later = await a_paid_order(play)
    await play.refund_in_magento(later, qty=1)
    await ended(play, later, "refunded")
    (intent,) = await play.intents_of(order)
    assert await play.stripe.find_refunds(intent.id, {}) == ()
