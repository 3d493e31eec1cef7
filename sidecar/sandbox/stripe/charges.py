"""Charges: each attempt to take an intent's money (docs.stripe.com/api/charges)."""

from stripe.params import ChargeListParams, ChargeRetrieveParams, ChargeSearchParams, ChargeUpdateParams

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.balance_transactions import record_charge
from sidecar.sandbox.stripe.documents import JsonObject, shipping_document
from sidecar.sandbox.stripe.errors import Decline
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.payment_methods import EXPIRY_MONTH, expiry_year
from sidecar.sandbox.stripe.search import search

AUTHORISATION_LASTS = 7 * 24 * 3600
AUTHORISATION_LASTS_VISA_OFF_SESSION = 5 * 24 * 3600
"""A merchant-initiated Visa authorisation is shorter (docs.stripe.com/payments/place-a-hold-on-a-payment-method)."""


_BOOKED_AFTER = 1.0
"""With `automatic_async`, the default, the balance transaction comes a moment after the charge."""


def new_charge(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    *,
    decline: Decline | None = None,
    authenticated: bool = False,
    pending: bool = False,
    off_session: bool = False,
) -> Charge:
    """Make the charge of one attempt, and keep it as the intent's latest; nothing is emitted yet."""
    capture = intent.capture_method != "manual" and not pending and decline is None
    hold = intent.capture_method == "manual" and decline is None
    lasts = (
        AUTHORISATION_LASTS_VISA_OFF_SESSION if off_session and method.method.brand == "visa" else AUTHORISATION_LASTS
    )
    now = account.clock.now()
    charge = Charge(
        id=account.new_id("py" if method.method.type == "us_bank_account" else "ch"),
        created=now,
        amount=intent.amount,
        currency=intent.currency,
        payment_intent=intent.id,
        payment_method=method.id,
        method=method.method,
        fingerprint=method.fingerprint,
        billing_details=dict(method.billing_details),
        status="failed" if decline else "pending" if pending else "succeeded",
        captured=capture or pending,
        customer=intent.customer,
        description=intent.description,
        metadata=dict(intent.metadata),
        receipt_email=intent.receipt_email,
        shipping=intent.shipping,
        statement_descriptor=intent.statement_descriptor,
        statement_descriptor_suffix=intent.statement_descriptor_suffix,
        transfer_group=intent.transfer_group,
        decline=decline,
        authenticated=authenticated,
        amount_captured=intent.amount if capture or pending else 0,
        capture_before=now + lasts if hold else None,
    )
    account.charges.add(charge, payment_intent=intent.id, customer=intent.customer)
    intent.latest_charge = charge.id
    if capture and intent.capture_method == "automatic":
        record_charge(account, charge)
    elif capture:
        account.agenda.after(_BOOKED_AFTER, lambda: _book(account, charge))
    return charge


def _book(account: Account, charge: Charge) -> None:
    record_charge(account, charge)
    emit(account, "charge.updated", charge_document(account, charge), {"balance_transaction": None})


def charge_document(account: Account, charge: Charge) -> JsonObject:
    """Write it as the API does; the refunds come only when expanded."""
    failed = charge.decline
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount_captured,
        "amount_refunded": charge.amount_refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": charge.balance_transaction,
        "billing_details": dict(charge.billing_details),
        "calculated_statement_descriptor": _descriptor(charge) if charge.method.type == "card" else None,
        "captured": charge.captured,
        "created": charge.created,
        "currency": charge.currency,
        "customer": charge.customer,
        "description": charge.description,
        "disputed": charge.disputed,
        "failure_balance_transaction": charge.failure_balance_transaction,
        "failure_code": failed.code if failed else None,
        "failure_message": failed.message if failed else None,
        "fraud_details": dict(charge.fraud_details),
        "livemode": account.livemode,
        "metadata": dict(charge.metadata),
        "on_behalf_of": None,
        "outcome": _outcome(charge),
        "paid": charge.status == "succeeded",
        "payment_intent": charge.payment_intent,
        "payment_method": charge.payment_method,
        "payment_method_details": _details(charge),
        "receipt_email": charge.receipt_email,
        "receipt_number": None,
        "receipt_url": f"{account.base_url}/receipts/{charge.id}" if charge.status == "succeeded" else None,
        "refunded": charge.amount_refunded == charge.amount,
        "review": None,
        "shipping": shipping_document(charge.shipping),
        "source": None,
        "source_transfer": None,
        "statement_descriptor": charge.statement_descriptor,
        "statement_descriptor_suffix": charge.statement_descriptor_suffix,
        "status": charge.status,
        "transfer_data": None,
        "transfer_group": charge.transfer_group,
    }


def _descriptor(charge: Charge) -> str:
    return f"SANDBOX* {charge.statement_descriptor_suffix}" if charge.statement_descriptor_suffix else "SANDBOX"


def _outcome(charge: Charge) -> JsonObject:
    decline = charge.decline
    blocked = decline is not None and decline.outcome_type == "blocked"
    outcome: JsonObject = {
        "advice_code": decline.advice_code if decline else None,
        "network_advice_code": None,
        "network_decline_code": decline.network_decline_code if decline else None,
        "network_status": "approved_by_network" if decline is None else _refusal(blocked=blocked),
        "reason": decline.reason if decline else None,
        "seller_message": _seller_message(decline, blocked=blocked),
        "type": decline.outcome_type if decline else "authorized",
    }
    if charge.method.type == "card":
        outcome["risk_level"] = charge.method.risk_level
        outcome["risk_score"] = charge.method.risk_score
    return outcome


def _refusal(*, blocked: bool) -> str:
    return "not_sent_to_network" if blocked else "declined_by_network"


def _seller_message(decline: Decline | None, *, blocked: bool) -> str:
    if decline is None:
        return "Payment complete."
    if blocked:
        return "Stripe blocked this payment as too risky."
    if decline.decline_code in {None, "generic_decline"}:
        return "The bank did not return any further details with this decline."
    return f"The bank returned the decline code `{decline.decline_code}`."


def _details(charge: Charge) -> JsonObject:
    if charge.method.type == "us_bank_account":
        return {
            "type": "us_bank_account",
            "us_bank_account": {
                "account_holder_type": "individual",
                "account_type": "checking",
                "bank_name": "STRIPE TEST BANK",
                "fingerprint": charge.fingerprint,
                "last4": charge.method.last4,
                "payment_reference": None,
                "routing_number": "110000000",
            },
        }
    return {"card": _card_details(charge), "type": "card"}


def _card_details(charge: Charge) -> JsonObject:
    card = charge.method
    document: JsonObject = {
        "amount_authorized": charge.amount if charge.status == "succeeded" else None,
        "authorization_code": charge.id[-6:].upper() if charge.status == "succeeded" else None,
        "brand": card.brand,
        "checks": {
            "address_line1_check": card.address_line1_check,
            "address_postal_code_check": card.address_postal_code_check,
            "cvc_check": card.cvc_check,
        },
        "country": card.country,
        "electronic_commerce_indicator": "05" if charge.authenticated else None,
        "exp_month": EXPIRY_MONTH,
        "exp_year": expiry_year(charge.created),
        "extended_authorization": {"status": "disabled"},
        "fingerprint": charge.fingerprint,
        "funding": card.funding,
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": f"{int.from_bytes(charge.id[-6:].encode()):015d}"[-15:],
        "overcapture": {"maximum_amount_capturable": charge.amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure(charge) if charge.authenticated else None,
        "transaction_link_id": None,
        "wallet": None,
    }
    if charge.capture_before is not None and not charge.captured:
        document["capture_before"] = charge.capture_before
    return document


def _three_d_secure(charge: Charge) -> JsonObject:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": f"ds_{charge.id[3:]}",
        "version": "2.2.0",
    }


def _retrieve(call: Call) -> JsonObject:
    return charge_document(call.account, call.account.charges.get(call.id))


def _update(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    charge = account.charges.get(call.id)
    charge.metadata = parameters.metadata(charge.metadata)
    if "description" in parameters:
        charge.description = parameters.text("description")
    if "receipt_email" in parameters:
        charge.receipt_email = parameters.text("receipt_email")
    if "shipping" in parameters:
        charge.shipping = parameters.document("shipping")
    report = parameters.inner("fraud_details").text("user_report")
    if report is not None:
        charge.fraud_details["user_report"] = report
    document = charge_document(account, charge)
    emit(account, "charge.updated", document)
    return document


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    intent, customer = parameters.text("payment_intent"), parameters.text("customer")
    return account.charges.page(
        parameters,
        "/v1/charges",
        lambda charge: charge_document(account, charge),
        group=("payment_intent", intent) if intent else ("customer", customer),
        keep=lambda charge: customer in {None, charge.customer},
    )


def _search(call: Call) -> JsonObject:
    account = call.account
    return search(call, "/v1/charges/search", account.charges, lambda charge: charge_document(account, charge))


OPERATIONS = (
    Operation("GET", "/v1/charges", _list, ChargeListParams, frozenset(("transfer_group",))),
    Operation("GET", "/v1/charges/search", _search, ChargeSearchParams),
    Operation("GET", "/v1/charges/{id}", _retrieve, ChargeRetrieveParams),
    Operation("POST", "/v1/charges/{id}", _update, ChargeUpdateParams, frozenset(("customer", "transfer_group"))),
)
