"""The queue `refunds`: Stripe says that money of a payment went back, or did not.

Whoever made the refund: the sidecar for a credit memo, somebody in the dashboard, another tool.
"""

from consumers.order_payment.settle import settle
from consumers.stripe_events import intent_of, is_known_for_good, stripe_of
from schemas.ids import OrderRef, PaymentIntentId
from schemas.stripe.charge import Charge
from schemas.stripe.event_v1 import OtherObject, StripeEventV1, StripeObject
from sidecar.consumer import Consumer, Event
from sidecar.errors import NotFoundError, NotYetError
from sidecar.limiter.priority import Priority
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, IntentLinked, RefundObserved
from sidecar.ports.payments import Payments
from sidecar.ports.records import OrderRecord
from sidecar.stripe_metadata import made_by_stripe_module, order_in

READ = frozenset(
    (
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refunded",
        "charge.refund.updated",
    ),
)
"""Since 2024-10-28 the first three cover all refunds; endpoints of older API versions send the others."""


async def locate(event: Event, ports: Ports) -> OrderRef | Skip:
    """The order whose payment it is: a refund made in the dashboard carries no metadata, so the payment is asked."""
    data: StripeEventV1 = event.data
    if data.type not in READ:
        return Skip("unhandled_type")
    stripe = stripe_of(event)
    intent = await _intent_of(data.data.object, ports.payments[stripe])
    if intent is None:
        return Skip("not_ours")
    linked = await ports.store.orders.order_of_intent(stripe, intent)
    if linked is not None:
        return linked
    try:
        metadata = (await ports.payments[stripe].retrieve_payment_intent(intent)).metadata
    except NotFoundError:
        return Skip("not_ours")
    order = order_in(metadata)
    if order is None:
        return Skip("stripe_magento_module" if made_by_stripe_module(metadata) else "not_ours")
    return order if order.instance in ports.policies.instances() else Skip("other_instance")


async def observe(event: Event, order: OrderRef, ports: Ports) -> OrderRecord:
    """Keep the newest views of all refunds of the payment, and of the payment itself; give the order as known then.

    An event shows a refund as it was. Unless that is known already, Stripe is asked, for all of them at once: a charge
    has not told its refunds since 2022-11-15.

    Raises:
        NotYetError: the order's own event has not come; the views are kept all the same.
    """
    stripe, subject = stripe_of(event), event.data.data.object
    account = ports.payments[stripe]
    record = await ports.store.orders.load(order)
    intent = await _intent_of(subject, account)
    facts: list[Fact] = []
    if intent is not None and not is_known_for_good(record, intent):
        facts.append(IntentLinked(stripe, order, await account.retrieve_payment_intent(intent)))
    if intent is not None and not _tells_nothing_new(record, subject):
        facts += [RefundObserved(stripe, order, refund) for refund in await account.find_refunds(intent, {})]
    if facts:
        record = await ports.store.orders.record_and_load(order, facts)
    if record.placed is None:
        raise NotYetError("order_unknown", f"{event.data.type}: order {order} has not been placed as far as we know")
    return record


async def _intent_of(subject: StripeObject, account: Payments) -> PaymentIntentId | None:
    intent = intent_of(subject)
    if intent is None and isinstance(subject, OtherObject) and subject.charge is not None:
        try:
            return (await account.retrieve_charge(subject.charge)).payment_intent
        except NotFoundError:
            return None
    return intent


def _tells_nothing_new(record: OrderRecord, subject: StripeObject) -> bool:
    known = [each.refund for each in record.refunds]
    match subject:
        case OtherObject(object="refund", id=refund, status=status, metadata=metadata):
            return any((each.id, each.status, each.metadata or {}) == (refund, status, metadata) for each in known)
        case Charge(id=charge, amount_refunded=amount):
            return amount == sum(each.amount for each in known if each.charge == charge and each.is_live)
        case _:
            return False


CONSUMER = Consumer(
    queue="refunds",
    contracts=(StripeEventV1,),
    locate=locate,
    observe=observe,
    handle=settle,
    about="order",
    stripe_events=READ,
    priority=Priority.BULK,
)
