"""Reads an order's state, and refuses orders that cannot be paid at all."""

from decimal import Decimal

from consumers.order_payment.decide import decide
from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.decide import decide_refunds
from schemas.ids import OrderRef
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import Money, MoneyError
from sidecar.consumer import Decision
from sidecar.effects.add_comment import AddComment
from sidecar.effects.cancel_order import CancelOrder
from sidecar.effects.effect import Effect
from sidecar.effects.record_creditmemo_refund import RecordCreditmemoRefund
from sidecar.effects.refund_effect import RefundEffect
from sidecar.errors import UnmappableError
from sidecar.policy import StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import IntentLinked, RefundObserved
from sidecar.ports.records import OrderRecord

AMOUNT_FIELD = "data.totals.total_due"


async def settle(order: OrderRef, ports: Ports, known: OrderRecord | None = None) -> Decision:
    """Decide: first about the order's payment, and when nothing is due there, about what goes back of it.

    `known` is the order where it has just been loaded.

    An order that is not known yet has nothing to be decided.

    Raises:
        UnmappableError: the order cannot be charged; Magento's order history has been told why.
    """
    record = known or await ports.store.orders.load(order)
    placed = record.placed
    if placed is None:
        return Decision()
    if await _read_intents_of_completed_pages(record, ports):
        record = await ports.store.orders.load(order)
    policy = policy_of(placed, ports)
    refusal = why_not_payable(placed)
    if refusal is not None and not record.intents:
        return Decision(_refuse(record, refusal))
    state = state_of(record, placed, policy)
    effects = decide(state) or decide_refunds(state)
    if any(_is_final(effect, state) for effect in effects):
        # Somebody else may have given money back, and a store that was filled anew knows of no refund.
        await _read_refunds(state, ports)
        record = await ports.store.orders.load(order)
        state = state_of(record, placed, policy)
        effects = decide(state) or decide_refunds(state)
    left_open = frozenset(key for key, done in record.effects.items() if done != "done")
    return Decision(effects, left_open)


def _is_final(effect: Effect, state: OrderPaymentState) -> bool:
    """Whether it gives money back for the first time, or says for ever that none goes back."""
    if isinstance(effect, RecordCreditmemoRefund):
        return effect.refund.status == "refused"
    return isinstance(effect, RefundEffect) and effect.key not in state.attempted


async def _read_refunds(state: OrderPaymentState, ports: Ports) -> None:
    account = ports.payments[state.stripe]
    for intent in state.succeeded:
        refunds = await account.find_refunds(intent.id, {})
        await ports.store.orders.record_facts([RefundObserved(state.stripe, state.order, each) for each in refunds])


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


def state_of(record: OrderRecord, placed: OrderPlacedV1, policy: StorePolicy) -> OrderPaymentState:
    """What is decided from."""
    totals = placed.totals
    # A snapshot of an order that was paid already, published again for a store that was lost: nothing is due any more,
    # but its payment is there and is to be recorded.
    due = totals.total_due or (totals.grand_total if record.intents else Decimal(0))
    zero = due == Decimal(0)
    return OrderPaymentState(
        order=record.order,
        placed=placed,
        policy=policy,
        stripe=record.stripe or policy.stripe,
        expected=Money(minor_units=0, currency=totals.currency) if zero else Money.from_decimal(due, totals.currency),
        canceled=record.canceled_at is not None,
        window_closed=record.window_closed_at is not None,
        customer=record.customer,
        customer_number=record.customer_number,
        intents=record.intents,
        sessions=record.sessions,
        attempted=frozenset(record.effects),
        results=record.results,
        creditmemos=record.creditmemos,
        refunds=record.refunds,
        refund_links=record.refund_links,
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
