"""What every Magento must answer about refunds: the one in memory, and the REST adapter over the stand-in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from schemas.envelope import CloudEvent
from schemas.ids import (
    AccountAlias,
    Instance,
    MagentoCreditmemoId,
    MagentoOrderId,
    PaymentIntentId,
    RefundId,
    StripeRef,
)
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.adapters.magento_db.orders import MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest_orders
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.magento import CreditmemoRefund, MagentoOrders, PaymentDetails, ReturnedItem, StripeRefund
from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from tests.consumers.builders import an_order
from tests.consumers.refund_builders import with_lines
from tests.fakes.magento import FakeMagento
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

SHOP = Instance("shop")
STRIPE = StripeRef(account=AccountAlias("main"), mode="test")
LINES = (("TEE", "19.99", 2), ("MUG", "7.50", 3))
TOTAL = Decimal("87.48")
TEE, MUG = 0, 1


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter, and the merchant in front of its Magento.

    Attributes:
        place: a paid order of two lines and shipping; gives its id and its items'.
        refund: makes an online credit memo of this many of each line, or of all that is left.
        state: of a credit memo.
        events: the credit memo events that Magento has written down.
    """

    orders: MagentoOrders
    place: Callable[[], Awaitable[tuple[MagentoOrderId, list[int]]]]
    refund: Callable[..., Awaitable[MagentoCreditmemoId]]
    state: Callable[[MagentoOrderId, MagentoCreditmemoId], Awaitable[str]]
    events: Callable[[], Awaitable[list[CreditmemoCreatedV1]]]


@asynccontextmanager
async def fake(_: str) -> AsyncIterator[Subject]:
    magento = FakeMagento(SHOP)

    async def place() -> tuple[MagentoOrderId, list[int]]:
        order = with_lines(an_order(order_id=len(magento.orders) + 1), LINES, shipping="25.00")
        magento.place(order)
        await pay(magento, order.order_id)
        return order.order_id, [item.item_id for item in order.items]

    async def refund(order: MagentoOrderId, chosen: dict[int, str] | None = None) -> MagentoCreditmemoId:
        shipping = None if chosen is None else "0"
        return magento.refund_in_magento(order, chosen, shipping=shipping).creditmemo_id

    async def state(_: MagentoOrderId, memo: MagentoCreditmemoId) -> str:
        return magento.memo(memo).state

    async def events() -> list[CreditmemoCreatedV1]:
        return magento.creditmemo_events

    yield Subject(magento, place, refund, state, events)


@asynccontextmanager
async def stand_in(database_url: str) -> AsyncIterator[Subject]:
    config = MagentoSandboxConfig(instance=SHOP, token="secret-token", database_url=database_url)
    publisher = MemoryPublisher()
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(create_app(config, publisher)))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=base, trust_env=False, timeout=30))
        options = MagentoRestOptions(instance=SHOP, base_url=base, credentials=SecretStr("secret-token"))
        orders = await stack.enter_async_context(open_rest_orders(options))

        async def place() -> tuple[MagentoOrderId, list[int]]:
            lines = [{"sku": sku, "price": price, "qty": qty} for sku, price, qty in LINES]
            body = {"lines": lines, "shipping": "25.00", "payment": {"method": "sidecar_stripe"}}
            placed = OrderPlacedV1.model_validate_json((await http.post("/_sandbox/orders", json=body)).content)
            await pay(orders, placed.order_id)
            return placed.order_id, [item.item_id for item in placed.items]

        async def refund(order: MagentoOrderId, chosen: dict[int, str] | None = None) -> MagentoCreditmemoId:
            body: dict[str, Any] = {}
            if chosen is not None:
                items = [{"order_item_id": item, "qty": qty} for item, qty in chosen.items()]
                body = {"items": items, "shipping_amount": "0"}
            answer = await http.post(f"/_sandbox/orders/{order}/creditmemos", json=body)
            return MagentoCreditmemoId(answer.raise_for_status().json()["creditmemo_id"])

        async def state(order: MagentoOrderId, memo: MagentoCreditmemoId) -> str:
            listed = (await http.get("/_sandbox/orders")).json()["orders"]
            memos = next(each["creditmemos"] for each in listed if each["order_id"] == order)
            return next(str(each["state"]) for each in memos if each["creditmemo_id"] == memo)

        async def events() -> list[CreditmemoCreatedV1]:
            async with asyncio.timeout(10):
                while True:
                    if not (await http.get("/_sandbox/outbox")).json()["waiting"]:
                        break
                    await asyncio.sleep(0.02)
            kind = CreditmemoCreatedV1.TYPE
            bodies = [each.body for each in publisher.messages if each.message_type == kind]
            return [CloudEvent[CreditmemoCreatedV1].model_validate_json(body).data for body in bodies]

        yield Subject(orders, place, refund, state, events)


async def pay(orders: MagentoOrders, order: MagentoOrderId) -> None:
    details = PaymentDetails(
        stripe=STRIPE, payment_intent_id=PaymentIntentId(f"pi_{order}"), amount=TOTAL, currency="USD"
    )
    assert (await orders.record_capture(order, details)).outcome == "applied"


@pytest.fixture(params=["fake", "rest"])
async def magento(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Subject]:
    opened = fake(database_url) if request.param == "fake" else stand_in(database_url)
    async with opened as subject:
        yield subject


def a_refund(number: int, amount: str, lines: Any = "amount", **fields: Any) -> StripeRefund:
    known: dict[str, Any] = {
        "stripe": STRIPE,
        "payment_intent_id": "pi_1",
        "refund_id": f"re_{number}",
        "charge_id": "ch_1",
        "amount": amount,
        "currency": "USD",
        "status": "succeeded",
        "lines": lines,
    }
    return StripeRefund.model_validate(known | fields)


def a_report(number: int | None, amount: str, status: Any, **fields: Any) -> CreditmemoRefund:
    bad = {"code": "expired_or_canceled_card", "message": "No."} if status in {"failed", "canceled", "refused"} else {}
    known: dict[str, Any] = {
        "stripe": STRIPE,
        "refund_id": None if number is None else f"re_{number}",
        "amount": amount,
        "currency": "USD",
        "status": status,
    }
    return CreditmemoRefund.model_validate(known | bad | fields)


async def test_a_refund_makes_one_memo_however_often_it_is_told(magento: Subject) -> None:
    order, _ = await magento.place()
    first = await magento.orders.record_refund(order, a_refund(1, "1.23"))
    again = await magento.orders.record_refund(order, a_refund(1, "1.23"))
    assert (first.outcome, first.creditmemo_state, again.outcome) == ("applied", "refunded", "already_applied")
    assert again.creditmemo_id == first.creditmemo_id
    assert (await magento.orders.read_order(order)).total_refunded == Decimal("1.23")
    (event,) = await magento.events()
    assert (event.stripe_refund, event.offline, event.totals.grand_total) == (RefundId("re_1"), True, Decimal("1.23"))


async def test_fifty_at_once_make_one(magento: Subject) -> None:
    order, _ = await magento.place()
    answers = await asyncio.gather(*(magento.orders.record_refund(order, a_refund(1, "1.23")) for _ in range(50)))
    outcomes = [answer.outcome for answer in answers]
    assert (outcomes.count("applied"), outcomes.count("already_applied")) == (1, 49)
    assert len(await magento.events()) == 1


async def test_two_of_equal_amount_make_two(magento: Subject) -> None:
    order, _ = await magento.place()
    first = await magento.orders.record_refund(order, a_refund(1, "1.23"))
    second = await magento.orders.record_refund(order, a_refund(2, "1.23"))
    assert (first.outcome, second.outcome) == ("applied", "applied")
    assert first.creditmemo_id != second.creditmemo_id
    assert (await magento.orders.read_order(order)).total_refunded == Decimal("2.46")


async def test_the_whole_closes_the_order(magento: Subject) -> None:
    order, _ = await magento.place()
    answer = await magento.orders.record_refund(order, a_refund(1, "87.48", "whole"))
    assert (answer.outcome, answer.state) == ("applied", "closed")
    (event,) = await magento.events()
    assert sorted((line.sku, line.qty) for line in event.items) == [("MUG", Decimal(3)), ("TEE", Decimal(2))]
    assert (await magento.orders.record_refund(order, a_refund(2, "0.01"))).outcome == "not_refundable"


async def test_lines_come_back_in_parts_and_then_whole(magento: Subject) -> None:
    order, items = await magento.place()
    one = (ReturnedItem(order_item_id=items[TEE], qty=Decimal(1)),)
    first = await magento.orders.record_refund(order, a_refund(1, "44.99", "items", items=one, shipping_amount="25.00"))
    assert (first.outcome, first.state) == ("applied", "processing")
    rest = await magento.orders.record_refund(order, a_refund(2, "42.49", "whole"))
    assert (rest.outcome, rest.state) == ("applied", "closed")
    assert [event.totals.shipping_amount for event in await magento.events()] == [Decimal(25), Decimal(0)]


async def test_lines_that_come_to_another_sum_are_not_written(magento: Subject) -> None:
    order, items = await magento.place()
    one = (ReturnedItem(order_item_id=items[MUG], qty=Decimal(1)),)
    answer = await magento.orders.record_refund(order, a_refund(1, "7.51", "items", items=one))
    assert (answer.outcome, answer.grand_total, answer.creditmemo_id) == ("lines_differ", Decimal("7.50"), None)
    assert (await magento.orders.read_order(order)).total_refunded == 0
    assert (await magento.orders.record_refund(order, a_refund(1, "7.51"))).outcome == "applied"


async def test_more_than_is_left_is_not_refundable(magento: Subject) -> None:
    order, _ = await magento.place()
    assert (await magento.orders.record_refund(order, a_refund(1, "87.49"))).outcome == "not_refundable"
    assert (await magento.orders.record_refund(order, a_refund(2, "80.00"))).outcome == "applied"
    assert (await magento.orders.record_refund(order, a_refund(3, "7.49"))).outcome == "not_refundable"


async def test_another_currency_is_refused(magento: Subject) -> None:
    order, _ = await magento.place()
    memo = await magento.refund(order)
    with pytest.raises(RefusedError):
        await magento.orders.record_creditmemo_refund(memo, a_report(1, "87.48", "succeeded", currency="EUR"))
    other, _ = await magento.place()
    with pytest.raises(RefusedError):
        await magento.orders.record_refund(other, a_refund(2, "1.00", currency="EUR"))


async def test_what_is_not_there(magento: Subject) -> None:
    with pytest.raises(NotFoundError):
        await magento.orders.record_refund(MagentoOrderId(999_999), a_refund(1, "1.00"))
    with pytest.raises(NotFoundError):
        await magento.orders.record_creditmemo_refund(MagentoCreditmemoId(999_999), a_report(1, "1.00", "succeeded"))


@pytest.mark.parametrize(
    ("statuses", "outcomes", "ends"),
    [
        (["succeeded", "succeeded"], ["applied", "already_applied"], "refunded"),
        (["pending", "succeeded", "pending"], ["applied", "applied", "already_applied"], "refunded"),
        (["pending", "failed", "succeeded"], ["applied", "applied", "already_applied"], "open"),
        (["succeeded", "failed", "failed"], ["applied", "applied", "already_applied"], "open"),
        (["requires_action", "canceled", "pending"], ["applied", "applied", "already_applied"], "open"),
        (["requires_action", "pending", "succeeded"], ["applied", "applied", "applied"], "refunded"),
    ],
)
async def test_a_memos_money_goes_its_way_and_not_back(
    magento: Subject, statuses: list[str], outcomes: list[str], ends: str
) -> None:
    order, items = await magento.place()
    memo = await magento.refund(order, {items[TEE]: "1"})
    told = [await magento.orders.record_creditmemo_refund(memo, a_report(1, "19.99", status)) for status in statuses]
    assert [answer.outcome for answer in told] == outcomes
    assert (told[-1].creditmemo_state, await magento.state(order, memo)) == (ends, ends)
    assert (await magento.orders.read_order(order)).total_refunded == Decimal("19.99")


async def test_a_memos_refund_makes_no_second_memo(magento: Subject) -> None:
    order, items = await magento.place()
    memo = await magento.refund(order, {items[TEE]: "1"})
    await magento.orders.record_creditmemo_refund(memo, a_report(1, "19.99", "pending"))
    answer = await magento.orders.record_refund(order, a_refund(1, "19.99"))
    assert (answer.outcome, answer.creditmemo_id) == ("already_applied", memo)


async def test_a_refund_belongs_to_one_memo(magento: Subject) -> None:
    order, items = await magento.place()
    first, second = await magento.refund(order, {items[TEE]: "1"}), await magento.refund(order, {items[TEE]: "1"})
    await magento.orders.record_creditmemo_refund(first, a_report(1, "19.99", "succeeded"))
    answer = await magento.orders.record_creditmemo_refund(second, a_report(1, "19.99", "succeeded"))
    assert (answer.outcome, answer.creditmemo_id) == ("linked_elsewhere", first)
    assert await magento.state(order, first) == "refunded"


async def test_a_memo_of_two_payments_is_open_until_both_are_back(magento: Subject) -> None:
    order, _ = await magento.place()
    memo = await magento.refund(order)
    first = await magento.orders.record_creditmemo_refund(memo, a_report(1, "50.00", "succeeded"))
    second = await magento.orders.record_creditmemo_refund(memo, a_report(2, "37.48", "succeeded"))
    assert (first.creditmemo_state, second.creditmemo_state) == ("open", "refunded")
    failed = await magento.orders.record_creditmemo_refund(memo, a_report(2, "37.48", "failed"))
    assert (failed.outcome, failed.creditmemo_state) == ("applied", "open")


async def test_a_refusal_leaves_the_memo_open_for_a_person(magento: Subject) -> None:
    order, items = await magento.place()
    memo = await magento.refund(order, {items[TEE]: "1"})
    refused = [
        await magento.orders.record_creditmemo_refund(memo, a_report(None, "19.99", "refused")) for _ in range(2)
    ]
    assert [answer.outcome for answer in refused] == ["applied", "already_applied"]
    assert await magento.state(order, memo) == "open"
    paid = await magento.orders.record_creditmemo_refund(memo, a_report(7, "19.99", "succeeded"))
    assert (paid.outcome, paid.creditmemo_state) == ("applied", "refunded")


async def test_a_refund_made_in_stripe_may_still_fail(magento: Subject) -> None:
    order, _ = await magento.place()
    made = await magento.orders.record_refund(order, a_refund(1, "5.00", status="pending"))
    assert (made.outcome, made.creditmemo_state, made.creditmemo_id is None) == ("applied", "open", False)
    assert made.creditmemo_id is not None
    failed = await magento.orders.record_creditmemo_refund(made.creditmemo_id, a_report(1, "5.00", "failed"))
    assert (failed.outcome, failed.creditmemo_state) == ("applied", "open")


async def test_the_database_adapter_says_that_refunds_need_rest(database_url: str) -> None:
    async with open_db_orders(MagentoDbOptions(instance=SHOP, url=database_url)) as orders:
        with pytest.raises(RefusedError, match='set adapter = "rest"'):
            await orders.record_refund(MagentoOrderId(1), a_refund(1, "5.00"))
        with pytest.raises(RefusedError, match='set adapter = "rest"'):
            await orders.record_creditmemo_refund(MagentoCreditmemoId(1), a_report(1, "5.00", "failed"))
