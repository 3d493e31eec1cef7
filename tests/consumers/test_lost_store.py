"""The sidecar's store is lost, and Magento publishes a paid order again, when Stripe has forgotten every key."""

from datetime import timedelta
from decimal import Decimal

from consumers.orders import CONSUMER as ORDERS
from tests.consumers.builders import ORDER
from tests.consumers.refund_world import World
from tests.fakes.store import MemoryStore


async def a_paid_world() -> World:
    world = World()
    await world.order_placed()
    await world.hear_everything()
    return world


async def test_an_order_that_was_paid_is_not_charged_again() -> None:
    world = await a_paid_world()
    world.with_store(MemoryStore())
    world.time += timedelta(days=2)
    world.stripe.forget_keys()
    await world.order_placed()
    assert [intent.status for intent in world.stripe.intents] == ["succeeded"]
    record = await world.ports.store.orders.load(ORDER)
    assert [intent.id for intent in record.intents] == [world.intent.id]
    assert world.order.invoices == 1


async def test_a_snapshot_of_an_order_with_nothing_left_to_pay_records_its_payment_and_pays_nothing() -> None:
    world = await a_paid_world()
    world.with_store(MemoryStore())
    world.time += timedelta(days=2)
    world.stripe.forget_keys()
    totals = world.placed.totals.model_copy(update={"total_due": Decimal(0)})
    again = world.placed.model_copy(update={"totals": totals, "state": "processing"})
    await world.handle(ORDERS, world.event("again", again))
    assert len(world.stripe.intents) == 1
    # What is refunded from now on comes off a payment that Magento is known to have on its books.
    memo = world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0")
    await world.creditmemo_created(memo)
    assert [refund.amount for refund in world.stripe.refunds] == [1999]


async def test_an_order_that_comes_in_time_costs_no_look() -> None:
    world = World()
    await world.order_placed()
    assert not {"find_payment_intents", "search_payment_intents"} & {call.method for call in world.stripe.calls}
