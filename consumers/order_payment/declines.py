"""What a decline means, in words, and whether the same method may be tried again.

Source: docs.stripe.com/declines/codes and docs.stripe.com/declines/card (advice codes).
"""

from schemas.stripe.payment_intent import PaymentError
from sidecar.effects.create_payment_intent import METHOD_UNUSABLE

NEVER_AGAIN = frozenset(
    (
        "do_not_honor",
        "fraudulent",
        "lost_card",
        "merchant_blacklist",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
    ),
)
"""Only another method can help; trying the same one again harms the merchant's standing with the networks."""

AUTHENTICATION = frozenset(("authentication_required", "payment_intent_authentication_failure"))
"""The bank wants to see the shopper."""

GENERIC = "The card was declined. Please try another card or contact your bank."

WORDS = {
    "authentication_required": "Your bank asks you to confirm this payment.",
    "payment_intent_authentication_failure": "The payment could not be confirmed with your bank. Please try again.",
    "insufficient_funds": "The card has insufficient funds. Please use another card.",
    "expired_card": "The card has expired. Please use another card.",
    "incorrect_cvc": "The card's security code is incorrect. Please check it and try again.",
    "incorrect_number": "The card number is incorrect. Please check it and try again.",
    "incorrect_zip": "The postal code does not match the card. Please check it and try again.",
    "processing_error": "The card could not be processed. Please try again in a moment.",
    "card_velocity_exceeded": "The card's limit is exceeded. Please use another card.",
    "withdrawal_count_limit_exceeded": "The card's limit is exceeded. Please use another card.",
    "card_not_supported": "The card does not support this purchase. Please use another card.",
    "currency_not_supported": "The card does not support this currency. Please use another card.",
    "try_again_later": "The bank could not be reached. Please try again in a moment.",
    "issuer_not_available": "The bank could not be reached. Please try again in a moment.",
    METHOD_UNUSABLE: "This way to pay cannot be used any more. Please choose another.",
    "canceled": "The payment was cancelled.",
    "authorization_expired": "The reserved amount was released before it was captured.",
}
"""For the shopper. Lost, stolen and fraudulent cards get the generic words, as Stripe asks."""


def words_of(code: str, decline_code: str | None) -> str:
    """The reason as the shopper may read it."""
    if decline_code in NEVER_AGAIN:
        return GENERIC
    return WORDS.get(decline_code or "") or WORDS.get(code) or GENERIC


def may_retry(error: PaymentError) -> bool:
    """Whether the same method may be tried again."""
    return error.decline_code not in NEVER_AGAIN and error.advice_code != "do_not_try_again"
