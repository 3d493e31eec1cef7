"""Customers (docs.stripe.com/api/customers)."""

from stripe.params import CustomerCreateParams, CustomerListParams

from schemas.stripe.customer import Customer
from sidecar.adapters.stripe.addresses import address_of
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import contains, newest_first
from sidecar.adapters.stripe.locales import language_tag
from sidecar.ports.payments import IdempotencyKey, Metadata, NewCustomer

CREATE = Endpoint("post", "/v1/customers")
LIST = Endpoint("get", "/v1/customers")

LONGEST_NAME = 256
LONGEST_PHONE = 20
"""Stripe refuses longer ones; Magento has room for more."""


def create_params(new: NewCustomer) -> CustomerCreateParams:
    """The request. A name is cut and a telephone number left out where Stripe has no room for it."""
    params: CustomerCreateParams = {
        "name": new.name[:LONGEST_NAME],
        "email": new.email,
        "metadata": new.metadata,
    }
    if new.phone and len(new.phone) <= LONGEST_PHONE:
        params["phone"] = new.phone
    if new.address is not None:
        params["address"] = address_of(new.address)
    if new.preferred_locale:
        params["preferred_locales"] = [language_tag(new.preferred_locale)]
    return params


async def create(client: StripeClient, new: NewCustomer, key: IdempotencyKey) -> Customer:
    """Make one."""
    return await client.post(Customer, CREATE, params=create_params(new), key=key)


async def find(client: StripeClient, email: str, metadata: Metadata) -> Customer | None:
    """The newest with this address and metadata. Stripe compares addresses letter by letter, case included."""
    params: CustomerListParams = {"email": email}
    async for customer in newest_first(client, Customer, LIST, params):
        if contains(customer.metadata, metadata):
            return customer
    return None
