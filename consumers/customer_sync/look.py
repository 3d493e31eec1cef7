"""Looks for a Stripe Customer that is there already: the account's own, or one of a guest who is its owner.

An equal e-mail address alone is never a reason: it may be mistyped, shared, or somebody else's.
"""

from collections.abc import Sequence

from consumers.customer_sync.state import Found
from schemas.ids import CustomerId, Instance, MagentoOrderId
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.customer import Customer
from sidecar.effects.create_account import key_of
from sidecar.errors import NotFoundError, NotYetError
from sidecar.policy import StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.records import CustomerLink


async def look(
    magento: CustomerSnapshot, policy: StorePolicy, links: Sequence[CustomerLink], ports: Ports
) -> Found | None:
    """The newest that fits, those that name the account first.

    Raises:
        NotYetError: the account is being made for a customer of Stripe's at this moment.
    """
    listed = await ports.payments[policy.stripe].find_customers(magento.email)
    gone = {link.customer for link in links if link.stripe == policy.stripe and link.gone_at is not None}
    customers = [customer for customer in listed if customer.id not in gone]
    for customer in customers:
        if _names(customer, magento) and await _is_free(customer.id, policy, ports):
            return Found(customer.id, "named")
    for customer in customers:
        found = await _of_guest(customer, magento, policy, ports)
        if found is not None:
            return found
        await _wait_for_account(customer, magento, policy, ports)
    return None


def _names(customer: Customer, magento: CustomerSnapshot) -> bool:
    labels = customer.metadata
    return (
        labels.get("magento_instance") == magento.instance
        and labels.get("magento_customer_id") == str(magento.customer_id)
        and labels.get("magento_website", magento.store.website_code) == magento.store.website_code
    )


async def _is_free(customer: CustomerId, policy: StorePolicy, ports: Ports) -> bool:
    """Whether it stands for no account yet: not for another, and not for this one in another website."""
    links = await ports.store.customers.links_of(policy.stripe, customer)
    return all(link.account is None for link in links)


async def _of_guest(customer: Customer, magento: CustomerSnapshot, policy: StorePolicy, ports: Ports) -> Found | None:
    rule = policy.customers.link_guests
    if rule == "never" or "magento_customer_id" in customer.metadata:
        return None
    links = await ports.store.customers.links_of(policy.stripe, customer.id)
    orders = [
        link.buyer.removeprefix("order/")
        for link in links
        if link.instance == magento.instance and link.website_code == magento.store.website_code
    ]
    if not orders or any(link.account for link in links):
        return None
    if await _moved(MagentoOrderId(int(orders[0])), magento, ports):
        return Found(customer.id, "order_moved")
    if rule == "when_email_confirmed" and await _is_confirmed(magento, ports):
        return Found(customer.id, "email_confirmed")
    return None


async def _moved(order: MagentoOrderId, magento: CustomerSnapshot, ports: Ports) -> bool:
    try:
        seen = await ports.magento[Instance(magento.instance)].read_order(order)
    except NotFoundError:
        return False
    return seen.customer_id == magento.customer_id


async def _is_confirmed(magento: CustomerSnapshot, ports: Ports) -> bool:
    try:
        return await ports.magento_customers[Instance(magento.instance)].is_confirmed(magento.customer_id)
    except NotFoundError:
        return False


async def _wait_for_account(customer: Customer, magento: CustomerSnapshot, policy: StorePolicy, ports: Ports) -> None:
    """An account that is being made for this customer may be this very one: its link is written when that is done."""
    if not policy.customers.create_in_magento:
        return
    entry = await ports.store.ledger.read(key_of(Instance(magento.instance), policy.stripe, customer.id))
    if entry is not None and entry.state != "done":
        raise NotYetError("account_being_made", f"an account is being made for {customer.id}")
