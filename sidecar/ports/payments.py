"""Stripe, as far as orders need it. One implementation is bound to one account and mode."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal, NewType, Protocol

from schemas.contract import Frozen
from schemas.ids import CheckoutSessionId, CustomerId, EventId, PaymentIntentId, PaymentMethodId, StripeRef
from schemas.magento.address import Address
from schemas.money import Money
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer
from schemas.stripe.payment_intent import PaymentError, PaymentIntent
from schemas.stripe.refund import Refund
from schemas.stripe.tax_id import TaxId
from sidecar.customer_profile.profile import Changes, TaxNumber

IdempotencyKey = NewType("IdempotencyKey", str)
"""Goes out as `Idempotency-Key`: the same key never has its effect twice (docs.stripe.com/api/idempotent_requests)."""

Metadata = dict[str, str]
"""How objects are found again: `magento_instance`, `magento_order_id`, `magento_increment_id`, `magento_store_id`."""


class Shipping(Frozen):
    """Where the goods go; it helps Radar and disputes."""

    name: str
    phone: str | None = None
    address: Address


class NewCustomer(Frozen):
    """A buyer to be made known to Stripe."""

    name: str
    email: str
    phone: str | None = None
    address: Address | None = None
    shipping: Shipping | None = None
    preferred_locale: str | None = None
    tax_exempt: Literal["none", "exempt", "reverse"] | None = None
    business_name: str | None = None
    metadata: Metadata


class NewPaymentIntent(Frozen):
    """A payment to be made.

    Attributes:
        payment_method: confirm with it at once; without it the intent waits for the shopper.
        off_session: the shopper is not there; Stripe then fails where it would ask for authentication.
    """

    amount: Money
    customer: CustomerId | None
    payment_method: PaymentMethodId | None = None
    off_session: bool = False
    save_payment_method: bool = False
    return_url: str | None = None
    capture_method: Literal["automatic", "manual"]
    description: str
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor_suffix: str | None = None
    metadata: Metadata


class NewCheckoutSession(Frozen):
    """A hosted page to pay one order on. `metadata` goes on the session and on the intent it will make."""

    amount: Money
    customer: CustomerId | None
    customer_email: str | None = None
    capture_method: Literal["automatic", "manual"]
    save_payment_method: bool = False
    description: str
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor_suffix: str | None = None
    success_url: str
    cancel_url: str
    expires_at: datetime
    locale: str | None = None
    metadata: Metadata


class NewRefund(Frozen):
    """Money to be given back from one intent."""

    payment_intent: PaymentIntentId
    amount: Money
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: Metadata


class Attempt(Frozen):
    """An intent as it stands after an attempt, and the attempt's error if Stripe answered with a decline (402)."""

    intent: PaymentIntent
    error: PaymentError | None = None


class RawEvent(Frozen):
    """An event as `/v1/events` lists it; `body` is JSON as Stripe wrote it or an exact re-encoding of it."""

    id: EventId
    type: str
    created: int
    livemode: bool
    body: bytes


class WebhookEndpoint(Frozen):
    """Where Stripe sends events, as the account has it."""

    id: str
    url: str
    status: str
    enabled_events: tuple[str, ...]
    api_version: str | None = None


class Payments(Protocol):
    """The account.

    Every method raises `TransientError`, `UnknownOutcomeError`, `UnauthorizedError` or `RefusedError`
    (`sidecar.errors`) and nothing else. Intents are always returned with their latest charge expanded.
    """

    @property
    def ref(self) -> StripeRef:
        """Which account and mode this is."""
        ...

    async def create_customer(self, new: NewCustomer, *, key: IdempotencyKey) -> Customer:
        """Make a Customer."""
        ...

    async def retrieve_customer(self, customer: CustomerId) -> Customer:
        """Read it as it is now; of a deleted one that it is deleted. Raises `NotFoundError`."""
        ...

    async def update_customer(self, customer: CustomerId, changes: Changes, *, key: IdempotencyKey) -> Customer:
        """Change some fields. Raises `NotFoundError` when it is deleted or was never there."""
        ...

    async def delete_customer(self, customer: CustomerId) -> Customer:
        """Delete it for good, with its saved cards; payments stay. One that is gone already is deleted."""
        ...

    async def find_customers(self, email: str) -> tuple[Customer, ...]:
        """Every Customer with this address, letter by letter, newest first. Lists; never searches."""
        ...

    async def create_tax_id(self, customer: CustomerId, number: TaxNumber, *, key: IdempotencyKey) -> TaxId:
        """Give it a tax number. Raises `RefusedError` with code `tax_id_invalid` where the form is wrong."""
        ...

    async def list_tax_ids(self, customer: CustomerId) -> tuple[TaxId, ...]:
        """Its tax numbers, newest first."""
        ...

    async def delete_tax_id(self, tax_id: str) -> None:
        """Take a tax number away; one that is gone already is away."""
        ...

    async def list_payment_methods(self, customer: CustomerId) -> tuple[PaymentMethodId, ...]:
        """What it has saved to pay with, newest first."""
        ...

    async def detach_payment_method(self, method: PaymentMethodId, *, key: IdempotencyKey) -> None:
        """Take it from its customer for good: Stripe attaches it to nobody again."""
        ...

    async def create_payment_intent(self, new: NewPaymentIntent, *, key: IdempotencyKey) -> Attempt:
        """Make a PaymentIntent, and confirm it if it has a PaymentMethod. A decline is an answer, not an error."""
        ...

    async def retrieve_payment_intent(self, intent: PaymentIntentId) -> PaymentIntent:
        """Read the intent as it is now. Raises `NotFoundError`."""
        ...

    async def retrieve_charge(self, charge: str) -> Charge:
        """Read a charge. Raises `NotFoundError`."""
        ...

    async def cancel_payment_intent(self, intent: PaymentIntentId, *, key: IdempotencyKey) -> PaymentIntent:
        """Cancel it, or return it as it is when it can no longer be cancelled (it succeeded, or is processing)."""
        ...

    async def create_checkout_session(self, new: NewCheckoutSession, *, key: IdempotencyKey) -> CheckoutSession:
        """Make a hosted page."""
        ...

    async def retrieve_checkout_session(self, session: CheckoutSessionId) -> CheckoutSession:
        """Read it as it is now. Raises `NotFoundError`."""
        ...

    async def expire_checkout_session(self, session: CheckoutSessionId, *, key: IdempotencyKey) -> CheckoutSession:
        """Close the page, or return the session as it is when it is no longer open."""
        ...

    async def create_refund(self, new: NewRefund, *, key: IdempotencyKey) -> Refund:
        """Give money back. Raises `RefusedError` with code `charge_already_refunded` and the like."""
        ...

    async def find_customer(self, email: str, metadata: Metadata) -> Customer | None:
        """The newest Customer with this email whose metadata contains all of `metadata`. Lists; never searches."""
        ...

    async def find_payment_intents(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[PaymentIntent, ...]:
        """The intents since then whose metadata contains all of `metadata`. Lists; never searches."""
        ...

    async def search_payment_intents(self, created_since: datetime, metadata: Metadata) -> tuple[PaymentIntent, ...]:
        """The intents since then whose metadata contains all of `metadata`, as they are now.

        What was made in the last hour may be missing (docs.stripe.com/search): only for what is older than that, or
        is kept from being made twice by its key as well. One call, however many intents the account has.
        """
        ...

    async def find_checkout_sessions(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[CheckoutSession, ...]:
        """The sessions since then whose metadata contains all of `metadata`. Lists; never searches."""
        ...

    async def find_refunds(self, intent: PaymentIntentId, metadata: Metadata) -> tuple[Refund, ...]:
        """The intent's refunds whose metadata contains all of `metadata`. Lists; never searches."""
        ...

    def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        """Every event since then, oldest first; Stripe keeps 30 days."""
        ...

    async def list_webhook_endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Where the account sends its events."""
        ...

    async def key_mode(self) -> Literal["test", "live"]:
        """Ask Stripe which mode the key is of. Raises `UnauthorizedError` when the key is refused."""
        ...


class PaymentsDirectory(Protocol):
    """All configured accounts."""

    def __getitem__(self, ref: StripeRef) -> Payments:
        """The account's adapter. Raises `KeyError` when no such account and mode is configured."""
        ...
