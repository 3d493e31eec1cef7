"""A credit memo from Magento until its money is back, and refunds made in Stripe until they stand on a memo."""

from decimal import Decimal
from typing import Any

import orjson
import pytest

from consumers.refunds import CONSUMER as REFUNDS
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from sidecar.bridge.envelope import wrap
from sidecar.errors import NotYetError
from sidecar.outcome import Skip
from sidecar.runtime.parse import parse
from tests.consumers.builders import ORDER, STRIPE
from tests.consumers.refund_world import TRACE, World
from tests.fakes.store import MemoryStore


async def a_paid_world(**policy: Any) -> World:
    world = World(**policy)
    await world.order_placed()
    assert world.order.invoices == 1
    return world


async def test_a_memo_is_refunded_told_and_its_own_events_change_nothing() -> None:
    world = await a_paid_world()
    memo = world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
    await world.creditmemo_created(memo)
    (refund,) = world.stripe.refunds
    assert (refund.amount, refund.reason) == (1999, "requested_by_customer")
    assert world.magento.memo(memo.creditmemo_id).refunds == {refund.id: (Decimal("19.99"), "succeeded")}
    calls = len(world.stripe.calls)
    await world.hear_everything()
    await world.creditmemo_created(memo)
    assert len(world.stripe.refunds) == 1
    assert len(world.order.memos) == 1
    assert {call.method for call in world.stripe.calls[calls:]} == set()  # everything was known already
    assert world.published().count("commerce.payment.refunded.v1") == 1


async def test_a_refund_in_the_dashboard_becomes_one_memo_and_stays_one_refund() -> None:
    world = await a_paid_world()
    world.stripe.refund_in_dashboard(world.intent.id, 2749)
    await world.hear_everything()
    await world.hear_everything()
    (memo,) = world.order.memos
    assert (memo.event.stripe_refund, memo.total, memo.state) == (
        world.stripe.refunds[0].id,
        Decimal("27.49"),
        "refunded",
    )
    assert sorted((line.order_item_id, line.qty) for line in memo.event.items) == [(1, Decimal(1)), (2, Decimal(1))]
    assert len(world.stripe.refunds) == 1


async def test_many_refunds_in_one_event_of_the_charge_are_each_handled_once() -> None:
    world = await a_paid_world()
    for cents in (500, 500, 1999):
        world.stripe.refund_in_dashboard(world.intent.id, cents)
    last = world.events("charge.refunded")[-1]
    await world.stripe_says(last)
    assert [memo.total for memo in world.order.memos] == [Decimal("5.00"), Decimal("5.00"), Decimal("19.99")]
    await world.hear_everything()
    assert len(world.order.memos) == 3


async def test_goods_return_to_the_stock_if_the_merchant_says_so() -> None:
    told: list[object] = []
    policies: list[dict[str, Any]] = [{}, {"refunds_return_stock": True}]
    for policy in policies:
        world = await a_paid_world(**policy)
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        await world.hear_everything()
        record = await world.ports.store.orders.load(ORDER)
        (result,) = (value for key, value in record.results.items() if ":refund:re_" in key)
        told.append(orjson.loads(result)["told"]["back_to_stock"])
    assert told == [None, True]


class TestBeforeItsTime:
    async def test_a_memo_whose_order_has_not_been_heard_of_waits_and_then_goes(self) -> None:
        paid = await a_paid_world()
        memo = paid.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
        paid.with_store(MemoryStore())  # nothing was heard of
        with pytest.raises(NotYetError) as early:
            await paid.creditmemo_created(memo)
        assert early.value.reason == "order_unknown"
        assert [refund.amount for refund in paid.stripe.refunds] == []
        await paid.order_placed()  # whichever comes last finds everything it needs
        assert [refund.amount for refund in paid.stripe.refunds] == [1999]

    async def test_a_memo_whose_payment_has_not_been_heard_of_waits_and_then_goes(self) -> None:
        world = World(capture_method="manual")
        await world.order_placed()
        memo = a_memo_of(world)
        with pytest.raises(NotYetError) as early:
            await world.creditmemo_created(memo)
        assert early.value.reason == "payment_unknown"
        world.stripe.capture(world.intent.id)
        for raw in world.events("payment_intent.succeeded"):
            await world.stripe_says(raw)
        assert world.order.invoices == 1
        assert [refund.amount for refund in world.stripe.refunds] == [8748]
        await world.creditmemo_created(memo)
        assert len(world.stripe.refunds) == 1

    async def test_a_refund_whose_order_has_not_been_heard_of_waits_and_then_goes(self) -> None:
        world = await a_paid_world()
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        world.with_store(MemoryStore())
        (created,) = world.events("refund.created")
        with pytest.raises(NotYetError):
            await world.stripe_says(created)
        await world.order_placed()
        assert [memo.total for memo in world.order.memos] == [Decimal("19.99")]


def a_memo_of(world: World) -> CreditmemoCreatedV1:
    """The memo that Magento will make: its event overtakes the capture's."""
    world.order.invoices, world.order.total_paid = 1, world.placed.totals.grand_total
    memo = world.magento.refund_in_magento(ORDER.order_id)
    world.order.invoices, world.order.total_paid, world.order.state = 0, Decimal(0), "processing"
    return memo


class TestColdStore:
    """A store that was filled anew, and keys that Stripe has forgotten: what was done is found by its identity."""

    async def test_a_memo_that_was_refunded_is_not_refunded_again(self) -> None:
        world = await a_paid_world()
        memo = world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
        await world.creditmemo_created(memo)
        world.with_store(MemoryStore())
        await world.order_placed()
        world.stripe.forget_keys()
        await world.creditmemo_created(memo)
        assert len(world.stripe.refunds) == 1
        assert (await world.ports.store.orders.load(ORDER)).refund_links == {world.stripe.refunds[0].id: 1}

    async def test_our_own_refund_makes_no_second_memo(self) -> None:
        world = await a_paid_world()
        await world.creditmemo_created(world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0"))
        world.with_store(MemoryStore())
        await world.order_placed()
        for raw in world.events("refund.created", "charge.refunded"):
            await world.stripe_says(raw)
        assert len(world.order.memos) == 1

    async def test_a_refund_that_has_its_memo_makes_no_second_one_nor_a_second_refund(self) -> None:
        world = await a_paid_world()
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        (created,) = world.events("refund.created")
        await world.stripe_says(created)
        (memo,) = world.magento.creditmemo_events
        for first in ("memo", "refund"):
            world.with_store(MemoryStore())
            await world.order_placed()
            if first == "memo":
                await world.creditmemo_created(memo)
            await world.stripe_says(created)
            await world.creditmemo_created(memo)
            assert (len(world.order.memos), len(world.stripe.refunds)) == (1, 1)


class TestWhose:
    async def test_another_payment_methods_memo_is_not_ours(self) -> None:
        world = await a_paid_world()
        memo = world.magento.refund_in_magento(ORDER.order_id)
        other = memo.model_copy(update={"payment_method": "checkmo"})
        assert await world.creditmemo_created(other) == Skip("other_payment_method")

    async def test_an_offline_memo_moves_no_money_but_its_lines_have_come_back(self) -> None:
        world = await a_paid_world()
        memo = world.magento.refund_in_magento(ORDER.order_id, {1: "2", 2: "3"}, shipping="0", offline=True)
        await world.creditmemo_created(memo)
        assert [refund.amount for refund in world.stripe.refunds] == []
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        await world.hear_everything()
        assert world.order.memos[-1].event.items == ()  # no shirt is left to come back
        assert world.order.memos[-1].total == Decimal("19.99")

    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ({}, "not_ours"),
            ({"Order #": "000000042", "Module": "Magento2"}, "stripe_magento_module"),
            ({"magento_instance": "another", "magento_order_id": "42"}, "other_instance"),
        ],
    )
    async def test_a_refund_is_ours_by_its_payment(self, metadata: dict[str, str], reason: str) -> None:
        world = await a_paid_world()
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        (created,) = world.events("refund.created")
        world.with_store(MemoryStore())
        world.stripe.change_metadata(world.intent.id, metadata)
        assert await world.stripe_says(created) == [Skip(reason)]

    async def test_a_refund_of_a_payment_that_is_gone_is_not_ours(self) -> None:
        world = await a_paid_world()
        event = a_refund_event({"payment_intent": "pi_nobodys", "charge": None})
        assert await world.handle(REFUNDS, event) == Skip("not_ours")
        event = a_refund_event({"payment_intent": None, "charge": "ch_nobodys"})
        assert await world.handle(REFUNDS, event) == Skip("not_ours")
        event = a_refund_event({"payment_intent": None, "charge": None})
        assert await world.handle(REFUNDS, event) == Skip("not_ours")

    async def test_a_refund_that_names_its_charge_only_leads_to_its_payment(self) -> None:
        world = await a_paid_world()
        refund = world.stripe.refund_in_dashboard(world.intent.id, 1999)
        event = a_refund_event({"id": refund.id, "payment_intent": None, "charge": world.intent.charge_id})
        assert await world.handle(REFUNDS, event) is None
        assert [memo.total for memo in world.order.memos] == [Decimal("19.99")]

    async def test_what_stripe_says_counts_and_not_the_event(self) -> None:
        world = await a_paid_world()
        refund = world.stripe.refund_in_dashboard(world.intent.id, 1999)
        world.stripe.settle_refund(refund.id, "failed")
        event = a_refund_event({"id": refund.id, "payment_intent": world.intent.id, "status": "succeeded"})
        await world.handle(REFUNDS, event)
        assert world.order.memos == []


def a_refund_event(fields: dict[str, Any]) -> Any:
    subject = {"object": "refund", "id": "re_1", "status": "pending", "amount": 1, "currency": "usd", "metadata": {}}
    body = {
        "id": "evt_1",
        "object": "event",
        "type": "refund.created",
        "created": 1_795_000_000,
        "livemode": False,
        "data": {"object": subject | fields},
    }
    return parse(wrap(orjson.dumps(body), STRIPE, TRACE).body, REFUNDS)


class TestWhatFails:
    async def test_a_refund_that_fails_days_later_opens_its_memo_and_a_new_one_closes_it(self) -> None:
        world = await a_paid_world()
        memo = world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
        await world.creditmemo_created(memo)
        await world.hear_everything()
        world.stripe.settle_refund(world.stripe.refunds[0].id, "failed")
        await world.hear_everything()
        known = world.magento.memo(memo.creditmemo_id)
        assert known.state == "open"
        assert world.published().count("commerce.refund.failed.v1") == 1
        assert len(world.stripe.refunds) == 1
        world.stripe.refund_in_dashboard(world.intent.id, 1999)
        await world.hear_everything()
        assert known.state == "refunded"
        assert len(world.order.memos) == 1

    async def test_a_disputed_payment_refuses_once_and_clearly(self) -> None:
        world = await a_paid_world()
        world.stripe.disputed.add(world.intent.id)
        memo = world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
        for _ in range(3):
            await world.creditmemo_created(memo)
        assert world.magento.memo(memo.creditmemo_id).told == {"None/refused/charge_disputed"}
        assert [call.method for call in world.stripe.calls].count("create_refund") == 1
        assert world.published().count("commerce.refund.failed.v1") == 1
        (failed,) = (m for m in world.publisher.messages if m.message_type == "commerce.refund.failed.v1")
        data = orjson.loads(failed.body)["data"]
        assert (data["outcome"], data["code"], data["creditmemo_id"]) == ("refused", "charge_disputed", 1)

    async def test_a_memo_and_a_refund_of_the_same_money_at_the_same_moment_end_as_one(self) -> None:
        world = await a_paid_world()
        memo = world.magento.refund_in_magento(ORDER.order_id)
        refund = world.stripe.refund_in_dashboard(world.intent.id, 8748)
        await world.hear_everything()
        assert world.magento.memo(memo.creditmemo_id).refunds == {refund.id: (Decimal("87.48"), "succeeded")}
        assert (len(world.order.memos), len(world.stripe.refunds)) == (1, 1)

    async def test_a_late_payment_that_was_partly_refunded_by_hand_is_given_back_to_the_last_cent(self) -> None:
        world = World(offer=("payment_intent",))
        world.placed = world.placed.model_copy(
            update={"payment": world.placed.payment.model_copy(update={"payment_method": None})}
        )
        await world.order_placed()
        assert world.magento.cancel_in_magento(ORDER.order_id)
        world.stripe.succeed(world.intent.id)
        world.stripe.refund_in_dashboard(world.intent.id, 1000)
        await world.hear_everything()
        assert sorted(refund.amount for refund in world.stripe.refunds) == [1000, 7748]
        assert world.order.memos == []
        assert world.published().count("commerce.payment.refunded.v1") == 2
