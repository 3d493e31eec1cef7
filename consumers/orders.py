"""The queue `orders`: an order was placed, was cancelled, or its time to pay is over."""

from consumers.order_payment.settle import policy_of, settle
from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.ids import OrderRef
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from sidecar.consumer import Consumer, Event
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports


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
            await orders.record_placed(placed, policy.stripe, policy.payment_window)
        case OrderCanceledV1() as canceled:
            await orders.record_canceled(canceled)
        case PaymentWindowClosedV1(closed_at=closed_at):
            await orders.record_window_closed(order, closed_at)


CONSUMER = Consumer(
    queue="orders",
    contracts=(OrderPlacedV1, OrderCanceledV1, PaymentWindowClosedV1),
    locate=locate,
    observe=observe,
    handle=settle,
    about="order",
)
