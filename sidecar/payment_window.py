"""Says when the time that a shop gives an order to be paid is over."""

from schemas.catalog import CATALOG
from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.envelope import CloudEvent
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.ports.clock import Clock
from sidecar.ports.publisher import Publisher
from sidecar.ports.store import Store

BATCH = 500


async def close_payment_windows(store: Store, publisher: Publisher, clock: Clock) -> int:
    """Publish `commerce.payment.window_closed.v1` for each order whose time is over; returns how many.

    One process does it at a time. An order is said again until its consumer has written it down, so nothing is lost
    when this process dies; the event's id is always the same.

    Raises:
        TransientError: the store or the broker is away.
    """
    async with store.locks.exclusive("payment-window") as alone:
        if not alone:
            return 0
        contract = CATALOG[PaymentWindowClosedV1.TYPE]
        due = await store.orders.due_windows(clock.now(), BATCH)
        for order in due:
            now = clock.now()
            event = CloudEvent[PaymentWindowClosedV1](
                id=f"window-closed-{order.instance}-{order.order_id}",
                source="/sidecar",
                type=contract.name,
                subject=f"order/{order}",
                time=now,
                traceparent=traceparent(trace_id_of(None)),
                data=PaymentWindowClosedV1(instance=order.instance, order_id=order.order_id, closed_at=now),
            )
            await publisher.publish(
                contract.exchange,
                contract.routing_key,
                event.model_dump_json(exclude_none=True).encode(),
                message_id=event.id,
                message_type=contract.name,
                traceparent=event.traceparent,
            )
        return len(due)
