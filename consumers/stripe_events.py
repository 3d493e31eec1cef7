"""The queue `stripe-events`: Stripe says that something happened to a payment."""

from consumers.order_payment.settle import settle
from schemas.ids import AccountAlias, CheckoutSessionId, OrderRef, PaymentIntentId, StripeRef
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer
from schemas.stripe.event_v1 import OtherObject, StripeEventV1, StripeObject
from schemas.stripe.payment_intent import FINAL, PaymentIntent
from sidecar.consumer import Consumer, Event
from sidecar.errors import NotYetError, UnmappableError
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, IntentLinked, SessionLinked
from sidecar.ports.payments import Payments
from sidecar.ports.records import OrderRecord
from sidecar.stripe_metadata import made_by_stripe_module, order_in

READ = frozenset(
    (
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.processing",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.partially_funded",
        "charge.succeeded",
        "charge.failed",
        "charge.captured",
        "charge.expired",
        "checkout.session.completed",
        "checkout.session.expired",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
    ),
)
"""What changes a payment. Refunds and disputes are read elsewhere; what was created, we created."""


def stripe_of(event: Event) -> StripeRef:
    """The account and mode from the event's source, `/stripe/{account}/{mode}`.

    Raises:
        UnmappableError: the source is of another form.
    """
    parts = event.source.split("/")
    if len(parts) != 4 or parts[:2] != ["", "stripe"] or parts[3] not in {"test", "live"}:  # noqa: PLR2004
        raise UnmappableError("unknown_source", "source", f"{event.source!r} is not /stripe/{{account}}/{{mode}}")
    return StripeRef(account=AccountAlias(parts[2]), mode="live" if parts[3] == "live" else "test")


async def locate(event: Event, ports: Ports) -> OrderRef | Skip:
    """The order named in the object's metadata, or that its intent is linked to; what is not ours is skipped."""
    data: StripeEventV1 = event.data
    if data.type not in READ:
        return Skip("unhandled_type")
    subject = data.data.object
    metadata = subject.metadata
    order = order_in(metadata)
    if order is None:
        intent = intent_of(subject)
        linked = await ports.store.orders.order_of_intent(stripe_of(event), intent) if intent else None
        if linked is not None:
            return linked
        return Skip("stripe_magento_module" if made_by_stripe_module(metadata) else "not_ours")
    if order.instance not in ports.policies.instances():
        return Skip("other_instance")
    return order


def intent_of(subject: StripeObject) -> PaymentIntentId | None:
    """The PaymentIntent that an object is or belongs to."""
    match subject:
        case PaymentIntent(id=intent):
            return intent
        case OtherObject(object="payment_intent", id=str(other)):
            return PaymentIntentId(other)
        case (
            Charge(payment_intent=belongs)
            | CheckoutSession(payment_intent=belongs)
            | OtherObject(payment_intent=belongs)
        ):
            return belongs
        case Customer():
            return None


async def observe(event: Event, order: OrderRef, ports: Ports) -> OrderRecord:
    """Keep the newest views of the page and the intent, and give the order as it is known then.

    Events come late and out of order, so a view is only believed if nothing can follow it; any other is read again.

    Raises:
        NotYetError: the order's own event has not come; the views are kept all the same.
    """
    stripe = stripe_of(event)
    subject = event.data.data.object
    record = await ports.store.orders.load(order)
    facts: list[Fact] = []
    session = await _newest_page(subject, ports.payments[stripe])
    if session is not None:
        facts.append(SessionLinked(stripe, order, session))
        intent = session.payment_intent
    else:
        intent = intent_of(subject)
    if intent is not None and not is_known_for_good(record, intent):
        facts.append(IntentLinked(stripe, order, await ports.payments[stripe].retrieve_payment_intent(intent)))
    if facts:
        record = await ports.store.orders.record_and_load(order, facts)
    if record.placed is None:
        raise NotYetError("order_unknown", f"{event.data.type}: order {order} has not been placed as far as we know")
    return record


async def _newest_page(subject: StripeObject, payments: Payments) -> CheckoutSession | None:
    """The page that an event is about: read again if it is open, or written in a form that is not known here."""
    match subject:
        case CheckoutSession(status="open", id=page):
            return await payments.retrieve_checkout_session(page)
        case CheckoutSession():
            return subject
        case OtherObject(object="checkout.session", id=str(other)):
            return await payments.retrieve_checkout_session(CheckoutSessionId(other))
        case _:
            return None


def is_known_for_good(record: OrderRecord, intent: PaymentIntentId) -> bool:
    """Whether the store has the intent in a status that nothing can follow, with its charge if it was paid."""
    known = next((each for each in record.intents if each.id == intent), None)
    return known is not None and known.status in FINAL and (known.status == "canceled" or known.charge is not None)


CONSUMER = Consumer(
    queue="stripe-events",
    contracts=(StripeEventV1,),
    locate=locate,
    observe=observe,
    handle=settle,
    about="order",
    stripe_events=READ,
    takes_other_stripe_events=True,
)
