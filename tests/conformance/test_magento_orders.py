"""What every Magento must answer: the one in memory, the REST adapter over the stand-in, the database adapter."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from schemas.ids import AccountAlias, ChargeId, CheckoutSessionId, Instance, MagentoOrderId, PaymentIntentId, StripeRef
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.adapters.magento_db.orders import MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_rest.authorization import OAuthCredentials
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest_orders
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.magento import Hold, MagentoOrders, PaymentDetails, PaymentFailure, PaymentLink
from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig, OAuthKeys
from tests.consumers.builders import an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

SHOP = Instance("shop")
OAUTH = OAuthKeys("key", "consumer-secret", "token", "token-secret")
STRIPE = StripeRef(account=AccountAlias("main"), mode="test")


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter, and the way to get orders into its Magento."""

    orders: MagentoOrders
    place: Callable[..., Awaitable[MagentoOrderId]]
    cancel: Callable[[MagentoOrderId], Awaitable[None]]
    hold: Callable[[MagentoOrderId], Awaitable[None]]
    release: Callable[[MagentoOrderId], Awaitable[None]]
    invoices: Callable[[MagentoOrderId], Awaitable[int]]
    captures: Callable[[MagentoOrderId], Awaitable[int]]
    invoicing: bool = True


@asynccontextmanager
async def fake(_: str) -> AsyncIterator[Subject]:
    magento = FakeMagento(SHOP)

    async def place(**fields: Any) -> MagentoOrderId:
        order = an_order(order_id=len(magento.orders) + 1, **fields)
        magento.place(order)
        return order.order_id

    async def cancel(order: MagentoOrderId) -> None:
        assert magento.cancel_in_magento(order)

    async def hold(order: MagentoOrderId) -> None:
        magento.hold_in_magento(order)

    async def release(order: MagentoOrderId) -> None:
        magento.release_in_magento(order)

    async def invoices(order: MagentoOrderId) -> int:
        return magento.orders[order].invoices

    async def captures(order: MagentoOrderId) -> int:
        return sum(kind == "capture" for kind, _ in magento.orders[order].done)

    yield Subject(magento, place, cancel, hold, release, invoices, captures)


@asynccontextmanager
async def stand_in(database_url: str, kind: str) -> AsyncIterator[Subject]:
    config = MagentoSandboxConfig(instance=SHOP, token="secret-token", database_url=database_url, oauth=OAUTH)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(create_app(config, MemoryPublisher())))
        admin = {"Authorization": "Bearer secret-token"}
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base, trust_env=False, timeout=30, headers=admin)
        )
        (await http.get("/_sandbox/orders")).raise_for_status()  # it has made its tables
        if kind == "db":
            orders: MagentoOrders = await stack.enter_async_context(
                open_db_orders(MagentoDbOptions(instance=SHOP, url=database_url))
            )
        else:
            oauth = OAuthCredentials("key", SecretStr("consumer-secret"), "token", SecretStr("token-secret"))
            credentials = SecretStr("secret-token") if kind == "bearer" else oauth
            options = MagentoRestOptions(instance=SHOP, base_url=base, credentials=credentials)
            orders = await stack.enter_async_context(open_rest_orders(options))

        async def place(*, total: str = "87.48", currency: str = "USD") -> MagentoOrderId:
            lines = [{"price": total if Decimal(total) else "5.00"}]
            discount = "0" if Decimal(total) else "5.00"
            body = {"lines": lines, "discount": discount, "currency": currency, "payment": {"method": "sidecar_stripe"}}
            answer = await http.post("/_sandbox/orders", json=body)
            return OrderPlacedV1.model_validate_json(answer.content).order_id

        async def cancel(order: MagentoOrderId) -> None:
            assert (await http.post(f"/_sandbox/orders/{order}/cancel")).json()["canceled"]

        async def hold(order: MagentoOrderId) -> None:
            (await http.post(f"/rest/V1/orders/{order}/hold")).raise_for_status()

        async def release(order: MagentoOrderId) -> None:
            (await http.post(f"/rest/V1/orders/{order}/unhold")).raise_for_status()

        async def count(order: MagentoOrderId, what: str) -> int:
            listed = (await http.get("/_sandbox/orders")).json()["orders"]
            return next(int(each[what]) for each in listed if each["order_id"] == order)

        yield Subject(
            orders,
            place,
            cancel,
            hold,
            release,
            invoices=partial(count, what="invoices"),
            captures=partial(count, what="captures"),
            invoicing=kind != "db",
        )


@pytest.fixture(params=["fake", "bearer", "oauth", "db"])
async def magento(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Subject]:
    opened = fake(database_url) if request.param == "fake" else stand_in(database_url, request.param)
    async with opened as subject:
        yield subject


def a_payment(intent: str = "pi_1", amount: str = "87.48", currency: str = "USD") -> PaymentDetails:
    return PaymentDetails(
        stripe=STRIPE,
        payment_intent_id=PaymentIntentId(intent),
        charge_id=ChargeId("ch_1"),
        amount=Decimal(amount),
        currency=currency,
        method_type="card",
        card_brand="visa",
        card_last4="4242",
        risk_level="normal",
        risk_score=12,
    )


def a_failure(number: int = 1) -> PaymentFailure:
    return PaymentFailure(
        payment_intent_id=PaymentIntentId("pi_1"),
        failure_id=f"ch_{number}",
        code="card_declined",
        decline_code="insufficient_funds",
        message="The card has insufficient funds.",
        retryable=True,
    )


def a_link(reason: Any = "unpaid", number: int = 1) -> PaymentLink:
    return PaymentLink(
        payment_intent_id=PaymentIntentId("pi_1"),
        checkout_session_id=CheckoutSessionId(f"cs_{number}"),
        url=f"https://checkout.example/{number}",
        client_secret=SecretStr("pi_1_secret_2"),
        reason=reason,
    )


async def test_an_order_is_read_exactly(magento: Subject) -> None:
    order = await magento.orders.read_order(await magento.place(total="87.48"))
    assert (order.grand_total, order.currency, order.state) == (Decimal("87.48"), "USD", "pending_payment")
    assert order.payment_method == "sidecar_stripe"


async def test_a_capture_pays_once_however_often_it_is_asked_for(magento: Subject) -> None:
    order = await magento.place()
    first = await magento.orders.record_capture(order, a_payment())
    second = await magento.orders.record_capture(order, a_payment())
    assert (first.outcome, second.outcome) == ("applied", "already_applied")
    seen = await magento.orders.read_order(order)
    assert (seen.state, seen.total_paid, seen.last_transaction_id) == ("processing", Decimal("87.48"), "pi_1")
    assert await magento.invoices(order) == int(magento.invoicing)


async def test_fifty_captures_at_once_make_one(magento: Subject) -> None:
    order = await magento.place()
    answers = await asyncio.gather(*(magento.orders.record_capture(order, a_payment()) for _ in range(50)))
    outcomes = [answer.outcome for answer in answers]
    assert (outcomes.count("applied"), outcomes.count("already_applied")) == (1, 49)
    assert await magento.invoices(order) == int(magento.invoicing)
    assert await magento.captures(order) == 1


async def test_an_authorisation_is_captured_later(magento: Subject) -> None:
    order = await magento.place()
    reserved = await magento.orders.record_authorization(order, a_payment())
    assert (reserved.outcome, reserved.state) == ("applied", "processing")
    assert await magento.invoices(order) == 0
    assert (await magento.orders.record_authorization(order, a_payment())).outcome == "already_applied"
    assert (await magento.orders.record_capture(order, a_payment())).outcome == "applied"
    assert await magento.invoices(order) == int(magento.invoicing)


async def test_another_payment_of_a_paid_order_is_not_taken(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_capture(order, a_payment("pi_1"))
    assert (await magento.orders.record_capture(order, a_payment("pi_2"))).outcome == "not_payable"


async def test_a_cancelled_order_takes_nothing(magento: Subject) -> None:
    order = await magento.place()
    await magento.cancel(order)
    orders = magento.orders
    assert (await orders.record_capture(order, a_payment())).outcome == "order_canceled"
    assert (await orders.record_authorization(order, a_payment())).outcome == "order_canceled"
    assert (await orders.record_payment_failure(order, a_failure())).outcome == "order_canceled"
    assert (await orders.record_payment_link(order, a_link())).outcome == "order_canceled"


async def test_a_failure_is_followed_by_success(magento: Subject) -> None:
    order = await magento.place()
    failed = await magento.orders.record_payment_failure(order, a_failure())
    assert (failed.outcome, failed.status) == ("applied", "payment_failed")
    assert (await magento.orders.record_payment_failure(order, a_failure())).outcome == "already_applied"
    assert (await magento.orders.record_payment_failure(order, a_failure(2))).outcome == "applied"
    assert (await magento.orders.record_capture(order, a_payment())).outcome == "applied"
    assert (await magento.orders.record_payment_failure(order, a_failure(3))).outcome == "not_payable"
    assert (await magento.orders.read_order(order)).status == "processing"


async def test_a_link_that_asks_for_action_puts_the_status_back(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_payment_failure(order, a_failure())
    assert (await magento.orders.record_payment_link(order, a_link())).outcome == "applied"
    assert (await magento.orders.read_order(order)).status == "payment_failed"
    assert (await magento.orders.record_payment_link(order, a_link("action_required"))).outcome == "applied"
    assert (await magento.orders.read_order(order)).status == "pending_payment"


async def test_a_call_for_action_that_is_repeated_late_changes_nothing(magento: Subject) -> None:
    order = await magento.place()
    assert (await magento.orders.record_payment_link(order, a_link("action_required"))).outcome == "applied"
    assert (await magento.orders.record_payment_link(order, a_link("payment_failed", 2))).outcome == "applied"
    assert (await magento.orders.record_payment_failure(order, a_failure())).outcome == "applied"
    late = await magento.orders.record_payment_link(order, a_link("action_required"))
    assert (late.outcome, late.status) == ("already_applied", "payment_failed")


def a_hold() -> Hold:
    return Hold(payment_intent_id=PaymentIntentId("pi_1"), reason="amount_mismatch", message="1 of 2 was paid")


async def test_a_hold_stops_the_order(magento: Subject) -> None:
    order = await magento.place()
    assert (await magento.orders.hold_order(order, a_hold())).outcome == "applied"
    assert (await magento.orders.hold_order(order, a_hold())).outcome == "already_applied"
    assert (await magento.orders.read_order(order)).state == "holded"
    await magento.release(order)
    assert (await magento.orders.hold_order(order, a_hold())).outcome == "already_applied"
    assert (await magento.orders.read_order(order)).status == "pending_payment"


async def test_a_paid_order_can_be_held_and_a_cancelled_one_cannot(magento: Subject) -> None:
    paid, canceled = await magento.place(), await magento.place()
    await magento.orders.record_capture(paid, a_payment())
    assert (await magento.orders.hold_order(paid, a_hold())).outcome == "applied"
    await magento.cancel(canceled)
    assert (await magento.orders.hold_order(canceled, a_hold())).outcome == "order_canceled"


async def test_a_held_order_takes_its_payment_and_stays_held(magento: Subject) -> None:
    order = await magento.place()
    await magento.hold(order)
    taken = await magento.orders.record_capture(order, a_payment())
    assert (taken.outcome, taken.state) == ("applied", "holded")
    assert (await magento.orders.record_capture(order, a_payment())).outcome == "already_applied"
    assert (await magento.orders.read_order(order)).total_paid == Decimal("87.48")
    await magento.release(order)
    assert (await magento.orders.read_order(order)).state == "processing"
    assert await magento.invoices(order) == int(magento.invoicing)


async def test_a_held_order_keeps_its_status_while_attempts_fail(magento: Subject) -> None:
    order = await magento.place()
    await magento.hold(order)
    assert (await magento.orders.record_payment_failure(order, a_failure())).outcome == "not_payable"
    assert (await magento.orders.record_payment_link(order, a_link())).outcome == "not_payable"
    assert (await magento.orders.read_order(order)).status == "holded"


@pytest.mark.parametrize(("amount", "currency"), [("87.47", "USD"), ("87.4801", "USD"), ("87.48", "EUR")])
async def test_a_payment_of_something_else_is_refused(magento: Subject, amount: str, currency: str) -> None:
    order = await magento.place()
    for call in (magento.orders.record_authorization, magento.orders.record_capture):
        with pytest.raises(RefusedError):
            await call(order, a_payment(amount=amount, currency=currency))
    seen = await magento.orders.read_order(order)
    assert (seen.state, seen.total_paid, await magento.captures(order)) == ("pending_payment", Decimal(0), 0)


async def test_what_is_answered_again_is_the_state_of_now(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_payment_failure(order, a_failure())
    await magento.orders.record_capture(order, a_payment())
    again = await magento.orders.record_payment_failure(order, a_failure())
    assert (again.outcome, again.state, again.status) == ("already_applied", "processing", "processing")


async def test_a_zero_total_goes_on_once(magento: Subject) -> None:
    order = await magento.place(total="0.00")
    assert (await magento.orders.accept_without_payment(order)).outcome == "applied"
    assert (await magento.orders.accept_without_payment(order)).outcome == "already_applied"
    assert (await magento.orders.read_order(order)).state == "processing"
    assert await magento.invoices(order) == int(magento.invoicing)


async def test_a_zero_total_waits_while_it_is_held(magento: Subject) -> None:
    order = await magento.place(total="0.00")
    await magento.hold(order)
    with pytest.raises(RefusedError):
        await magento.orders.accept_without_payment(order)
    await magento.release(order)
    assert (await magento.orders.accept_without_payment(order)).outcome == "applied"


async def test_a_zero_total_that_was_cancelled_stays_cancelled(magento: Subject) -> None:
    order = await magento.place(total="0.00")
    await magento.cancel(order)
    assert (await magento.orders.accept_without_payment(order)).outcome == "order_canceled"
    assert (await magento.orders.read_order(order)).state == "canceled"


async def test_a_comment_leaves_the_status(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_payment_failure(order, a_failure())
    await magento.orders.add_comment(order, "hello")
    assert (await magento.orders.read_order(order)).status == "payment_failed"


async def test_an_order_that_is_not_there(magento: Subject) -> None:
    for call in (
        magento.orders.read_order(MagentoOrderId(999_999)),
        magento.orders.record_capture(MagentoOrderId(999_999), a_payment()),
        magento.orders.add_comment(MagentoOrderId(999_999), "hello"),
    ):
        with pytest.raises(NotFoundError):
            await call


async def test_cancelling_and_reopening(magento: Subject) -> None:
    order = await magento.place()
    orders = magento.orders
    if not magento.invoicing:
        with pytest.raises(RefusedError, match="rest"):
            await orders.cancel_order(order, "late")
        with pytest.raises(RefusedError, match="rest"):
            await orders.reopen_order(order, PaymentIntentId("pi_1"))
        return
    assert (await orders.cancel_order(order, "late")).outcome == "applied"
    assert (await orders.cancel_order(order, "late")).outcome == "already_applied"
    reopened = await orders.reopen_order(order, PaymentIntentId("pi_1"))
    assert (reopened.outcome, reopened.state) == ("applied", "pending_payment")
    assert (await orders.reopen_order(order, PaymentIntentId("pi_1"))).outcome == "already_applied"
    assert (await orders.record_capture(order, a_payment())).outcome == "applied"
    assert (await orders.cancel_order(order, "late")).outcome == "not_payable"


async def test_reopening_is_done_once_for_a_payment(magento: Subject) -> None:
    order = await magento.place()
    await magento.cancel(order)
    if not magento.invoicing:
        with pytest.raises(RefusedError, match="rest"):
            await magento.orders.reopen_order(order, PaymentIntentId("pi_1"))
        return
    assert (await magento.orders.reopen_order(order, PaymentIntentId("pi_1"))).outcome == "applied"
    await magento.cancel(order)
    again = await magento.orders.reopen_order(order, PaymentIntentId("pi_1"))
    assert (again.outcome, again.state) == ("already_applied", "canceled")
    assert (await magento.orders.record_capture(order, a_payment())).outcome == "order_canceled"


async def test_a_reserved_order_can_be_cancelled(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_authorization(order, a_payment())
    if not magento.invoicing:
        with pytest.raises(RefusedError, match="rest"):
            await magento.orders.cancel_order(order, "the reservation ran out")
        return
    assert (await magento.orders.cancel_order(order, "the reservation ran out")).outcome == "applied"
    assert (await magento.orders.record_capture(order, a_payment())).outcome == "order_canceled"


async def test_a_held_order_is_not_cancelled(magento: Subject) -> None:
    order = await magento.place()
    await magento.hold(order)
    if magento.invoicing:
        assert (await magento.orders.cancel_order(order, "late")).outcome == "not_payable"
    else:
        with pytest.raises(RefusedError, match="rest"):
            await magento.orders.cancel_order(order, "late")
    assert (await magento.orders.read_order(order)).state == "holded"


async def test_cancelling_a_paid_order_is_not_possible(magento: Subject) -> None:
    order = await magento.place()
    await magento.orders.record_capture(order, a_payment())
    assert (await magento.orders.cancel_order(order, "late")).outcome == "not_payable"
