"""The queue `creditmemos`: a credit memo exists in Magento, and its money has to go back."""

from consumers.order_payment.settle import policy_of, settle, state_of
from consumers.order_refunds.creditmemos import wait_for_payment
from consumers.order_refunds.links import links_of
from schemas.ids import OrderRef
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from sidecar.consumer import Consumer, Decision, Event
from sidecar.errors import NotYetError
from sidecar.limiter.priority import Priority
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import RefundLinked
from sidecar.ports.records import OrderRecord


async def locate(event: Event, ports: Ports) -> OrderRef | Skip:
    """The memo's order, unless another payment method takes care of it.

    A memo that moves no money is kept all the same: it tells which lines of the order have come back.
    """
    del ports
    memo: CreditmemoCreatedV1 = event.data
    return memo.order if memo.payment_method == PAYMENT_METHOD_CODE else Skip("other_payment_method")


async def observe(event: Event, order: OrderRef, ports: Ports) -> None:
    """Keep the snapshot; of a memo that was made from a refund, that the two belong together.

    Raises:
        NotYetError: the order's own event has not come; the memo is kept all the same.
    """
    memo: CreditmemoCreatedV1 = event.data
    await ports.store.orders.record_creditmemo(memo)
    stripe = await ports.store.orders.stripe_of(order)
    if stripe is None:
        raise NotYetError("order_unknown", f"credit memo {memo.increment_id}: order {order} has not been placed yet")
    if memo.stripe_refund is not None:
        link = RefundLinked(stripe, order, memo.stripe_refund, memo.creditmemo_id)
        await ports.store.orders.record_facts([link])


async def handle(order: OrderRef, ports: Ports, known: OrderRecord | None = None) -> Decision:
    """Decide as every queue does; a memo whose payment has not been heard of waits for it.

    Raises:
        NotYetError: nothing else is due, and a memo's payment is not known.
        UnmappableError: as for `settle`.
    """
    decision = await settle(order, ports, known)
    if decision.effects or decision.left_open:
        return decision
    record = await ports.store.orders.load(order)
    if record.placed is not None:
        state = state_of(record, record.placed, policy_of(record.placed, ports))
        waiting = wait_for_payment(state, links_of(state))
        if waiting:
            raise NotYetError("payment_unknown", f"order {order}: no payment is known for the credit memos {waiting}")
    return decision


CONSUMER = Consumer(
    queue="creditmemos",
    contracts=(CreditmemoCreatedV1,),
    locate=locate,
    observe=observe,
    handle=handle,
    about="order",
    priority=Priority.BULK,
)
