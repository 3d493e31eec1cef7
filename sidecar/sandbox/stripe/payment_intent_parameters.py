"""What create, update and confirm of a PaymentIntent have in common: their parameters, and when they are refused."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.confirmation import check_ownership
from sidecar.sandbox.stripe.customers import living_customer
from sidecar.sandbox.stripe.errors import StripeError, invalid, not_modelled, refused, unexpected_state
from sidecar.sandbox.stripe.objects import PaymentIntent, PaymentMethod
from sidecar.sandbox.stripe.parameters import Parameters
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document, payment_method_types

_TEXTS = (
    "description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
    "setup_future_usage",
)  # fmt: skip
_LONGEST_DESCRIPTOR = 22


def apply_parameters(account: Account, intent: PaymentIntent, parameters: Parameters) -> None:
    """Take over what create, update and confirm have in common."""
    intent.metadata = parameters.metadata(intent.metadata)
    for name in _TEXTS:
        if name in parameters:
            setattr(intent, name, parameters.text(name))
    if "shipping" in parameters:
        intent.shipping = parameters.document("shipping")
    for name in ("capture_method", "confirmation_method", "return_url"):
        value = parameters.text(name)
        if value is not None:
            setattr(intent, name, value)
    for name in ("allowed_payment_method_types", "excluded_payment_method_types"):
        if name in parameters:
            setattr(intent, name, parameters.texts(name))
    customer = parameters.text("customer")
    if customer is not None:
        intent.customer = living_customer(account, customer).id
    _apply_options(intent, parameters)
    _check_descriptors(intent)


def _apply_options(intent: PaymentIntent, parameters: Parameters) -> None:
    automatic = parameters.inner("automatic_payment_methods")
    if "enabled" in automatic and automatic.flag("enabled") is False:
        raise not_modelled("automatic_payment_methods[enabled]=false")
    intent.allow_redirects = automatic.text("allow_redirects") or intent.allow_redirects
    options = parameters.inner("payment_method_options")
    for name in options.names - {"card"}:
        raise not_modelled(f"payment_method_options[{name}]")
    card = options.inner("card")
    for name in card.names - {"request_three_d_secure"}:
        raise not_modelled(f"payment_method_options[card][{name}]")
    intent.request_three_d_secure = card.text("request_three_d_secure") or intent.request_three_d_secure


def _check_descriptors(intent: PaymentIntent) -> None:
    if intent.statement_descriptor is not None and "card" in payment_method_types(intent):
        raise refused(
            "The statement_descriptor parameter is not supported for the card payment method type. Please use "
            "statement_descriptor_suffix instead.",
            param="statement_descriptor",
        )
    suffix = intent.statement_descriptor_suffix
    if suffix is None:
        return
    if len(suffix) > _LONGEST_DESCRIPTOR or any(sign in suffix for sign in "<>\\'\"*"):
        raise invalid(
            "The statement descriptor suffix must be at most 22 characters, without < > \\ ' \" *.",
            param="statement_descriptor_suffix",
        )


def check_method(account: Account, intent: PaymentIntent, method: PaymentMethod) -> None:
    """Refuse a method that this intent cannot be paid with."""
    check_ownership(intent, method)
    kinds = payment_method_types(intent)
    if method.method.type not in kinds:
        raise refused(
            f"The PaymentMethod provided ({method.method.type}) is not allowed for this PaymentIntent. Please attach a "
            f"PaymentMethod of one of the following types: {', '.join(kinds)}. Account {account.id}.",
            param="payment_method",
            code="payment_intent_incompatible_payment_method",
        )


def missing_method(account: Account, intent: PaymentIntent) -> StripeError:
    """Nothing to pay with."""
    where = f" with {intent.customer}" if intent.customer else ""
    return unexpected_state(
        "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent"
        f"{where}, specify a payment method attached to this customer along with the customer ID.",
        payment_intent_document(account, intent),
    )


def check_confirmation(account: Account, intent: PaymentIntent, parameters: Parameters) -> None:
    """Refuse a confirmation that contradicts itself or leaves the shopper nowhere to return to."""
    off_session = is_off_session(parameters)
    if off_session and parameters.text("setup_future_usage") is not None:
        raise invalid("The parameter `setup_future_usage` cannot be combined with `off_session`.", param="off_session")
    if off_session and parameters.flag("error_on_requires_action"):
        raise invalid(
            "The parameter `error_on_requires_action` cannot be combined with `off_session`.",
            param="error_on_requires_action",
        )
    redirects = (
        account.config.redirect_payment_methods
        and intent.allow_redirects == "always"
        and intent.allowed_payment_method_types != ["card"]
    )
    quiet = off_session or parameters.flag("error_on_requires_action") or parameters.flag("use_stripe_sdk")
    if redirects and intent.return_url is None and not quiet:
        raise refused(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
            "these payment methods might redirect your customer off of your page, you must provide a `return_url`. If "
            "you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
            "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
            "Payment Intents.",
            param="return_url",
        )


def is_off_session(parameters: Parameters) -> bool:
    """Whether the shopper is away."""
    return parameters.flag("off_session") is True or parameters.text("off_session") is not None


def check_mandate(method: PaymentMethod, parameters: Parameters) -> None:
    """Refuse a bank debit that nobody allowed."""
    if method.method.type == "us_bank_account" and "mandate_data" not in parameters and not is_off_session(parameters):
        raise refused(
            "Please provide mandate_data, or an existing mandate, to confirm with us_bank_account.",
            param="mandate_data",
        )
