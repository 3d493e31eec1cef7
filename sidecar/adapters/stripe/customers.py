"""Customers (docs.stripe.com/api/customers)."""

from typing import TYPE_CHECKING, Literal, cast

from schemas.ids import CustomerId
from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import Customer, CustomerShipping
from sidecar.adapters.stripe.addresses import address_of, address_params, shipping_of
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import contains, newest_first
from sidecar.adapters.stripe.locales import language_tag
from sidecar.customer_profile.profile import LONGEST_BUSINESS_NAME, LONGEST_NAME, LONGEST_PHONE, Changes
from sidecar.errors import NotFoundError
from sidecar.ports.payments import IdempotencyKey, Metadata, NewCustomer

if TYPE_CHECKING:
    from stripe.params import (
        CustomerCreateParams,
        CustomerListParams,
        CustomerUpdateParams,
        CustomerUpdateParamsShipping,
    )

CREATE = Endpoint("post", "/v1/customers")
RETRIEVE = Endpoint("get", "/v1/customers/{id}")
UPDATE = Endpoint("post", "/v1/customers/{id}")
DELETE = Endpoint("delete", "/v1/customers/{id}")
LIST = Endpoint("get", "/v1/customers")


def create_params(new: NewCustomer) -> "CustomerCreateParams":
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
    if new.shipping is not None:
        params["shipping"] = shipping_of(new.shipping)
    if new.preferred_locale:
        params["preferred_locales"] = [language_tag(new.preferred_locale)]
    if new.tax_exempt is not None:
        params["tax_exempt"] = new.tax_exempt
    if new.business_name:
        params["business_name"] = new.business_name[:LONGEST_BUSINESS_NAME]
    return params


def update_params(changes: Changes) -> "CustomerUpdateParams":
    """The request: what is in `fields` and nothing else; what is null is sent empty, which unsets it."""
    to = changes.to
    every: CustomerUpdateParams = {
        "email": to.email or "",
        "name": to.name or "",
        "phone": to.phone or "",
        "address": "" if to.address is None else address_params(to.address, unset=True),
        "shipping": "" if to.shipping is None else _shipping(to.shipping),
        "preferred_locales": list(to.preferred_locales),
        "tax_exempt": cast("Literal['none', 'exempt', 'reverse']", to.tax_exempt or "none"),
        "business_name": to.business_name or "",
        "metadata": to.metadata,
    }
    wanted = {name: value for name, value in every.items() if name in changes.fields}
    if wanted.get("preferred_locales") == []:
        wanted["preferred_locales"] = ""  # an empty list is no parameter in a form
    return cast("CustomerUpdateParams", wanted)


def _shipping(shipping: CustomerShipping) -> "CustomerUpdateParamsShipping":
    return {
        "name": shipping.name or "",
        "phone": shipping.phone or "",
        "address": address_params(shipping.address or StripeAddress(), unset=True),
    }


async def create(client: StripeClient, new: NewCustomer, key: IdempotencyKey) -> Customer:
    """Make one."""
    return await client.post(Customer, CREATE, params=create_params(new), key=key)


async def retrieve(client: StripeClient, customer: CustomerId) -> Customer:
    """Read one as it is now."""
    return await client.get(Customer, RETRIEVE, customer)


async def update(client: StripeClient, customer: CustomerId, changes: Changes, key: IdempotencyKey) -> Customer:
    """Change some fields of one."""
    return await client.post(Customer, UPDATE, customer, params=update_params(changes), key=key)


async def delete(client: StripeClient, customer: CustomerId) -> Customer:
    """Delete one; that it is gone already is what was wanted."""
    try:
        return await client.delete(Customer, DELETE, customer)
    except NotFoundError:
        return Customer(id=customer, deleted=True)


async def find_all(client: StripeClient, email: str) -> tuple[Customer, ...]:
    """All with this address, newest first. Stripe compares addresses letter by letter, case included."""
    params: CustomerListParams = {"email": email}
    return tuple([customer async for customer in newest_first(client, Customer, LIST, params)])


async def find(client: StripeClient, email: str, metadata: Metadata) -> Customer | None:
    """The newest with this address and metadata. Stripe compares addresses letter by letter, case included."""
    params: CustomerListParams = {"email": email}
    async for customer in newest_first(client, Customer, LIST, params):
        if contains(customer.metadata, metadata):
            return customer
    return None
