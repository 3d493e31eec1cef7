"""What happens on a hosted page: payment, failure, completion, expiry."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.capture import cancel
from sidecar.sandbox.stripe.checkout_session_document import checkout_session_document, page_url
from sidecar.sandbox.stripe.confirmation import attempt
from sidecar.sandbox.stripe.customers import customer_document, new_customer
from sidecar.sandbox.stripe.documents import address_document
from sidecar.sandbox.stripe.errors import refused
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import CheckoutSession, PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.parameters import Parameters
from sidecar.sandbox.stripe.payment_intents import keep_payment_intent, new_payment_intent


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
