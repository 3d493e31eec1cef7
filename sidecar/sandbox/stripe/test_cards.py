"""The payment methods that Stripe documents for tests (docs.stripe.com/testing), and how each behaves."""

from dataclasses import dataclass, field, replace
from typing import Literal

from sidecar.sandbox.stripe.errors import Decline

Authentication = Literal["not_needed", "if_requested", "always", "unless_set_up", "already_set_up"]
"""When the bank asks the shopper: `unless_set_up` asks whenever the shopper is there, and off session only until the
card was saved for it; `always` asks off session too, which is a decline."""


@dataclass(frozen=True, kw_only=True)
class TestMethod:
    """A payment method of the documentation.

    Attributes:
        number: card number; for a bank account, its account number.
        decline: why it never pays.
        decline_after_authentication: why it does not pay although the shopper proved who they are.
        declines_attach: whether saving it to a customer fails with the same decline.
        risk_level, risk_score: Radar's view.
        refund: how its refunds end.
        dispute: reason of the dispute that follows each payment.
        settles: how a delayed method ends; `never` waits for the control endpoint.
    """

    __test__ = False

    test_id: str
    number: str
    type: Literal["card", "us_bank_account"] = "card"
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    decline_after_authentication: Decline | None = None
    declines_attach: bool = False
    authentication: Authentication = "not_needed"
    risk_level: str = "normal"
    risk_score: int = 20
    refund: Literal["succeeds", "pending", "fails"] = "succeeds"
    dispute: str | None = None
    fraud_warning: bool = False
    settles: Literal["succeeded", "failed", "never"] = "succeeded"
    cvc_check: str = "pass"
    address_line1_check: str | None = None
    address_postal_code_check: str | None = None

    @property
    def last4(self) -> str:
        """The only part of the number that Stripe ever shows."""
        return self.number[-4:]

    @property
    def title(self) -> str:
        """For a person: what happens."""
        if self.decline is not None:
            return self.decline.decline_code or self.decline.code
        return self.test_id.removeprefix("pm_card_").removeprefix("pm_")


def _declined(
    decline_code: str,
    message: str = "Your card was declined.",
    *,
    code: str = "card_declined",
    advice: str | None = "try_again_later",
    network: str | None = None,
) -> Decline:
    return Decline(code, decline_code, message, advice, network, reason=decline_code)


GENERIC = _declined("generic_decline", network="01")
INSUFFICIENT_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.", network="51")
LOST_CARD = _declined("lost_card", advice="do_not_try_again", network="41")
STOLEN_CARD = _declined("stolen_card", advice="do_not_try_again", network="43")
VELOCITY = _declined(
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    network="65",
)
FRAUDULENT = Decline(
    "card_declined",
    "fraudulent",
    "Your card was declined.",
    "do_not_try_again",
    reason="highest_risk_level",
    outcome_type="blocked",
)
EXPIRED_CARD = Decline(
    "expired_card", "expired_card", "Your card has expired.", "do_not_try_again", "54", "expired_card"
)
INCORRECT_CVC = Decline(
    "incorrect_cvc",
    "incorrect_cvc",
    "Your card's security code is incorrect.",
    "confirm_card_data",
    "N7",
    "incorrect_cvc",
)
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    "try_again_later",
    "96",
    "processing_error",
)
INCORRECT_NUMBER = Decline("incorrect_number", None, "Your card number is incorrect.", "confirm_card_data")
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    None,
    "1A",
    "authentication_required",
)
BANK_DECLINED = Decline(
    "payment_intent_payment_attempt_failed",
    "insufficient_funds",
    "The payment failed: the bank account has insufficient funds.",
    None,
    "R01",
    "insufficient_funds",
)


def _card(test_id: str, number: str) -> TestMethod:
    return TestMethod(test_id=test_id, number=number)


def _refusing(test_id: str, number: str, decline: Decline, *, brand: str = "visa") -> TestMethod:
    return TestMethod(test_id=test_id, number=number, brand=brand, decline=decline, declines_attach=True)


def _of_brand(test_id: str, number: str, brand: str, funding: str = "credit") -> TestMethod:
    return TestMethod(test_id=test_id, number=number, brand=brand, funding=funding)


_BRANDS = (
    _card("pm_card_visa", "4242424242424242"),
    _of_brand("pm_card_visa_debit", "4000056655665556", "visa", "debit"),
    _of_brand("pm_card_mastercard", "5555555555554444", "mastercard"),
    _of_brand("pm_card_mastercard_debit", "5200828282828210", "mastercard", "debit"),
    _of_brand("pm_card_mastercard_prepaid", "5105105105105100", "mastercard", "prepaid"),
    _of_brand("pm_card_amex", "378282246310005", "amex"),
    _of_brand("pm_card_discover", "6011111111111117", "discover"),
    _of_brand("pm_card_diners", "3056930009020004", "diners"),
    _of_brand("pm_card_jcb", "3566002020360505", "jcb"),
    _of_brand("pm_card_unionpay", "6200000000000005", "unionpay"),
)
_COUNTRIES = tuple(
    replace(_card(f"pm_card_{country}", number), country=country.upper())
    for country, number in (
        ("us", "4242424242424242"),
        ("br", "4000000760000002"),
        ("ca", "4000001240000000"),
        ("mx", "4000004840008001"),
        ("at", "4000000400000008"),
        ("be", "4000000560000004"),
        ("ch", "4000007560000009"),
        ("de", "4000002760000016"),
        ("es", "4000007240000007"),
        ("fr", "4000002500000003"),
        ("gb", "4000008260000000"),
        ("it", "4000003800000008"),
        ("nl", "4000005280000002"),
        ("au", "4000000360000006"),
        ("jp", "4000003920000003"),
        ("sg", "4000007020000003"),
    )
)
_DECLINES = (
    _refusing("pm_card_visa_chargeDeclined", "4000000000000002", GENERIC),
    _refusing("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", INSUFFICIENT_FUNDS),
    _refusing("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", LOST_CARD),
    _refusing("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", STOLEN_CARD),
    _refusing("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", VELOCITY),
    _refusing("pm_card_chargeDeclinedExpiredCard", "4000000000000069", EXPIRED_CARD),
    _refusing("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", INCORRECT_CVC),
    _refusing("pm_card_chargeDeclinedProcessingError", "4000000000000119", PROCESSING_ERROR),
    TestMethod(test_id="pm_card_chargeCustomerFail", number="4000000000000341", decline=GENERIC),
)
_RADAR = (
    TestMethod(
        test_id="pm_card_radarBlock",
        number="4100000000000019",
        decline=FRAUDULENT,
        risk_level="highest",
        risk_score=92,
    ),
    TestMethod(
        test_id="pm_card_riskLevelHighest",
        number="4000000000004954",
        decline=FRAUDULENT,
        risk_level="highest",
        risk_score=90,
    ),
    TestMethod(test_id="pm_card_riskLevelElevated", number="4000000000009235", risk_level="elevated", risk_score=70),
    TestMethod(test_id="pm_card_cvcCheckFail", number="4000000000000101", cvc_check="fail"),
    TestMethod(
        test_id="pm_card_avsFail",
        number="4000000000000010",
        address_line1_check="fail",
        address_postal_code_check="fail",
    ),
    TestMethod(test_id="pm_card_avsLine1Fail", number="4000000000000028", address_line1_check="fail"),
    TestMethod(test_id="pm_card_avsZipFail", number="4000000000000036", address_postal_code_check="fail"),
    TestMethod(
        test_id="pm_card_avsUnchecked",
        number="4000000000000044",
        address_line1_check="unavailable",
        address_postal_code_check="unavailable",
    ),
)
_AUTHENTICATION = (
    TestMethod(test_id="pm_card_threeDSecure2Required", number="4000000000003220", authentication="always"),
    TestMethod(test_id="pm_card_threeDSecureRequired", number="4000000000003063", authentication="always"),
    TestMethod(
        test_id="pm_card_threeDSecureRequiredChargeDeclined",
        number="4000008400001629",
        authentication="always",
        decline_after_authentication=GENERIC,
    ),
    TestMethod(
        test_id="pm_card_threeDSecureRequiredProcessingError",
        number="4000008400001280",
        authentication="always",
        decline_after_authentication=PROCESSING_ERROR,
    ),
    TestMethod(test_id="pm_card_threeDSecureOptional", number="4000000000003055", authentication="if_requested"),
    TestMethod(test_id="pm_card_authenticationRequired", number="4000002760003184", authentication="always"),
    TestMethod(
        test_id="pm_card_authenticationRequiredOnSetup", number="4000002500003155", authentication="unless_set_up"
    ),
    TestMethod(
        test_id="pm_card_authenticationRequiredSetupForOffSession",
        number="4000003800000446",
        authentication="already_set_up",
    ),
    TestMethod(
        test_id="pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        number="4000008260003178",
        authentication="always",
        decline_after_authentication=INSUFFICIENT_FUNDS,
    ),
)
_AFTERWARDS = (
    TestMethod(test_id="pm_card_createDispute", number="4000000000000259", dispute="fraudulent"),
    TestMethod(
        test_id="pm_card_createDisputeProductNotReceived", number="4000000000002685", dispute="product_not_received"
    ),
    TestMethod(test_id="pm_card_createDisputeInquiry", number="4000000000001976", dispute="inquiry"),
    TestMethod(test_id="pm_card_createIssuerFraudRecord", number="4000000000005423", fraud_warning=True),
    TestMethod(test_id="pm_card_pendingRefund", number="4000000000007726", refund="pending"),
    TestMethod(test_id="pm_card_refundFail", number="4000000000005126", refund="fails"),
    TestMethod(test_id="pm_card_bypassPending", number="4000000000000077"),
)
_BANK_DEBITS = (
    TestMethod(test_id="pm_usBankAccount", type="us_bank_account", number="000123456789"),
    TestMethod(test_id="pm_usBankAccount_success", type="us_bank_account", number="000123456789"),
    TestMethod(test_id="pm_usBankAccount_processing", type="us_bank_account", number="000000000009", settles="never"),
    TestMethod(
        test_id="pm_usBankAccount_insufficientFunds",
        type="us_bank_account",
        number="000222222227",
        settles="failed",
    ),
)


@dataclass(frozen=True)
class Catalogue:
    """The documented methods, found by test_id or by card number."""

    methods: tuple[TestMethod, ...]
    by_id: dict[str, TestMethod] = field(init=False)
    by_number: dict[str, TestMethod] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {method.test_id: method for method in self.methods})
        object.__setattr__(
            self, "by_number", {method.number: method for method in reversed(self.methods) if method.type == "card"}
        )


DOCUMENTED = Catalogue(
    _BRANDS + _COUNTRIES + _DECLINES + _RADAR + _AUTHENTICATION + _AFTERWARDS + _BANK_DEBITS
    + (replace(_RADAR[0], test_id="pm_card_visa_chargeDeclinedFraudulent"),)
)  # fmt: skip
