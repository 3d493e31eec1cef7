"""One account in one mode: everything that it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sidecar.sandbox.stripe.clock import Agenda, SandboxClock
from sidecar.sandbox.stripe.config import AccountConfig, StripeSandboxConfig
from sidecar.sandbox.stripe.events import Cause, Event, EventSink
from sidecar.sandbox.stripe.ids import IdSource
from sidecar.sandbox.stripe.listing import Collection
from sidecar.sandbox.stripe.objects import (
    BalanceTransaction,
    Charge,
    CheckoutSession,
    Customer,
    Dispute,
    FraudWarning,
    PaymentIntent,
    PaymentMethod,
    Refund,
    TaxId,
    WebhookEndpoint,
)


@dataclass(frozen=True)
class Surroundings:
    """What all accounts of a sandbox share."""

    config: StripeSandboxConfig
    clock: SandboxClock
    agenda: Agenda
    ids: IdSource
    deliver: EventSink


class Account:
    """The state of one account.

    Attributes:
        cause: the request that is being executed; events name it.
        base_url: where the sandbox is reached: pages and redirects start with it.
    """

    def __init__(self, alias: str, config: AccountConfig, shared: Surroundings) -> None:
        self.alias = alias
        self.config = config
        self.shared = shared
        self.clock = shared.clock
        self.agenda = shared.agenda
        self.ids = shared.ids
        self.id = shared.ids.new("acct", 16)
        self.livemode = config.mode == "live"
        self.cause: Cause | None = None
        self.followers: list[Callable[[Account, PaymentIntent], None]] = []
        self.base_url = shared.config.public_url or "http://127.0.0.1"
        self.balance_transactions: Collection[BalanceTransaction] = Collection("balance transaction")
        self.charges: Collection[Charge] = Collection("charge")
        self.checkout_sessions: Collection[CheckoutSession] = Collection("checkout.session")
        self.customers: Collection[Customer] = Collection("customer")
        self.disputes: Collection[Dispute] = Collection("dispute")
        self.events: Collection[Event] = Collection("event")
        self.fraud_warnings: Collection[FraudWarning] = Collection("radar.early_fraud_warning")
        self.payment_intents: Collection[PaymentIntent] = Collection("payment_intent")
        self.payment_methods: Collection[PaymentMethod] = Collection("PaymentMethod")
        self.refunds: Collection[Refund] = Collection("refund")
        self.tax_ids: Collection[TaxId] = Collection("tax ID")
        self.webhook_endpoints: Collection[WebhookEndpoint] = Collection("webhook endpoint")
        for target in config.webhook_endpoints:
            self.webhook_endpoints.add(
                WebhookEndpoint(
                    id=self.ids.new("we"),
                    created=self.clock.now(),
                    url=target.url,
                    enabled_events=target.enabled_events,
                    secrets=[secret.get_secret_value() for secret in target.secrets],
                )
            )

    def tell(self, intent: PaymentIntent) -> None:
        """Tell whoever follows intents that this one moved on by itself or by the shopper's hand."""
        for follow in self.followers:
            follow(self, intent)

    def new_id(self, prefix: str, length: int = 24) -> str:
        """Make an object id."""
        return self.ids.new(prefix, length)

    def counts(self) -> dict[str, int]:
        """How many objects of each kind exist."""
        return {name: len(value) for name, value in sorted(vars(self).items()) if isinstance(value, Collection)}
