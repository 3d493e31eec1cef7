"""Customers (docs.stripe.com/api/customers)."""

import re

from stripe.params import (
    CustomerCreateParams,
    CustomerDeleteParams,
    CustomerListParams,
    CustomerRetrieveParams,
    CustomerSearchParams,
    CustomerUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject, address_document, shipping_document
from sidecar.sandbox.stripe.errors import invalid, resource_missing
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Customer
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import Parameters
from sidecar.sandbox.stripe.payment_methods import attach, use_payment_method
from sidecar.sandbox.stripe.search import search

_TEXTS = ("description", "email", "name", "phone", "business_name", "individual_name")
_UNSETTABLE = frozenset(("description", "email", "name", "phone", "address", "shipping"))
"""Stripe's own types for Java take an `EmptyParam` for each of these texts and for each line of these hashes
(`CustomerUpdateParams`)."""
_LONGEST = {"name": 256, "email": 512, "phone": 20, "business_name": 150, "individual_name": 150}
_NOT_MODELLED = frozenset(
    (
        "balance", "cash_balance", "invoice_prefix",
        "next_invoice_sequence", "source", "default_source", "tax", "tax_id_data", "test_clock",
    )
)  # fmt: skip


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def customer_document(account: Account, customer: Customer) -> JsonObject:
    """Write it as the API does."""
    if customer.deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    names = {"business_name": customer.business_name, "individual_name": customer.individual_name}
    return {name: value for name, value in names.items() if value is not None} | {
        "id": customer.id,
        "object": "customer",
        "address": address_document(customer.address) if customer.address is not None else None,
        "balance": 0,
        "created": customer.created,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": customer.description,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": customer.invoice_prefix,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": customer.default_payment_method,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": account.livemode,
        "metadata": dict(customer.metadata),
        "name": customer.name,
        "next_invoice_sequence": 1,
        "phone": customer.phone,
        "preferred_locales": list(customer.preferred_locales),
        "shipping": shipping_document(customer.shipping),
        "tax_exempt": customer.tax_exempt,
        "test_clock": None,
    }


def living_customer(account: Account, identifier: str, *, param: str = "customer", status: int = 400) -> Customer:
    """The customer, unless it is unknown or deleted: `resource_missing`."""
    customer = account.customers.get(identifier, param=param, status=status)
    if customer.deleted:
        raise resource_missing("customer", identifier, param=param, status=status)
    return customer


def new_customer(account: Account) -> Customer:
    """Make an empty one; nothing is emitted yet."""
    return account.customers.add(
        Customer(id=account.new_id("cus", 14), created=account.clock.now(), invoice_prefix=account.ids.tail(8).upper())
    )


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    metadata = parameters.metadata()
    token = parameters.text("payment_method")
    method = use_payment_method(account, token) if token else None
    customer = new_customer(account)
    customer.metadata = metadata
    _apply(customer, parameters)
    emit(account, "customer.created", customer_document(account, customer))
    if method is not None:
        attach(account, method, customer.id)
    return customer_document(account, customer)


def _apply(customer: Customer, parameters: Parameters) -> None:
    for name in _TEXTS:
        if name in parameters:
            text = parameters.text(name)
            longest = _LONGEST.get(name)
            if text is not None and longest is not None and len(text) > longest:
                message = f"Invalid string: {text}; must be at most {longest} characters"
                raise invalid(message, param=name)
            if name == "email" and text is not None and not _EMAIL.fullmatch(text):
                raise invalid(f"Invalid email address: {text}", param="email", code="email_invalid")
            setattr(customer, name, text)
    if "address" in parameters:
        customer.address = parameters.document("address")
    if "shipping" in parameters:
        customer.shipping = parameters.document("shipping")
    if "preferred_locales" in parameters:
        customer.preferred_locales = parameters.texts("preferred_locales") or []
    if "tax_exempt" in parameters:
        customer.tax_exempt = parameters.text("tax_exempt") or "none"
    settings = parameters.inner("invoice_settings")
    if "default_payment_method" in settings:
        customer.default_payment_method = settings.text("default_payment_method")


def _retrieve(call: Call) -> JsonObject:
    return customer_document(call.account, call.account.customers.get(call.id))


def _update(call: Call) -> JsonObject:
    account = call.account
    customer = living_customer(account, call.id, param="id", status=404)
    before = customer_document(account, customer)
    customer.metadata = call.parameters.metadata(customer.metadata)
    _apply(customer, call.parameters)
    after = customer_document(account, customer)
    changed = previous(before, after)
    if changed:
        emit(account, "customer.updated", after, changed)
    return after


def previous(before: JsonObject, after: JsonObject) -> JsonObject:
    """What an update changed, as it was before: of a hash that was there and stays, only its changed members."""
    changed: JsonObject = {}
    for name in before.keys() | after.keys():
        was, is_now = before.get(name), after.get(name)
        if was == is_now:
            continue
        both = isinstance(was, dict) and isinstance(is_now, dict)
        changed[name] = previous(was, is_now) if both else was  # type: ignore[arg-type]  # both are hashes
    return changed


def _delete(call: Call) -> JsonObject:
    account = call.account
    customer = living_customer(account, call.id, param="id", status=404)
    document = customer_document(account, customer)
    customer.deleted = True
    for method in account.payment_methods.members("customer", customer.id):
        if method.customer == customer.id:
            method.customer, method.used = None, True
    for tax_id in account.tax_ids.members("customer", customer.id):
        tax_id.deleted = True
    emit(account, "customer.deleted", document)
    return customer_document(account, customer)


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    email = parameters.text("email")

    def keep(customer: Customer) -> bool:
        return not customer.deleted and (email is None or customer.email == email)

    return account.customers.page(
        parameters, "/v1/customers", lambda customer: customer_document(account, customer), keep=keep
    )


def _search(call: Call) -> JsonObject:
    account = call.account
    living = [customer for customer in account.customers if not customer.deleted]
    return search(call, "/v1/customers/search", living, lambda customer: customer_document(account, customer))


OPERATIONS = (
    Operation("POST", "/v1/customers", _create, CustomerCreateParams, _NOT_MODELLED),
    Operation("GET", "/v1/customers", _list, CustomerListParams, frozenset(("test_clock",))),
    Operation("GET", "/v1/customers/search", _search, CustomerSearchParams),
    Operation("GET", "/v1/customers/{id}", _retrieve, CustomerRetrieveParams),
    Operation("POST", "/v1/customers/{id}", _update, CustomerUpdateParams, _NOT_MODELLED, _UNSETTABLE),
    Operation("DELETE", "/v1/customers/{id}", _delete, CustomerDeleteParams),
)
