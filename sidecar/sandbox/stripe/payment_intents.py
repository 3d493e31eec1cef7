"""PaymentIntents (docs.stripe.com/api/payment_intents)."""

from collections.abc import Iterator
from contextlib import contextmanager

from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCaptureParams,
    PaymentIntentConfirmParams,
    PaymentIntentCreateParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PaymentIntentSearchParams,
    PaymentIntentUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.capture import cancel, capture
from sidecar.sandbox.stripe.confirmation import attempt
from sidecar.sandbox.stripe.currencies import check_amount, check_currency, check_precision
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import StripeError, invalid, refused, unexpected_state
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import IntentStatus, PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import Parameters
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document
from sidecar.sandbox.stripe.payment_intent_parameters import (
    apply_parameters,
    check_confirmation,
    check_mandate,
    check_method,
    is_off_session,
    missing_method,
)
from sidecar.sandbox.stripe.payment_methods import use_payment_method
from sidecar.sandbox.stripe.search import search

CONFIRMABLE: tuple[IntentStatus, ...] = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE: tuple[IntentStatus, ...] = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
)
_ONLY_WITH_CONFIRM = ("return_url", "off_session", "mandate_data", "error_on_requires_action", "use_stripe_sdk")
_NOT_MODELLED = frozenset(
    (
        "amount_details", "amount_to_confirm", "application_fee_amount", "confirmation_token", "customer_account",
        "hooks", "mandate", "on_behalf_of", "payment_details", "payment_method_configuration", "payment_method_data",
        "radar_options", "transfer_data",
    )
)  # fmt: skip
_NOT_MODELLED_CAPTURE = frozenset(
    ("amount_details", "application_fee_amount", "final_capture", "hooks", "payment_details", "transfer_data")
)


def new_payment_intent(account: Account, amount: int, currency: str) -> PaymentIntent:
    """Make one that is known by id and customer only after `keep_payment_intent`."""
    identifier = account.new_id("pi")
    return PaymentIntent(
        id=identifier,
        created=account.clock.now(),
        client_secret=f"{identifier}_secret_{account.ids.tail(25)}",
        amount=amount,
        currency=currency,
    )


def keep_payment_intent(account: Account, intent: PaymentIntent) -> None:
    """Put it among the account's, and tell that it was created."""
    account.payment_intents.add(intent, customer=intent.customer)
    emit(account, "payment_intent.created", payment_intent_document(account, intent))


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    confirm = parameters.flag("confirm") is True
    if not confirm:
        for name in _ONLY_WITH_CONFIRM:
            if name in parameters:
                raise invalid(
                    f"The parameter `{name}` cannot be passed when creating a PaymentIntent unless `confirm` is set to "
                    "true.",
                    param=name,
                )
    currency = check_currency(parameters.text("currency") or "")
    amount = parameters.integer("amount") or 0
    check_amount(amount, currency)
    intent = new_payment_intent(account, amount, currency)
    apply_parameters(account, intent, parameters)
    token = parameters.text("payment_method")
    if confirm and token is None:
        raise missing_method(account, intent)
    if confirm:
        check_confirmation(account, intent, parameters)
    method = use_payment_method(account, token) if token else None
    if method is not None:
        intent.payment_method = method.id
        intent.status = "requires_confirmation"
        check_method(account, intent, method)
    if confirm and method is not None:
        check_mandate(method, parameters)
    keep_payment_intent(account, intent)
    if confirm and method is not None:
        _confirm_with(account, intent, method, parameters)
    return payment_intent_document(account, intent)


def _confirm_with(account: Account, intent: PaymentIntent, method: PaymentMethod, parameters: Parameters) -> None:
    attempt(
        account,
        intent,
        method,
        off_session=is_off_session(parameters),
        error_on_requires_action=parameters.flag("error_on_requires_action") is True,
        use_stripe_sdk=parameters.flag("use_stripe_sdk") is True,
    )


def _confirm(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    intent = account.payment_intents.get(call.id)
    if intent.status not in CONFIRMABLE:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
            if intent.status == "succeeded"
            else f"You cannot confirm this PaymentIntent because it has a status of {intent.status}. Only a "
            "PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, "
            "requires_action, requires_payment_method.",
            payment_intent_document(account, intent),
        )
    if intent.checkout_session is not None:
        raise refused("You cannot confirm the PaymentIntent of a Checkout Session.")
    with _whole_or_not_at_all(intent):
        apply_parameters(account, intent, parameters)
        check_confirmation(account, intent, parameters)
        token = parameters.text("payment_method") or intent.payment_method
        if token is None:
            raise missing_method(account, intent)
        method = use_payment_method(account, token)
        check_method(account, intent, method)
        check_mandate(method, parameters)
    _confirm_with(account, intent, method, parameters)
    return payment_intent_document(account, intent)


def _update(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    intent = account.payment_intents.get(call.id)
    open_for_all = intent.status in CONFIRMABLE
    frozen = parameters.names & {"amount", "currency", "payment_method", "customer", "capture_method"}
    if frozen and not open_for_all:
        name = min(frozen)
        raise unexpected_state(
            f"This PaymentIntent's {name} could not be updated because it has a status of {intent.status}. You may "
            f"only update the {name} of a PaymentIntent with one of the following statuses: "
            "requires_payment_method, requires_confirmation, requires_action.",
            payment_intent_document(account, intent),
        )
    had_customer = intent.customer
    with _whole_or_not_at_all(intent):
        _change(account, intent, parameters)
    if intent.customer is not None and intent.customer != had_customer:
        account.payment_intents.group(intent, "customer", intent.customer)
    return payment_intent_document(account, intent)


@contextmanager
def _whole_or_not_at_all(intent: PaymentIntent) -> Iterator[None]:
    """A refused request changes nothing."""
    before = vars(intent).copy()
    try:
        yield
    except StripeError:
        vars(intent).update(before)
        raise


def _change(account: Account, intent: PaymentIntent, parameters: Parameters) -> None:
    currency = parameters.text("currency")
    amount = parameters.integer("amount")
    if currency is not None or amount is not None:
        new_currency = check_currency(currency) if currency else intent.currency
        new_amount = intent.amount if amount is None else amount
        check_amount(new_amount, new_currency)
        intent.currency, intent.amount = new_currency, new_amount
    apply_parameters(account, intent, parameters)
    token = parameters.text("payment_method")
    if token is not None:
        method = use_payment_method(account, token)
        check_method(account, intent, method)
        intent.payment_method = method.id
        intent.status = "requires_confirmation"
        intent.next_action = None


def _capture(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    intent = account.payment_intents.get(call.id)
    if intent.status != "requires_capture":
        raise unexpected_state(
            "This PaymentIntent could not be captured because it has already been captured."
            if intent.status == "succeeded"
            else f"This PaymentIntent could not be captured because it has a status of {intent.status}. Only a "
            "PaymentIntent with one of the following statuses may be captured: requires_capture.",
            payment_intent_document(account, intent),
        )
    amount = parameters.integer("amount_to_capture")
    wanted = intent.amount_capturable if amount is None else amount
    if wanted < 1:
        raise invalid(
            "This value must be greater than or equal to 1.",
            param="amount_to_capture",
            code="parameter_invalid_integer",
        )
    check_precision(wanted, intent.currency, param="amount_to_capture")
    if wanted > intent.amount_capturable:
        raise refused(
            f"The amount_to_capture ({wanted}) is greater than the capturable amount ({intent.amount_capturable}) of "
            "this PaymentIntent.",
            param="amount_to_capture",
            code="amount_too_large",
        )
    intent.metadata = parameters.metadata(intent.metadata)
    capture(account, intent, wanted)
    return payment_intent_document(account, intent)


def _cancel(call: Call) -> JsonObject:
    account = call.account
    intent = account.payment_intents.get(call.id)
    session = account.checkout_sessions.find(intent.checkout_session or "")
    if session is not None and session.status == "open":
        raise refused(
            "You cannot cancel this PaymentIntent because it belongs to an open Checkout Session. Expire the Checkout "
            "Session instead."
        )
    if intent.status not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent.status}. Only a PaymentIntent "
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, "
            "requires_confirmation, requires_action, processing.",
            payment_intent_document(account, intent),
        )
    cancel(account, intent, call.parameters.text("cancellation_reason"))
    return payment_intent_document(account, intent)


def _retrieve(call: Call) -> JsonObject:
    intent = call.account.payment_intents.get(call.id)
    secret = call.parameters.text("client_secret")
    if secret is not None and secret != intent.client_secret:
        raise refused(
            "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
            param="client_secret",
            code="payment_intent_invalid_parameter",
        )
    return payment_intent_document(call.account, intent)


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    customer = parameters.text("customer")
    return account.payment_intents.page(
        parameters,
        "/v1/payment_intents",
        lambda intent: payment_intent_document(account, intent),
        group=("customer", customer),
        keep=lambda intent: customer in {None, intent.customer},
    )


def _search(call: Call) -> JsonObject:
    account = call.account
    return search(
        call,
        "/v1/payment_intents/search",
        account.payment_intents,
        lambda intent: payment_intent_document(account, intent),
    )


OPERATIONS = (
    Operation("POST", "/v1/payment_intents", _create, PaymentIntentCreateParams, _NOT_MODELLED),
    Operation("GET", "/v1/payment_intents", _list, PaymentIntentListParams, frozenset(("customer_account",))),
    Operation("GET", "/v1/payment_intents/search", _search, PaymentIntentSearchParams),
    Operation("GET", "/v1/payment_intents/{id}", _retrieve, PaymentIntentRetrieveParams),
    Operation("POST", "/v1/payment_intents/{id}", _update, PaymentIntentUpdateParams, _NOT_MODELLED),
    Operation("POST", "/v1/payment_intents/{id}/confirm", _confirm, PaymentIntentConfirmParams, _NOT_MODELLED),
    Operation("POST", "/v1/payment_intents/{id}/capture", _capture, PaymentIntentCaptureParams, _NOT_MODELLED_CAPTURE),
    Operation("POST", "/v1/payment_intents/{id}/cancel", _cancel, PaymentIntentCancelParams),
)
