"""The port `Payments`, noun by noun."""

from collections.abc import AsyncIterator
from datetime import datetime

from schemas.ids import CheckoutSessionId, CustomerId, Mode, PaymentIntentId, PaymentMethodId, StripeRef
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from schemas.stripe.tax_id import TaxId
from sidecar.adapters.stripe import (
    charges,
    checkout_sessions,
    customers,
    events,
    key_mode,
    payment_intents,
    payment_methods,
    permissions,
    refunds,
    tax_ids,
    webhook_endpoints,
)
from sidecar.adapters.stripe.client import StripeClient
from sidecar.customer_profile.profile import Changes, TaxNumber
from sidecar.limiter.limiter import Limiter
from sidecar.ports.clock import Clock
from sidecar.ports.payments import (
    Attempt,
    IdempotencyKey,
    Metadata,
    NewCheckoutSession,
    NewCustomer,
    NewPaymentIntent,
    NewRefund,
    RawEvent,
    WebhookEndpoint,
)


class StripePayments:
    """One account in one mode; see the port for what each method promises."""

    def __init__(self, client: StripeClient, clock: Clock, claimed_mode: Mode | None) -> None:
        self._client = client
        self._clock = clock
        self._claimed_mode = claimed_mode

    @property
    def ref(self) -> StripeRef:
        """Which account and mode this is."""
        return self._client.ref

    @property
    def limiter(self) -> Limiter:
        """What keeps the calls under the account's limits, so that it can be shared with other processes."""
        return self._client.limiter

    async def create_customer(self, new: NewCustomer, *, key: IdempotencyKey) -> Customer:
        """Make a Customer."""
        return await customers.create(self._client, new, key)

    async def retrieve_customer(self, customer: CustomerId) -> Customer:
        """Read it as it is now."""
        return await customers.retrieve(self._client, customer)

    async def update_customer(self, customer: CustomerId, changes: Changes, *, key: IdempotencyKey) -> Customer:
        """Change some fields."""
        return await customers.update(self._client, customer, changes, key)

    async def delete_customer(self, customer: CustomerId) -> Customer:
        """Delete it, or say that it is deleted."""
        return await customers.delete(self._client, customer)

    async def find_customers(self, email: str) -> tuple[Customer, ...]:
        """Every Customer with this address, newest first."""
        return await customers.find_all(self._client, email)

    async def create_tax_id(self, customer: CustomerId, number: TaxNumber, *, key: IdempotencyKey) -> TaxId:
        """Give it a tax number."""
        return await tax_ids.create(self._client, customer, number, key)

    async def list_tax_ids(self, customer: CustomerId) -> tuple[TaxId, ...]:
        """Its tax numbers, newest first."""
        return await tax_ids.list_all(self._client, customer)

    async def delete_tax_id(self, tax_id: str) -> None:
        """Take a tax number away."""
        await tax_ids.delete(self._client, tax_id)

    async def list_payment_methods(self, customer: CustomerId) -> tuple[PaymentMethodId, ...]:
        """What it has saved to pay with, newest first."""
        return await payment_methods.list_all(self._client, customer)

    async def detach_payment_method(self, method: PaymentMethodId, *, key: IdempotencyKey) -> None:
        """Take it from its customer for good."""
        await payment_methods.detach(self._client, method, key)

    async def create_payment_intent(self, new: NewPaymentIntent, *, key: IdempotencyKey) -> Attempt:
        """Make a PaymentIntent, and confirm it if it has a PaymentMethod."""
        return await payment_intents.create(self._client, new, key)

    async def retrieve_payment_intent(self, intent: PaymentIntentId) -> PaymentIntent:
        """Read the intent as it is now."""
        return await payment_intents.retrieve(self._client, intent)

    async def retrieve_charge(self, charge: str) -> Charge:
        """Read a charge."""
        return await charges.retrieve(self._client, charge)

    async def cancel_payment_intent(self, intent: PaymentIntentId, *, key: IdempotencyKey) -> PaymentIntent:
        """Cancel it, or return it as it is when it can no longer be cancelled."""
        return await payment_intents.cancel(self._client, intent, key)

    async def create_checkout_session(self, new: NewCheckoutSession, *, key: IdempotencyKey) -> CheckoutSession:
        """Make a hosted page."""
        return await checkout_sessions.create(self._client, new, key, self._clock.now())

    async def retrieve_checkout_session(self, session: CheckoutSessionId) -> CheckoutSession:
        """Read it as it is now."""
        return await checkout_sessions.retrieve(self._client, session)

    async def expire_checkout_session(self, session: CheckoutSessionId, *, key: IdempotencyKey) -> CheckoutSession:
        """Close the page, or return the session as it is when it is no longer open."""
        return await checkout_sessions.expire(self._client, session, key)

    async def create_refund(self, new: NewRefund, *, key: IdempotencyKey) -> Refund:
        """Give money back."""
        return await refunds.create(self._client, new, key)

    async def find_customer(self, email: str, metadata: Metadata) -> Customer | None:
        """The newest Customer with this email whose metadata contains all of `metadata`."""
        return await customers.find(self._client, email, metadata)

    async def find_payment_intents(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[PaymentIntent, ...]:
        """The intents since then whose metadata contains all of `metadata`, newest first."""
        return await payment_intents.find(self._client, customer, created_since, metadata)

    async def search_payment_intents(self, created_since: datetime, metadata: Metadata) -> tuple[PaymentIntent, ...]:
        """The intents since then whose metadata contains all of `metadata`, newest first; an hour late, at worst."""
        return await payment_intents.search(self._client, created_since, metadata)

    async def find_checkout_sessions(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[CheckoutSession, ...]:
        """The sessions since then whose metadata contains all of `metadata`, newest first."""
        return await checkout_sessions.find(self._client, customer, created_since, metadata)

    async def find_refunds(self, intent: PaymentIntentId, metadata: Metadata) -> tuple[Refund, ...]:
        """The intent's refunds whose metadata contains all of `metadata`, newest first."""
        return await refunds.find(self._client, intent, metadata)

    def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        """Every event since then, oldest first."""
        return events.oldest_first(self._client, created_since)

    async def list_webhook_endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Where the account sends its events."""
        return await webhook_endpoints.list_all(self._client)

    async def refused_reads(self) -> tuple[str, ...]:
        """The reads that the key may not do, each with Stripe's word about it."""
        return await permissions.refused_reads(self._client)

    async def key_mode(self) -> Mode:
        """Ask Stripe which mode the key is of."""
        return await key_mode.ask(self._client, self._claimed_mode)
