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
from sidecar.sandbox.stripe.confirmation import attempt
from sidecar.sandbox.stripe.currencies import check_amount, check_currency
from sidecar.sandbox.stripe.customers import customer_document, living_customer, new_customer
from sidecar.sandbox.stripe.documents import JsonObject, address_document
from sidecar.sandbox.stripe.errors import invalid, not_modelled, refused
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import CheckoutSession, LineItem, PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import Parameters
from sidecar.sandbox.stripe.payment_intents import cancel, keep_payment_intent, new_payment_intent

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


def checkout_session_document(account: Account, session: CheckoutSession) -> JsonObject:
    """Write it as the API does; the line items come only when expanded."""
    return {
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": session.allowed_payment_method_types,
        "amount_subtotal": session.amount_total,
        "amount_total": session.amount_total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": session.billing_address_collection,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "client_secret": None,
        "collected_information": {"business_name": None, "individual_name": None, "shipping_details": None},
        "consent": None,
        "consent_collection": None,
        "created": session.created,
        "currency": session.currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": session.customer,
        "customer_account": None,
        "customer_creation": session.customer_creation,
        "customer_details": dict(session.customer_details) if session.customer_details else None,
        "customer_email": session.customer_email,
        "discounts": [],
        "expires_at": session.expires_at,
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                "account_tax_ids": None,
                "custom_fields": None,
                "description": None,
                "footer": None,
                "issuer": None,
                "metadata": {},
                "rendering_options": None,
            },
        },
        "livemode": account.livemode,
        "locale": session.locale,
        "managed_payments": {"enabled": False},
        "metadata": dict(session.metadata),
        "mode": "payment",
        "origin_context": session.origin_context,
        "payment_intent": session.payment_intent,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": {"id": f"pmc_{account.id[5:]}", "parent": None},
        "payment_method_options": {"card": {"request_three_d_secure": session.request_three_d_secure}},
        "payment_method_types": session.allowed_payment_method_types or ["card"],
        "payment_status": session.payment_status,
        "permissions": None,
        "phone_number_collection": {"enabled": session.phone_number_collection},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": session.status,
        "submit_type": session.submit_type,
        "subscription": None,
        "success_url": session.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": page_url(account, session) if session.status == "open" else None,
        "wallet_options": None,
    }


def page_url(account: Account, session: CheckoutSession) -> str:
    """Where the shopper pays."""
    return f"{account.base_url}/c/pay/{account.alias}/{session.id}"


def line_items_document(account: Account, session: CheckoutSession) -> JsonObject:
    """The lines, as the list that `expand[]=line_items` gives."""
    return {
        "object": "list",
        "data": [_line_item_document(account, item) for item in session.line_items],
        "has_more": False,
        "url": f"/v1/checkout/sessions/{session.id}/line_items",
    }


def _line_item_document(account: Account, item: LineItem) -> JsonObject:
    return {
        "id": item.id,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": item.amount,
        "amount_tax": 0,
        "amount_total": item.amount,
        "currency": item.currency,
        "description": item.name,
        "metadata": dict(item.metadata),
        "price": {
            "id": item.price_id,
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": item.created,
            "currency": item.currency,
            "custom_unit_amount": None,
            "livemode": account.livemode,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": item.product_id,
            "recurring": None,
            "tax_behavior": item.tax_behavior,
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": item.unit_amount,
            "unit_amount_decimal": str(item.unit_amount),
        },
        "quantity": item.quantity,
    }


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
    session.request_three_d_secure = options.inner("card").text("request_three_d_secure") or "automatic"


def pay(
    account: Account, session: CheckoutSession, method: PaymentMethod, *, email: str | None, name: str | None
) -> None:
    """The shopper presses the button: only now is there an intent.

    Raises:
        StripeError: 402 when the card is declined, and the page stays open; 400 when the page is closed.
    """
    if session.status != "open":
        raise refused(f"This Checkout Session is {session.status}.")
    customer = account.customers.find(session.customer or "")
    session.customer_details = {
        "address": address_document(None),
        "business_name": None,
        "email": (customer.email if customer else None) or session.customer_email or email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    method.billing_details["email"] = session.customer_details["email"]
    method.billing_details["name"] = name
    intent = account.payment_intents.find(session.payment_intent or "")
    if intent is None:
        intent = _new_intent(account, session)
    elif intent.status == "requires_action":
        intent.status = "requires_payment_method"
    attempt(account, intent, method, off_session=False)
    _follow(account, intent)


def _new_intent(account: Account, session: CheckoutSession) -> PaymentIntent:
    data = Parameters(session.intent_data)
    intent = new_payment_intent(account, session.amount_total, session.currency)
    intent.capture_method = data.text("capture_method") or intent.capture_method
    intent.description = data.text("description")
    intent.receipt_email = data.text("receipt_email")
    intent.setup_future_usage = data.text("setup_future_usage")
    intent.shipping = data.document("shipping")
    intent.statement_descriptor_suffix = data.text("statement_descriptor_suffix")
    intent.transfer_group = data.text("transfer_group")
    intent.metadata = dict(session.intent_metadata)
    intent.request_three_d_secure = session.request_three_d_secure
    intent.checkout_session = session.id
    intent.return_url = f"{page_url(account, session)}/return"
    if session.customer is None and (session.customer_creation == "always" or intent.setup_future_usage is not None):
        details = session.customer_details or {}
        customer = new_customer(account)
        customer.email = str(details["email"]) if details.get("email") else None
        customer.name = str(details["name"]) if details.get("name") else None
        session.customer = customer.id
        account.checkout_sessions.group(session, "customer", customer.id)
        emit(account, "customer.created", customer_document(account, customer))
    intent.customer = session.customer
    session.payment_intent = intent.id
    account.checkout_sessions.group(session, "payment_intent", intent.id)
    keep_payment_intent(account, intent)
    return intent


def _follow(account: Account, intent: PaymentIntent) -> None:
    """Keep a session in step with its intent."""
    session = account.checkout_sessions.find(intent.checkout_session or "")
    if session is None:
        return
    if session.status == "open" and intent.status in {"succeeded", "requires_capture", "processing"}:
        session.status = "complete"
        session.payment_status = "paid" if intent.status == "succeeded" else "unpaid"
        emit(account, "checkout.session.completed", checkout_session_document(account, session))
        return
    if session.status != "complete" or session.payment_status != "unpaid":
        return
    charge = account.charges.find(intent.latest_charge or "")
    delayed = charge is not None and charge.method.type == "us_bank_account"
    if intent.status == "succeeded":
        session.payment_status = "paid"
        if delayed:
            emit(account, "checkout.session.async_payment_succeeded", checkout_session_document(account, session))
    elif intent.status == "requires_payment_method" and delayed:
        emit(account, "checkout.session.async_payment_failed", checkout_session_document(account, session))


def follow_intents(account: Account) -> None:
    """Have the account's sessions keep in step with their intents."""
    account.followers.append(_follow)


def expire(account: Account, session: CheckoutSession) -> bool:
    """Close an open page for good, its intent with it; says whether it was open."""
    if session.status != "open":
        return False
    session.status = "expired"
    intent = account.payment_intents.find(session.payment_intent or "")
    if intent is not None and intent.status in {"requires_payment_method", "requires_action"}:
        cancel(account, intent, "expired")
    emit(account, "checkout.session.expired", checkout_session_document(account, session))
    return True


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
