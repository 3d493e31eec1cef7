"""What happens when an intent is confirmed: docs.stripe.com/payments/paymentintents/lifecycle.

requires_payment_method -> requires_confirmation -> requires_action -> processing -> requires_capture -> succeeded,
or canceled. A failed attempt goes back to requires_payment_method and leaves a failed charge: one intent, many charges.
"""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.aftermath import after_payment
from sidecar.sandbox.stripe.balance_transactions import record_charge
from sidecar.sandbox.stripe.charges import charge_document, new_charge
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import Decline, StripeError, refused
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document
from sidecar.sandbox.stripe.payment_methods import REUSE_MESSAGE, attach, payment_method_document
from sidecar.sandbox.stripe.test_cards import AUTHENTICATION_REQUIRED, BANK_DECLINED

AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)


def attempt(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    *,
    off_session: bool,
    error_on_requires_action: bool = False,
    use_stripe_sdk: bool = False,
) -> None:
    """Try to take the money now.

    Raises:
        StripeError: 402 when the payment is declined; the intent then waits for another method.
    """
    check_ownership(intent, method)
    intent.payment_method = method.id
    intent.off_session = off_session
    intent.next_action = None
    intent.last_payment_error = None
    if method.method.type == "us_bank_account":
        _start_debit(account, intent, method)
    elif _must_authenticate(intent, method, off_session=off_session):
        if off_session:
            raise decline(account, intent, method, AUTHENTICATION_REQUIRED)
        if error_on_requires_action:
            raise _attempt_error(account, intent, method, AUTHENTICATION_REQUIRED, None)
        _ask_for_authentication(account, intent, method, use_stripe_sdk=use_stripe_sdk)
    else:
        _charge(account, intent, method, off_session=off_session)


def check_ownership(intent: PaymentIntent, method: PaymentMethod) -> None:
    """Refuse a method that is somebody else's, or that has paid once without being saved."""
    if method.customer is not None and intent.customer is None:
        raise refused(
            "The payment method you provided is attached to a customer so for security purposes you must provide the "
            "customer in the request.",
            param="payment_method",
        )
    if method.customer is not None and method.customer != intent.customer:
        raise refused(
            f"The customer does not have a payment method with the ID {method.id}. The payment method must be attached "
            "to the customer.",
            param="payment_method",
            code="resource_missing",
        )
    if method.used and method.customer is None:
        raise refused(REUSE_MESSAGE, param="payment_method")


def _must_authenticate(intent: PaymentIntent, method: PaymentMethod, *, off_session: bool) -> bool:
    when = method.method.authentication
    if when == "not_needed":
        return False
    if when == "if_requested":
        return intent.request_three_d_secure in {"any", "challenge"} and not off_session
    if when in {"unless_set_up", "already_set_up"}:
        return not (off_session and method.set_up_off_session)
    return True


def _ask_for_authentication(
    account: Account, intent: PaymentIntent, method: PaymentMethod, *, use_stripe_sdk: bool
) -> None:
    page = f"{account.base_url}/3d_secure/{account.alias}/{intent.id}?client_secret={intent.client_secret}"
    if use_stripe_sdk or intent.return_url is None:
        intent.next_action = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {
                "source": account.new_id("payatt_3ds"),
                "stripe_js": page,
                "three_d_secure_2_source": account.new_id("payatt_3ds2"),
                "type": "three_d_secure_redirect",
            },
        }
    else:
        intent.next_action = {
            "redirect_to_url": {"return_url": intent.return_url, "url": page},
            "type": "redirect_to_url",
        }
    intent.payment_method = method.id
    intent.status = "requires_action"
    emit(account, "payment_intent.requires_action", payment_intent_document(account, intent))


def authenticate(account: Account, intent: PaymentIntent, *, passed: bool) -> None:
    """The shopper has come through 3-D Secure, or has not. A decline after it is kept on the intent, not raised."""
    if intent.status != "requires_action" or intent.payment_method is None:
        return
    method = account.payment_methods.get(intent.payment_method)
    intent.next_action = None
    try:
        if passed:
            _charge(account, intent, method, off_session=False, authenticated=True)
        else:
            raise _attempt_error(account, intent, method, AUTHENTICATION_FAILED, None)
    except StripeError:
        pass  # the shopper is told by the page; the intent keeps the error
    account.tell(intent)


def _charge(
    account: Account,
    intent: PaymentIntent,
    method: PaymentMethod,
    *,
    off_session: bool,
    authenticated: bool = False,
) -> None:
    card = method.method
    why_not = card.decline or (card.decline_after_authentication if authenticated else None)
    if why_not is not None:
        raise decline(account, intent, method, why_not)
    charge = new_charge(account, intent, method, authenticated=authenticated, off_session=off_session)
    _save_method(account, intent, method)
    intent.next_action = None
    intent.last_payment_error = None
    if intent.capture_method == "manual":
        intent.status = "requires_capture"
        intent.amount_capturable = intent.amount
        if charge.capture_before is not None:
            account.agenda.at(charge.capture_before, lambda: expire_authorisation(account, intent, charge))
        emit(account, "charge.succeeded", charge_document(account, charge))
        emit(account, "payment_intent.amount_capturable_updated", payment_intent_document(account, intent))
    else:
        intent.status = "succeeded"
        intent.amount_received = intent.amount
        emit(account, "charge.succeeded", charge_document(account, charge))
        emit(account, "payment_intent.succeeded", payment_intent_document(account, intent))
    after_payment(account, charge)


def _save_method(account: Account, intent: PaymentIntent, method: PaymentMethod) -> None:
    if intent.setup_future_usage is None or intent.customer is None:
        method.used = method.customer is None
        return
    if method.customer is None:
        attach(account, method, intent.customer)
    if intent.setup_future_usage == "off_session":
        method.set_up_off_session = True


def decline(account: Account, intent: PaymentIntent, method: PaymentMethod, why: Decline) -> StripeError:
    """Leave a failed charge behind and make the 402."""
    charge = new_charge(account, intent, method, decline=why)
    return _attempt_error(account, intent, method, why, charge)


def _attempt_error(
    account: Account, intent: PaymentIntent, method: PaymentMethod, why: Decline, charge: Charge | None
) -> StripeError:
    error: JsonObject = {
        "advice_code": why.advice_code,
        "charge": charge.id if charge else None,
        "code": why.code,
        "decline_code": why.decline_code,
        "doc_url": f"https://stripe.com/docs/error-codes/{why.code.replace('_', '-')}",
        "message": why.message,
        "network_decline_code": why.network_decline_code,
        "payment_method": payment_method_document(account, method),
        "type": "card_error" if why is not AUTHENTICATION_FAILED else "invalid_request_error",
    }
    intent.status = "requires_payment_method"
    intent.payment_method = None
    intent.next_action = None
    intent.processing = None
    intent.last_payment_error = {name: value for name, value in error.items() if value is not None}
    if charge is not None:
        emit(account, "charge.failed", charge_document(account, charge))
    document = payment_intent_document(account, intent)
    emit(account, "payment_intent.payment_failed", document)
    return StripeError(
        402,
        why.message,
        type="card_error",
        code=why.code,
        extra={
            "advice_code": why.advice_code,
            "charge": charge.id if charge else None,
            "decline_code": why.decline_code,
            "network_decline_code": why.network_decline_code,
            "payment_intent": document,
            "payment_method": payment_method_document(account, method),
        },
    )


def _start_debit(account: Account, intent: PaymentIntent, method: PaymentMethod) -> None:
    if intent.currency != "usd":
        raise refused("The currency provided is invalid for us_bank_account: it must be usd.", param="currency")
    if intent.capture_method == "manual":
        raise refused("us_bank_account cannot be captured later.", param="capture_method")
    charge = new_charge(account, intent, method, pending=True)
    _save_method(account, intent, method)
    intent.status = "processing"
    emit(account, "charge.pending", charge_document(account, charge))
    emit(account, "payment_intent.processing", payment_intent_document(account, intent))
    ends = method.method.settles
    if ends != "never":
        account.agenda.after(
            account.shared.config.settlement_delay,
            lambda: settle(account, intent, succeeded=ends == "succeeded"),
        )


def settle(account: Account, intent: PaymentIntent, *, succeeded: bool) -> bool:
    """End a payment that is processing; says whether it was. A Checkout Session is told by its own events."""
    if intent.status != "processing" or intent.latest_charge is None:
        return False
    charge = account.charges.get(intent.latest_charge)
    if succeeded:
        charge.status = "succeeded"
        record_charge(account, charge)
        intent.status = "succeeded"
        intent.amount_received = intent.amount
        emit(account, "charge.succeeded", charge_document(account, charge))
        emit(account, "payment_intent.succeeded", payment_intent_document(account, intent))
    else:
        charge.status, charge.captured, charge.amount_captured = "failed", False, 0
        charge.decline = BANK_DECLINED
        _attempt_error(account, intent, account.payment_methods.get(charge.payment_method), BANK_DECLINED, charge)
    account.tell(intent)
    return True


def expire_authorisation(account: Account, intent: PaymentIntent, charge: Charge) -> None:
    """The bank lets go of an authorisation that nobody captured in time."""
    if intent.status != "requires_capture" or intent.latest_charge != charge.id:
        return
    charge.amount_released = charge.amount
    charge.amount_refunded = charge.amount
    intent.status = "canceled"
    intent.amount_capturable = 0
    intent.canceled_at = account.clock.now()
    intent.cancellation_reason = "automatic"
    emit(account, "charge.expired", charge_document(account, charge))
    emit(account, "payment_intent.canceled", payment_intent_document(account, intent))
