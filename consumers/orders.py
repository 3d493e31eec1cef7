"""The queue `orders`: an order was placed, was cancelled, or its time to pay is over."""

from consumers.order_payment.settle import policy_of, settle
from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.ids import OrderRef, StripeRef
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from sidecar.consumer import Consumer, Event
from sidecar.effects.stripe_effect import CLOCK_SKEW
from sidecar.executor import KEY_RETENTION
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import IntentLinked
from sidecar.stripe_metadata import INSTANCE, ORDER_ID


async def locate(event: Event, ports: Ports) -> OrderRef | Skip:
    """The event's order, unless another payment method takes care of it."""
    del ports
    match event.data:
        case OrderPlacedV1(payment=payment) as placed:
            return placed.ref if payment.method == PAYMENT_METHOD_CODE else Skip("other_payment_method")
        case OrderCanceledV1() | PaymentWindowClosedV1():
            order: OrderRef = event.data.ref
            return order
        case other:
            raise TypeError(f"orders does not read {type(other).__name__}")


async def observe(event: Event, order: OrderRef, ports: Ports) -> None:
    """Keep the snapshot, the cancellation or the end of the time to pay.

    Raises:
        UnmappableError: the settings do not name the order's store.
    """
    orders = ports.store.orders
    match event.data:
        case OrderPlacedV1() as placed:
            policy = policy_of(placed, ports)
            await _link_earlier_payments(placed, policy.stripe, ports)
            await orders.record_placed(placed, policy.stripe, policy.payment_window)
        case OrderCanceledV1() as canceled:
            await orders.record_canceled(canceled)
        case PaymentWindowClosedV1(closed_at=closed_at):
            await orders.record_window_closed(order, closed_at)


async def _link_earlier_payments(placed: OrderPlacedV1, stripe: StripeRef, ports: Ports) -> None:
    """Link what Stripe has of an order that comes so late that it may have been paid before.

    A store that was lost, and an event that is published again for it: the ledger is empty, and Stripe has forgotten
    the keys that would keep a second payment from being made. What exists is searched for by its metadata, in one call:
    after an outage of a day thousands of orders come as late as this. What is too new to be found has its key still.
    """
    now = ports.clock.now()
    if now - placed.placed_at < KEY_RETENTION or (await ports.store.orders.load(placed.ref)).placed is not None:
        return
    ours = {INSTANCE: placed.instance, ORDER_ID: str(placed.order_id)}
    found = await ports.payments[stripe].search_payment_intents(placed.placed_at - CLOCK_SKEW, ours)
    await ports.store.orders.record_facts([IntentLinked(stripe, placed.ref, intent) for intent in found])


CONSUMER = Consumer(
    queue="orders",
    contracts=(OrderPlacedV1, OrderCanceledV1, PaymentWindowClosedV1),
    locate=locate,
    observe=observe,
    handle=settle,
    about="order",
)
