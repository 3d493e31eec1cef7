"""Makes an account in Magento for a customer that somebody made in Stripe, where the merchant wants that."""

from schemas.ids import Instance, StripeCustomerRef
from schemas.magento.address import Address
from schemas.stripe.customer import Customer
from sidecar.consumer import Decision
from sidecar.customer_profile.addresses import magento_address
from sidecar.customer_profile.of_stripe import LABELS, profile_of_stripe
from sidecar.customer_profile.person_name import PersonName, split
from sidecar.customer_profile.profile import Profile
from sidecar.effects.create_account import CreateAccount
from sidecar.effects.effect import Effect
from sidecar.errors import NotFoundError
from sidecar.ports.bundle import Ports
from sidecar.ports.magento_customers import NewMagentoCustomer

NO_LAST_NAME = "-"
"""Magento wants one."""


async def make_account(customer: StripeCustomerRef, ports: Ports) -> Decision:
    """Read the customer and make the account, unless it stands for somebody by now."""
    where = ports.policies.making_accounts(customer.stripe)
    linked = await ports.store.customers.links_of(customer.stripe, customer.customer)
    if where is None or linked:
        return Decision()
    try:
        seen = await ports.payments[customer.stripe].retrieve_customer(customer.customer)
    except NotFoundError:
        return Decision()
    if not can_have_account(seen):
        return Decision()
    instance, store_code = where
    effect = CreateAccount(
        stripe=customer.stripe,
        stripe_customer=customer.customer,
        instance=Instance(instance),
        new=_new(profile_of_stripe(seen), store_code),
        seen=profile_of_stripe(seen),
        naming="person",
        decided_at=ports.clock.now(),
    )
    entry = await ports.store.ledger.read(effect.key)
    effects: list[Effect] = [] if entry is not None and entry.state == "done" else [effect]
    return Decision(effects)


def can_have_account(customer: Customer) -> bool:
    """Whether Stripe knows enough of somebody who is nobody's yet."""
    known = bool(customer.email and customer.name and customer.name.strip())
    return known and not customer.deleted and not (LABELS | {"magento_order_id"}) & customer.metadata.keys()


def _new(profile: Profile, store_code: str) -> NewMagentoCustomer:
    name = split(profile.name or "", PersonName(firstname=NO_LAST_NAME, lastname=NO_LAST_NAME))
    return NewMagentoCustomer(
        store_code=store_code, email=profile.email or "", name=name, address=_address(profile, name)
    )


def _address(profile: Profile, name: PersonName) -> Address | None:
    """The address, if Magento would take it: it wants a street, a city and a telephone number."""
    stripe = profile.address
    if stripe is None or not (stripe.line1 and stripe.city and stripe.country and profile.phone):
        return None
    blank = Address(
        firstname=name.firstname, lastname=name.lastname, telephone=profile.phone, country_id=stripe.country.upper()
    )
    return magento_address(stripe, blank)
