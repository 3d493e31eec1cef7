"""Checkout Sessions: hosted pages to pay on (docs.stripe.com/api/checkout/sessions)."""

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
    SessionUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.checkout_payment import expire
from sidecar.sandbox.stripe.checkout_session_document import checkout_session_document, line_items_document
from sidecar.sandbox.stripe.currencies import check_amount, check_currency
from sidecar.sandbox.stripe.customers import living_customer
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid, not_modelled, refused
from sidecar.sandbox.stripe.objects import CheckoutSession, LineItem
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import Parameters

SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 3600
_NOT_MODELLED = frozenset(
    (
        "adaptive_pricing", "after_expiration", "allow_promotion_codes", "automatic_tax", "branding_settings",
        "consent_collection", "custom_fields", "custom_text", "customer_account", "customer_update", "discounts",
        "excluded_payment_method_types", "integration_identifier", "invoice_creation", "managed_payments",
        "name_collection", "optional_items", "payment_method_collection", "payment_method_configuration",
        "payment_method_data", "permissions", "redirect_on_completion", "return_url", "saved_payment_method_options",
        "setup_intent_data", "shipping_address_collection", "shipping_options", "subscription_data",
        "tax_id_collection", "wallet_options",
    )
)  # fmt: skip
_INTENT_DATA = frozenset(
    (
        "capture_method", "description", "metadata", "receipt_email", "setup_future_usage", "shipping",
        "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
    )
)  # fmt: skip
_TEXTS = (
    "billing_address_collection", "cancel_url", "client_reference_id", "customer_creation", "customer_email", "locale",
    "origin_context", "submit_type", "success_url",
)  # fmt: skip


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    if parameters.text("mode") != "payment":
        raise not_modelled("mode other than payment")
    if parameters.text("ui_mode") not in {None, "hosted_page"}:
        raise not_modelled("ui_mode other than hosted_page")
    if parameters.text("success_url") is None:
        raise invalid("Missing required param: success_url.", param="success_url", code="parameter_missing")
    named = [name for name in ("customer", "customer_email") if name in parameters]
    if len(named) > 1:
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    items = _line_items(account, parameters)
    now = account.clock.now()
    session = CheckoutSession(
        id=account.new_id("cs_live" if account.livemode else "cs_test", 58),
        created=now,
        url_secret=account.ids.tail(16),
        currency=items[0].currency,
        line_items=items,
        expires_at=_expiry(parameters, now),
        intent_data={},
        intent_metadata=parameters.inner("payment_intent_data").metadata(),
        metadata=parameters.metadata(),
    )
    check_amount(session.amount_total, session.currency, param="line_items")
    _apply(account, session, parameters)
    account.checkout_sessions.add(session, customer=session.customer)
    account.agenda.at(session.expires_at, lambda: expire(account, session))
    return checkout_session_document(account, session)


def _line_items(account: Account, parameters: Parameters) -> list[LineItem]:
    items = [
        _line_item(account, given, f"line_items[{index}]")
        for index, given in enumerate(parameters.documents("line_items"))
    ]
    if not items:
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    if len({item.currency for item in items}) > 1:
        raise invalid("The line items must all have the same currency.", param="line_items")
    return items


def _line_item(account: Account, given: Parameters, name: str) -> LineItem:
    for other in sorted(given.names - {"price_data", "quantity", "metadata"}):
        raise not_modelled(f"{name}[{other}]")
    price = given.inner("price_data")
    for other in sorted(price.names - {"currency", "product", "product_data", "unit_amount", "tax_behavior"}):
        raise not_modelled(f"{name}[price_data][{other}]")
    amount = price.integer("unit_amount")
    product = price.inner("product_data")
    if amount is None or (not product.names and price.text("product") is None):
        raise invalid(f"Missing required param: {name}[price_data].", param=name, code="parameter_missing")
    return LineItem(
        id=account.new_id("li"),
        price_id=account.new_id("price"),
        product_id=price.text("product") or account.new_id("prod", 14),
        created=account.clock.now(),
        name=product.text("name") or price.text("product") or "",
        unit_amount=amount,
        quantity=given.integer("quantity") or 1,
        currency=check_currency(price.text("currency") or ""),
        tax_behavior=price.text("tax_behavior") or "unspecified",
        metadata=given.metadata(),
    )


def _expiry(parameters: Parameters, now: int) -> int:
    asked = parameters.integer("expires_at")
    if asked is None:
        return now + LONGEST_LIFE
    if asked < now + SHORTEST_LIFE:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if asked > now + LONGEST_LIFE:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return asked


def _apply(account: Account, session: CheckoutSession, parameters: Parameters) -> None:
    for name in _TEXTS:
        if name in parameters:
            setattr(session, name, parameters.text(name))
    customer = parameters.text("customer")
    if customer is not None:
        session.customer = living_customer(account, customer).id
    elif session.customer_creation is None:
        session.customer_creation = "if_required"
    session.allowed_payment_method_types = parameters.texts("allowed_payment_method_types")
    session.phone_number_collection = parameters.inner("phone_number_collection").flag("enabled") is True
    data = parameters.inner("payment_intent_data")
    for other in sorted(data.names - _INTENT_DATA):
        raise not_modelled(f"payment_intent_data[{other}]")
    session.intent_data = parameters.document("payment_intent_data") or {}
    options = parameters.inner("payment_method_options")
    for other in sorted(options.names - {"card"}):
        raise not_modelled(f"payment_method_options[{other}]")
    for other in sorted(options.inner("card").names - {"request_three_d_secure"}):
        raise not_modelled(f"payment_method_options[card][{other}]")
    session.request_three_d_secure = options.inner("card").text("request_three_d_secure") or "automatic"


def _expire(call: Call) -> JsonObject:
    account = call.account
    session = account.checkout_sessions.get(call.id)
    if not expire(account, session):
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session.status}`."
        )
    return checkout_session_document(account, session)


def _update(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    for name in sorted(parameters.names - {"metadata", "expand"}):
        raise not_modelled(name)
    session = account.checkout_sessions.get(call.id)
    session.metadata = parameters.metadata(session.metadata)
    return checkout_session_document(account, session)


def _retrieve(call: Call) -> JsonObject:
    return checkout_session_document(call.account, call.account.checkout_sessions.get(call.id))


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    intent, customer = parameters.text("payment_intent"), parameters.text("customer")
    status = parameters.text("status")
    email = parameters.inner("customer_details").text("email")

    def keep(session: CheckoutSession) -> bool:
        details = session.customer_details or {}
        return (
            customer in {None, session.customer}
            and status in {None, session.status}
            and (email is None or details.get("email") == email)
        )

    return account.checkout_sessions.page(
        parameters,
        "/v1/checkout/sessions",
        lambda session: checkout_session_document(account, session),
        group=("payment_intent", intent) if intent else ("customer", customer),
        keep=keep,
    )


def _line_item_list(call: Call) -> JsonObject:
    return line_items_document(call.account, call.account.checkout_sessions.get(call.id))


OPERATIONS = (
    Operation("POST", "/v1/checkout/sessions", _create, SessionCreateParams, _NOT_MODELLED),
    Operation(
        "GET",
        "/v1/checkout/sessions",
        _list,
        SessionListParams,
        frozenset(("customer_account", "payment_link", "subscription")),
    ),
    Operation("GET", "/v1/checkout/sessions/{id}", _retrieve, SessionRetrieveParams),
    Operation("POST", "/v1/checkout/sessions/{id}", _update, SessionUpdateParams),
    Operation("POST", "/v1/checkout/sessions/{id}/expire", _expire, SessionExpireParams),
    Operation("GET", "/v1/checkout/sessions/{id}/line_items", _line_item_list, SessionLineItemListParams),
)
