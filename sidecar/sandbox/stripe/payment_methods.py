"""PaymentMethods, made from Stripe's documented test ids (docs.stripe.com/api/payment_methods)."""

from stripe.params import (
    CustomerPaymentMethodListParams,
    PaymentMethodAttachParams,
    PaymentMethodDetachParams,
    PaymentMethodListParams,
    PaymentMethodRetrieveParams,
    PaymentMethodUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject, address_document
from sidecar.sandbox.stripe.errors import StripeError, invalid, refused, resource_missing
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import PaymentMethod
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.test_cards import DOCUMENTED, TestMethod

EXPIRY_MONTH = 12
YEARS_VALID = 4


def billing_details(
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    address: JsonObject | None = None,
) -> JsonObject:
    """Write billing details with all their fields."""
    return {"address": address_document(address), "email": email, "name": name, "phone": phone, "tax_id": None}


def payment_method_document(account: Account, method: PaymentMethod) -> JsonObject:
    """Write it as the API does."""
    of_type = _card_document(account, method) if method.method.type == "card" else _bank_document(method)
    return {
        "id": method.id,
        "object": "payment_method",
        "allow_redisplay": method.allow_redisplay,
        "billing_details": dict(method.billing_details),
        method.method.type: of_type,
        "created": method.created,
        "customer": method.customer,
        "customer_account": None,
        "livemode": account.livemode,
        "metadata": dict(method.metadata),
        "type": method.method.type,
    }


def expiry_year(created: int) -> int:
    """When a test card made at that time expires: never soon."""
    return 1970 + created // 31_556_952 + YEARS_VALID


def _card_document(_account: Account, method: PaymentMethod) -> JsonObject:
    card = method.method
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": card.address_line1_check,
            "address_postal_code_check": card.address_postal_code_check,
            "cvc_check": card.cvc_check,
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": EXPIRY_MONTH,
        "exp_year": expiry_year(method.created),
        "fingerprint": method.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _bank_document(method: PaymentMethod) -> JsonObject:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": method.fingerprint,
        "last4": method.method.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }


def new_payment_method(account: Account, method: TestMethod, details: JsonObject | None = None) -> PaymentMethod:
    """Make one from a documented test method."""
    return account.payment_methods.add(
        PaymentMethod(
            id=account.new_id("pm"),
            created=account.clock.now(),
            method=method,
            billing_details=details or billing_details(),
            fingerprint=account.ids.tail(16),
            set_up_off_session=method.authentication == "already_set_up",
        )
    )


def use_payment_method(account: Account, identifier: str, *, param: str = "payment_method") -> PaymentMethod:
    """The method that a request names: a documented test id becomes a new one each time, as at Stripe."""
    documented = DOCUMENTED.by_id.get(identifier)
    if documented is not None:
        if account.livemode:
            raise StripeError(
                400,
                f"No such PaymentMethod: '{identifier}'; a similar object exists in test mode, but a live mode key was "
                "used to make this request.",
                code="resource_missing",
                param=param,
            )
        return new_payment_method(account, documented)
    return account.payment_methods.get(identifier, param=param, status=400)


def attach(account: Account, method: PaymentMethod, customer: str) -> None:
    """Save it to a customer. Raises a card error when the test card is one that cannot be saved."""
    if method.customer is not None and method.customer != customer:
        raise refused("The payment method you provided has already been attached to a customer.")
    if method.used:
        raise refused(REUSE_MESSAGE)
    card = method.method
    if card.declines_attach and card.decline is not None:
        decline = card.decline
        raise StripeError(
            402,
            decline.message,
            type="card_error",
            code=decline.code,
            extra={"decline_code": decline.decline_code, "advice_code": decline.advice_code},
        )
    if method.customer is None:
        method.customer = customer
        account.payment_methods.group(method, "customer", customer)
        emit(account, "payment_method.attached", payment_method_document(account, method))


REUSE_MESSAGE = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a "
    "connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use "
    "a PaymentMethod multiple times, you must attach it to a Customer first."
)


def _retrieve(call: Call) -> JsonObject:
    account = call.account
    if call.id in DOCUMENTED.by_id and not account.livemode:
        return payment_method_document(account, use_payment_method(account, call.id))
    return payment_method_document(account, account.payment_methods.get(call.id))


def _update(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    method = account.payment_methods.get(call.id)
    if method.customer is None:
        raise refused("You must save this PaymentMethod to a customer before you can update it.")
    method.metadata = parameters.metadata(method.metadata)
    details = parameters.inner("billing_details")
    for name in ("email", "name", "phone"):
        if name in details:
            method.billing_details[name] = details.text(name)
    if "address" in details:
        method.billing_details["address"] = address_document(details.document("address"))
    document = payment_method_document(account, method)
    emit(account, "payment_method.updated", document)
    return document


def _attach(call: Call) -> JsonObject:
    account = call.account
    customer = call.parameters.text("customer")
    if customer is None:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    owner = account.customers.get(customer, param="customer", status=400)
    if owner.deleted:
        raise resource_missing("customer", customer, param="customer", status=400)
    method = use_payment_method(account, call.id, param="id")
    attach(account, method, customer)
    return payment_method_document(account, method)


def _detach(call: Call) -> JsonObject:
    account = call.account
    method = account.payment_methods.get(call.id)
    if method.customer is None:
        raise refused("The payment method you provided is not attached to a customer so detachment is impossible.")
    customer, method.customer, method.used = method.customer, None, True
    owner = account.customers.find(customer)
    if owner is not None and owner.default_payment_method == method.id:
        owner.default_payment_method = None
    document = payment_method_document(account, method)
    emit(account, "payment_method.detached", document, {"customer": customer})
    return document


def _list(call: Call) -> JsonObject:
    return _of_customer(call, call.parameters.text("customer"), "/v1/payment_methods")


def _list_of_customer(call: Call) -> JsonObject:
    return _of_customer(call, call.id, f"/v1/customers/{call.id}/payment_methods")


def _of_customer(call: Call, customer: str | None, url: str) -> JsonObject:
    account, kind = call.account, call.parameters.text("type")
    if customer is None:
        return {"object": "list", "data": [], "has_more": False, "url": url}
    owner = account.customers.get(customer, param="customer", status=400)
    return account.payment_methods.page(
        call.parameters,
        url,
        lambda method: payment_method_document(account, method),
        group=("customer", owner.id),
        keep=lambda method: method.customer == owner.id and kind in {None, method.method.type},
    )


OPERATIONS = (
    Operation("GET", "/v1/payment_methods", _list, PaymentMethodListParams),
    Operation("GET", "/v1/payment_methods/{id}", _retrieve, PaymentMethodRetrieveParams),
    Operation(
        "POST",
        "/v1/payment_methods/{id}",
        _update,
        PaymentMethodUpdateParams,
        frozenset(("card", "us_bank_account", "payto", "allow_redisplay")),
    ),
    Operation(
        "POST", "/v1/payment_methods/{id}/attach", _attach, PaymentMethodAttachParams, frozenset(("customer_account",))
    ),
    Operation("POST", "/v1/payment_methods/{id}/detach", _detach, PaymentMethodDetachParams),
    Operation("GET", "/v1/customers/{id}/payment_methods", _list_of_customer, CustomerPaymentMethodListParams),
)
