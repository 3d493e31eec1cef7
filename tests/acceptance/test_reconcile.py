"""What was lost on the way is found, and mended by the usual effects."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry

from sidecar.compose import open_ports
from sidecar.discovery import order_consumers
from sidecar.observability.metrics import Metrics
from sidecar.reconcile.each import reconcile_each
from sidecar.reconcile.reconcile import Report
from sidecar.sandbox.demo.people import OrderSeen
from sidecar.sandbox.demo.stage import STRIPE_KEY, Plan, Stage, set_stage
from sidecar.settings.load import load_settings
from tests.acceptance import damage
from tests.acceptance.play import Play, playing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180), pytest.mark.xdist_group("reconcile")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def play(broker_url: str, store_server_url: str) -> AsyncIterator[Play]:
    plan = Plan(roles=("run",), disorder=0)  # no bridge: a late webhook would mend what is to be found
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as found:
        yield found


async def reconcile(stage: Stage, *, repair: bool = False) -> Report:
    """What `sidecar reconcile orders` does."""
    async with open_ports(load_settings(stage.config)) as ports:
        (report,) = await reconcile_each(
            ports,
            ports.books,
            list(ports.payments),
            datetime.now(UTC) - timedelta(days=1),
            consumers=order_consumers(),
            observer=Metrics(CollectorRegistry()),
            repair=repair,
            grace=timedelta(0),
        )
        return report


async def unpaid(play: Play) -> int:
    """An order that shows a way to pay."""
    order = await play.place(None)
    await play.when(order, lambda seen: seen.payment_link is not None)
    return order


async def paid(play: Play) -> int:
    order = await play.place()
    await play.paid(order)
    return order


async def reserved(play: Play) -> int:
    order = await play.place(store_code="wholesale")
    await play.when(order, lambda seen: seen.state == "processing")
    return order


async def paid_by_hand(play: Play) -> int:
    """Somebody makes a second payment for the order in Stripe, and pays it."""
    order = await paid(play)
    answer = await play.http.post(
        f"{play.stage.stripe_url}/v1/payment_intents",
        data={
            "amount": "3998", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true",
            "return_url": "http://127.0.0.1/back", "metadata[magento_instance]": "main",
            "metadata[magento_order_id]": str(order),
        },
        headers={"Authorization": f"Bearer {STRIPE_KEY}"},
    )  # fmt: skip
    answer.raise_for_status()
    return order


async def is_paid(play: Play, order: int) -> None:
    await play.paid(order)
    await play.agrees(order)


async def is_reserved(play: Play, order: int) -> None:
    await play.when(order, lambda seen: seen.state == "processing" and not seen.invoices)
    assert [intent.status for intent in await play.intents_of(order)] == ["requires_capture"]


async def cannot_be_paid(play: Play, order: int) -> None:
    assert {intent.status for intent in await play.intents_of(order)} == {"canceled"}


async def is_given_back(play: Play, order: int) -> None:
    for intent in await play.intents_of(order):
        assert sum(refund.amount for refund in await play.stripe.find_refunds(intent.id, {})) == intent.amount


async def can_be_paid(play: Play, order: int) -> None:
    await play.when(order, lambda seen: seen.payment_link is not None and seen.state == "pending_payment")
    assert len(await play.intents_of(order)) == 1


async def is_paid_once(play: Play, order: int) -> None:
    kept = [
        intent.amount - sum(refund.amount for refund in await play.stripe.find_refunds(intent.id, {}))
        for intent in await play.intents_of(order)
    ]
    assert sorted(kept) == [0, 3998]


async def refunded_in_magento(play: Play) -> int:
    """Half of it goes back by a credit memo, and Magento shows that it did."""
    order = await paid(play)
    await credit_memo(play, order)
    await play.when(order, all_refunded)
    return order


async def refunded_in_stripe(play: Play) -> int:
    """Somebody gives money back in the dashboard; no webhook tells of it."""
    order = await paid(play)
    (intent,) = await play.intents_of(order)
    await play.in_dashboard("payment_intents", intent.id, "refund", amount=1000)
    return order


async def memo_without_event(play: Play) -> int:
    """A credit memo whose event is held back."""
    order = await paid(play)
    await credit_memo(play, order, held=True)
    return order


async def credit_memo(play: Play, order: int, *, held: bool = False) -> None:
    body = {"items": [{"sku": "TEE-RED-M", "qty": "1"}], "held": held}
    answer = await play.http.post(f"{play.stage.magento_url}/_sandbox/orders/{order}/creditmemos", json=body)
    assert answer.is_success, answer.text


def all_refunded(seen: OrderSeen) -> bool:
    return bool(seen.creditmemos) and {memo.state for memo in seen.creditmemos} == {"refunded"}


async def refunds_and_memos_agree(play: Play, order: int) -> None:
    (intent,) = await play.intents_of(order)
    refunds = await play.stripe.find_refunds(intent.id, {})
    seen = await play.when(order, all_refunded)
    assert sum(refund.amount for refund in refunds) == int(Decimal(seen.total_refunded or 0) * 100)
    assert [memo.refunds for memo in seen.creditmemos] == [{refund.id: "succeeded"} for refund in refunds]


Step = Callable[[Play, int], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    prepare: Callable[[Play], Awaitable[int]]
    harm: Callable[[Stage, int], Awaitable[None]] | None
    expect: Step


DRIFTS = {
    "Magento lost a payment": Case(paid, damage.magento_forgets_the_payment, is_paid),
    "Magento lost a reservation": Case(reserved, damage.magento_forgets_the_payment, is_reserved),
    "cancelled without an event, unpaid": Case(unpaid, damage.magento_cancels_silently, cannot_be_paid),
    "cancelled without an event, paid": Case(paid, damage.magento_cancels_silently, is_given_back),
    "the sidecar lost a payment": Case(paid, damage.sidecar_forgets_the_payment, is_paid),
    "the sidecar lost an unpaid order": Case(unpaid, damage.sidecar_forgets_the_order, can_be_paid),
    "the sidecar lost a paid order": Case(paid, damage.sidecar_forgets_the_order, is_paid),
    "an effect was left open": Case(paid, damage.sidecar_dies_in_an_effect, is_paid),
    "refunded in Stripe without an event": Case(refunded_in_stripe, None, refunds_and_memos_agree),
    "a credit memo without an event": Case(memo_without_event, None, refunds_and_memos_agree),
    "the sidecar lost what went back": Case(
        refunded_in_magento, damage.sidecar_forgets_refunds, refunds_and_memos_agree
    ),
    "Magento lost that the money went back": Case(
        refunded_in_magento, damage.magento_forgets_that_the_money_went_back, refunds_and_memos_agree
    ),
    "paid a second time by hand": Case(paid_by_hand, None, is_paid_once),
}


async def test_what_stands_as_it_should_is_no_drift_and_the_command_says_so(play: Play) -> None:
    for make in (paid, unpaid, reserved):
        await make(play)
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sidecar", "reconcile", "orders", "--json", "--grace", "0s",
        env=os.environ | {"SIDECAR_CONFIG": str(play.stage.config)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await running.communicate()
    assert running.returncode == 0, said.decode()
    found = json.loads(printed)
    assert (found["checked"], found["drift"], found["orders"]) == (3, 0, [])


@pytest.mark.parametrize("case", DRIFTS.values(), ids=DRIFTS)
async def test_a_drift_is_found_and_mended(play: Play, case: Case) -> None:
    order = await case.prepare(play)
    if case.harm is not None:
        await case.harm(play.stage, order)
    found = await reconcile(play.stage)
    assert [(each.order.order_id, each.ending) for each in found.orders] == [(order, "found")]
    mended = await reconcile(play.stage, repair=True)
    assert {each.ending for each in mended.orders} <= {"repaired", "asked"}, mended.orders
    async with asyncio.timeout(60):
        while (await reconcile(play.stage)).open:  # what Magento was asked to publish again is on its way
            pass
    await case.expect(play, order)
