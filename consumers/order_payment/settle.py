"""Reads an order's state, and refuses orders that cannot be paid at all."""

from decimal import Decimal

from consumers.order_payment.decide import decide
from consumers.order_payment.state import OrderPaymentState
from schemas.ids import OrderRef
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import Money, MoneyError
from sidecar.consumer import Decision
from sidecar.effects.add_comment import AddComment
from sidecar.effects.cancel_order import CancelOrder
from sidecar.effects.effect import Effect
from sidecar.errors import UnmappableError
from sidecar.policy import StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.store import IntentLinked, OrderRecord

AMOUNT_FIELD = "data.totals.total_due"


async def settle(order: OrderRef, ports: Ports) -> Decision:
    """Load the order and decide; an order that is not known yet has nothing to be decided.

    Raises:
        UnmappableError: the order cannot be charged; Magento's order history has been told why.
    """
    record = await ports.store.orders.load(order)
    if record.placed is None:
        return Decision()
    placed = record.placed
    if await _read_intents_of_completed_pages(record, ports):
        record = await ports.store.orders.load(order)
    policy = policy_of(placed, ports)
    refusal = why_not_payable(placed)
    if refusal is not None and not record.intents:
        return Decision(_refuse(record, refusal))
    effects = decide(_state(record, placed, policy))
    left_open = frozenset(key for key, state in record.effects.items() if state != "done")
    return Decision(effects, left_open)


def _refuse(record: OrderRecord, refusal: UnmappableError) -> list[Effect]:
    """Say so in Magento first, and park the message then."""
    order = record.order
    if record.canceled_at is not None:
        return []
    if record.window_closed_at is not None:
        cancel = CancelOrder(order=order, comment="The order was not paid in time.")
        return [] if cancel.key in record.results else [cancel]
    comment = f"This order cannot be paid with Stripe: {refusal.detail}."
    told = AddComment(order=order, about=f"refused/{refusal.reason}", comment=comment)
    if told.key in record.results:
        raise refusal
    return [told]


def policy_of(placed: OrderPlacedV1, ports: Ports) -> StorePolicy:
    """The policy of the order's store.

    Raises:
        UnmappableError: the settings do not name the store.
    """
    policy = ports.policies.of(placed.ref, placed.store)
    if policy is None:
        where = f"instance {placed.instance!r}, store {placed.store.store_code!r}"
        raise UnmappableError(
            "unknown_store",
            "data.store.store_code",
            f"the settings map no Stripe account to {where}; add it to [[stores]]",
        )
    return policy


def why_not_payable(placed: OrderPlacedV1) -> UnmappableError | None:
    """Why Stripe could never charge the order, or None. A total of zero is no reason: it needs no charge."""
    totals = placed.totals
    if totals.total_due == Decimal(0):
        return None
    try:
        expected = Money.from_decimal(totals.total_due, totals.currency)
    except MoneyError as error:
        return UnmappableError("amount_not_expressible", AMOUNT_FIELD, str(error))
    reason = expected.why_not_chargeable()
    return None if reason is None else UnmappableError("amount_not_chargeable", AMOUNT_FIELD, reason)


def _state(record: OrderRecord, placed: OrderPlacedV1, policy: StorePolicy) -> OrderPaymentState:
    totals = placed.totals
    zero = totals.total_due == Decimal(0)
    return OrderPaymentState(
        order=record.order,
        placed=placed,
        policy=policy,
        stripe=record.stripe or policy.stripe,
        expected=Money(minor_units=0, currency=totals.currency)
        if zero
        else Money.from_decimal(totals.total_due, totals.currency),
        canceled=record.canceled_at is not None,
        window_closed=record.window_closed_at is not None,
        customer=record.customer,
        customer_number=record.customer_number,
        intents=record.intents,
        sessions=record.sessions,
        attempted=frozenset(record.effects),
        results=record.results,
    )


async def _read_intents_of_completed_pages(record: OrderRecord, ports: Ports) -> bool:
    """A page makes its intent when the shopper confirms: read those that nobody has told us of."""
    known = {intent.id for intent in record.intents}
    belonging = (session.payment_intent for session in record.sessions)
    unread = [intent for intent in belonging if intent is not None and intent not in known]
    if record.stripe is None or not unread:
        return False
    for each in unread:
        intent = await ports.payments[record.stripe].retrieve_payment_intent(each)
        await ports.store.orders.record_facts([IntentLinked(record.stripe, record.order, intent)])
    return True
