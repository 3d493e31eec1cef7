"""The queue `customers`: a customer was changed, in Magento or in Stripe."""

from datetime import UTC, datetime

from consumers.customer_sync.make_account import can_have_account, make_account
from consumers.customer_sync.settle import settle
from consumers.stripe_events import stripe_of
from schemas.ids import CustomerId, CustomerRef, Instance, MagentoCustomerId, StripeCustomerRef, StripeRef
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.stripe.customer import Customer
from schemas.stripe.event_v1 import OtherObject, StripeEventV1
from sidecar.consumer import Consumer, Decision, Event
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.limiter.priority import Priority
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerGone, CustomerSeen, Fact

READ = frozenset(("customer.created", "customer.updated", "customer.deleted"))

Subject = CustomerRef | StripeCustomerRef
"""An account of Magento's, or a customer of Stripe's that has none."""


async def locate(event: Event, ports: Ports) -> Subject | Skip:
    """The account; a customer of Stripe's that is nobody's is only of interest where accounts are made for such."""
    match event.data:
        case CustomerSavedV1() | CustomerDeletedV1():
            saved: CustomerSavedV1 | CustomerDeletedV1 = event.data
            return saved.ref if ports.policies.of(saved.ref, saved.store) else Skip("other_store")
        case StripeEventV1(type=kind, data=data) if kind in READ:
            return await _whose(stripe_of(event), data.object, ports)
        case StripeEventV1():
            return Skip("unhandled_type")
        case other:
            raise TypeError(f"customers does not read {type(other).__name__}")


async def _whose(stripe: StripeRef, subject: object, ports: Ports) -> Subject | Skip:
    if not isinstance(subject, Customer | OtherObject) or subject.id is None:
        return Skip("not_a_customer")
    customer = CustomerId(subject.id)
    links = await ports.store.customers.links_of(stripe, customer)
    accounts = [link.account for link in links if link.account is not None]
    if accounts:
        return accounts[0]
    if links or "magento_order_id" in subject.metadata:
        return Skip("guest")
    labels = subject.metadata
    if "magento_customer_id" in labels:
        # One that we have just made and not linked yet, or that came here in another way.
        return _named(labels, ports)
    if isinstance(subject, Customer) and can_have_account(subject) and ports.policies.making_accounts(stripe):
        return StripeCustomerRef(stripe=stripe, customer=customer)
    return Skip("not_ours")


def _named(labels: dict[str, str], ports: Ports) -> CustomerRef | Skip:
    number, instance = labels["magento_customer_id"], labels.get("magento_instance", "")
    if instance not in ports.policies.instances() or not number.isascii() or not number.isdigit():
        return Skip("other_instance")
    return CustomerRef(instance=Instance(instance), customer_id=MagentoCustomerId(int(number)))


async def observe(event: Event, subject: Subject, ports: Ports) -> None:
    """Keep what either side says. What Stripe says may be old: it is read again before anything is made of it."""
    del subject
    customers = ports.store.customers
    match event.data:
        case CustomerSavedV1() as saved:
            await customers.record_saved(saved)
        case CustomerDeletedV1() as deleted:
            await customers.record_deleted(deleted)
        case StripeEventV1() as told:
            fact = _said(stripe_of(event), told)
            if fact is not None:
                await customers.record_facts([fact])


def _said(stripe: StripeRef, told: StripeEventV1) -> Fact | None:
    about, at = told.data.object, datetime.fromtimestamp(told.created, UTC)
    if about.id is None:
        return None
    customer = CustomerId(about.id)
    if told.type == "customer.deleted":
        return CustomerGone(stripe, customer, at)
    return CustomerSeen(stripe, customer, profile_of_stripe(about) if isinstance(about, Customer) else None, at)


async def handle(subject: Subject, ports: Ports, known: None = None) -> Decision:
    """Keep both sides the same, or make the account that is missing; what is known is always loaded."""
    del known
    match subject:
        case CustomerRef():
            return await settle(subject, ports)
        case StripeCustomerRef():
            return await make_account(subject, ports)


CONSUMER: Consumer[Subject] = Consumer(
    queue="customers",
    contracts=(CustomerSavedV1, CustomerDeletedV1, StripeEventV1),
    locate=locate,
    observe=observe,
    handle=handle,
    about="customer",
    stripe_events=READ,
    priority=Priority.BULK,
)
