"""What an account keeps about each object; the nouns' own files turn it into the API's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import Decline
from sidecar.sandbox.stripe.test_cards import TestMethod

IntentStatus = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "succeeded",
    "canceled",
]
RefundStatus = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]


@dataclass(kw_only=True)
class Customer:
    """A buyer."""

    id: str
    created: int
    address: JsonObject | None = None
    description: str | None = None
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    preferred_locales: list[str] = field(default_factory=list)
    shipping: JsonObject | None = None
    tax_exempt: str = "none"
    business_name: str | None = None
    individual_name: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    default_payment_method: str | None = None
    invoice_prefix: str = ""
    deleted: bool = False


@dataclass(kw_only=True)
class TaxId:
    """A tax number of a customer."""

    id: str
    created: int
    customer: str
    type: str
    value: str
    country: str | None
    deleted: bool = False


@dataclass(kw_only=True)
class PaymentMethod:
    """A card or bank account made from one of the documented test methods.

    Attributes:
        used: it paid once without being attached; it can't be used again.
        set_up_off_session: it was saved for payments without the shopper.
    """

    id: str
    created: int
    method: TestMethod
    billing_details: JsonObject
    fingerprint: str
    customer: str | None = None
    allow_redisplay: str = "unspecified"
    metadata: dict[str, str] = field(default_factory=dict)
    used: bool = False
    set_up_off_session: bool = False


@dataclass(kw_only=True)
class PaymentIntent:
    """A payment from its wish to its end."""

    id: str
    created: int
    client_secret: str
    amount: int
    currency: str
    status: IntentStatus = "requires_payment_method"
    amount_capturable: int = 0
    amount_received: int = 0
    allow_redirects: str = "always"
    allowed_payment_method_types: list[str] | None = None
    excluded_payment_method_types: list[str] | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    capture_method: str = "automatic_async"
    confirmation_method: str = "automatic"
    customer: str | None = None
    description: str | None = None
    last_payment_error: JsonObject | None = None
    latest_charge: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    next_action: JsonObject | None = None
    off_session: bool = False
    payment_method: str | None = None
    processing: JsonObject | None = None
    receipt_email: str | None = None
    request_three_d_secure: str = "automatic"
    return_url: str | None = None
    setup_future_usage: str | None = None
    shipping: JsonObject | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    transfer_group: str | None = None
    checkout_session: str | None = None


@dataclass(kw_only=True)
class Charge:
    """One attempt to take the money of an intent.

    Attributes:
        amount_refunded: given back, and what was released uncaptured: Stripe counts both.
        authenticated: the shopper passed 3-D Secure for it.
    """

    id: str
    created: int
    amount: int
    currency: str
    payment_intent: str
    payment_method: str
    method: TestMethod
    fingerprint: str
    billing_details: JsonObject
    status: Literal["succeeded", "pending", "failed"]
    captured: bool
    customer: str | None
    description: str | None
    metadata: dict[str, str]
    receipt_email: str | None
    shipping: JsonObject | None
    statement_descriptor: str | None
    statement_descriptor_suffix: str | None
    transfer_group: str | None
    decline: Decline | None = None
    authenticated: bool = False
    amount_captured: int = 0
    amount_refunded: int = 0
    amount_released: int = 0
    balance_transaction: str | None = None
    capture_before: int | None = None
    disputed: bool = False
    failure_balance_transaction: str | None = None
    fraud_details: JsonObject = field(default_factory=dict)

    @property
    def refundable(self) -> int:
        """What a refund can still give back."""
        return self.amount - self.amount_refunded if self.captured else 0


@dataclass(kw_only=True)
class Refund:
    """Money given back, or an authorisation released."""

    id: str
    created: int
    amount: int
    currency: str
    charge: str
    payment_intent: str
    status: RefundStatus
    release: bool
    reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None
    failure_reason: str | None = None


@dataclass(kw_only=True)
class BalanceTransaction:
    """One line of the account's ledger. `amount - fee = net`, in minor units."""

    id: str
    created: int
    amount: int
    currency: str
    fee: int
    type: str
    reporting_category: str
    source: str
    description: str | None = None

    @property
    def net(self) -> int:
        """What reaches the balance."""
        return self.amount - self.fee


@dataclass(kw_only=True)
class LineItem:
    """One line of a hosted page."""

    id: str
    price_id: str
    product_id: str
    created: int
    name: str
    unit_amount: int
    quantity: int
    currency: str
    tax_behavior: str = "unspecified"
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """What the line costs."""
        return self.unit_amount * self.quantity


@dataclass(kw_only=True)
class CheckoutSession:
    """A hosted page to pay on."""

    id: str
    created: int
    url_secret: str
    currency: str
    line_items: list[LineItem]
    expires_at: int
    intent_data: Mapping[str, object]
    intent_metadata: dict[str, str]
    status: Literal["open", "complete", "expired"] = "open"
    payment_status: Literal["unpaid", "paid", "no_payment_required"] = "unpaid"
    allowed_payment_method_types: list[str] | None = None
    billing_address_collection: str | None = None
    cancel_url: str | None = None
    client_reference_id: str | None = None
    customer: str | None = None
    customer_creation: str | None = None
    customer_email: str | None = None
    customer_details: JsonObject | None = None
    locale: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    origin_context: str | None = None
    payment_intent: str | None = None
    phone_number_collection: bool = False
    request_three_d_secure: str = "automatic"
    submit_type: str | None = None
    success_url: str | None = None

    @property
    def amount_total(self) -> int:
        """What is to be paid."""
        return sum(item.amount for item in self.line_items)


@dataclass(kw_only=True)
class Dispute:
    """A chargeback."""

    id: str
    created: int
    amount: int
    currency: str
    charge: str
    payment_intent: str
    reason: str
    status: str
    inquiry: bool
    brand: str


@dataclass(kw_only=True)
class FraudWarning:
    """The issuer's word that a payment may be fraud."""

    id: str
    created: int
    charge: str
    payment_intent: str


@dataclass(kw_only=True)
class WebhookEndpoint:
    """Where events go. Every secret signs; the newest comes first."""

    id: str
    created: int
    url: str
    enabled_events: tuple[str, ...]
    secrets: list[str]
    description: str | None = None
    api_version: str | None = None
    status: Literal["enabled", "disabled"] = "enabled"
    metadata: dict[str, str] = field(default_factory=dict)
    deleted: bool = False

    def wants(self, event_type: str) -> bool:
        """Whether it subscribed to this type."""
        return (
            not self.deleted
            and self.status == "enabled"
            and ("*" in self.enabled_events or event_type in self.enabled_events)
        )
