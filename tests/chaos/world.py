"""What people did in a run, and how everything stood at its end: what the oracle is given, and nothing else.

Plain data. Amounts named `amount` are in the currency's smallest unit, as Stripe counts; `Decimal`s are as Magento's
columns keep them, in order currency. Times are UTC. Nothing here has passed through the product's code: Magento's and
the store's rows were read by SQL, Stripe's objects over HTTP, messages out of RabbitMQ's queues.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Side = Literal["magento", "stripe"]


# --- what people did ---


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order; `price` is for one."""

    sku: str
    quantity: int
    price: Decimal


Card = Literal["good", "declines", "needs_3ds", "none"]
"""How the card behaves that the order was placed with: it pays; it is declined; the shopper has to authenticate; the
shopper gave none and pays on the hosted page."""

StepKind = Literal["pay_page", "authenticate", "fail_authentication", "capture", "cancel"]
"""What people did about an order after it was placed: paid its hosted page with a good card, passed or failed 3-D
Secure, captured reserved money in Stripe's dashboard, cancelled the order in Magento's admin."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did about an order.

    Attributes:
        accepted: whether the stand-in did it: Stripe may refuse to pay a page that is closed, Magento to cancel an order
            that is invoiced. When false, nothing came of it.
    """

    kind: StepKind
    at: datetime
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An order that went through the checkout.

    Attributes:
        order_id: Magento's entity id.
        amount: what it costs, in the smallest unit of `currency`.
        payment_method: Stripe's test PaymentMethod, `pm_card_…`; null where the shopper is to use the hosted page.
        capture: `manual` where the store only reserves money (store view `wholesale`).
        customer_id: the Magento account, null for a guest.
        steps: what was done about it, in this order.
        gave_up: steps that people wanted and could not do, since what they needed never showed (a payment link, say).
    """

    order_id: int
    increment_id: str
    store_code: str
    placed_at: datetime
    lines: tuple[Line, ...]
    shipping: Decimal
    currency: str
    grand_total: Decimal
    amount: int
    payment_method: str | None
    card: Card
    capture: Literal["automatic", "manual"]
    customer_id: int | None
    email: str
    steps: tuple[Step, ...] = ()
    gave_up: tuple[StepKind, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeMemo:
    """A credit memo that a merchant made in Magento's admin; `offline` ones are to move no money."""

    order_id: int
    creditmemo_id: int
    amount: int
    offline: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DashboardRefund:
    """A refund that somebody made in Stripe's dashboard."""

    order_id: int
    payment_intent_id: str
    refund_id: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A customer account that was opened in Magento."""

    customer_id: int
    email: str
    firstname: str
    lastname: str
    telephone: str


CustomerField = Literal["name", "phone", "email", "city"]


@dataclass(frozen=True, slots=True)
class CustomerEdit:
    """A change of one field of an account, on one side.

    The settings give `name` and `phone` to whoever changed them last; `email` and `city` are Magento's, so that what is
    changed in Stripe is put back. Edits of the same field on both sides at about the same time: either value may win.
    """

    customer_id: int
    side: Side
    changed: CustomerField
    value: str
    at: datetime


PoisonKind = Literal["not_json", "wrong_contract", "unknown_version"]


@dataclass(frozen=True, slots=True)
class Poison:
    """A message that no consumer can read, published to an exchange of events.

    Attributes:
        mark: stands in the body; the message is known by it.
        queues: the work queues that are bound to its routing key, without the prefix: each has to park it once.
    """

    kind: PoisonKind
    mark: str
    exchange: str
    routing_key: str
    queues: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """All that people did.

    Attributes:
        lost_webhooks: events whose webhook Stripe never sent; only the look-back can bring them.
    """

    orders: tuple[PlacedOrder, ...]
    memos: tuple[MadeMemo, ...] = ()
    refunds: tuple[DashboardRefund, ...] = ()
    accounts: tuple[Account, ...] = ()
    edits: tuple[CustomerEdit, ...] = ()
    poison: tuple[Poison, ...] = ()
    lost_webhooks: int = 0


# --- how everything stood at the end: Magento ---


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoOrder:
    """`sales_order`, with `last_trans_id` of `sales_order_payment`."""

    order_id: int
    increment_id: str
    state: str
    status: str
    currency: str
    grand_total: Decimal
    total_paid: Decimal | None
    total_refunded: Decimal | None
    total_invoiced: Decimal | None
    total_canceled: Decimal | None
    customer_id: int | None
    last_transaction: str | None


@dataclass(frozen=True, slots=True)
class MagentoInvoice:
    """`sales_invoice`."""

    invoice_id: int
    order_id: int
    grand_total: Decimal
    transaction_id: str | None


@dataclass(frozen=True, slots=True)
class MagentoTransaction:
    """`sales_payment_transaction`; `kind` is its `txn_type`: authorization, capture, refund, …"""

    order_id: int
    transaction_id: str
    parent_id: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class MagentoCreditmemo:
    """`sales_creditmemo`; `state` 1 is open (money is owed), 2 refunded, 3 cancelled."""

    creditmemo_id: int
    order_id: int
    state: int
    grand_total: Decimal
    transaction_id: str | None


@dataclass(frozen=True, slots=True)
class MagentoRefund:
    """`sidecar_refund`: which Stripe refund stands on which memo."""

    refund_id: str
    creditmemo_id: int
    amount: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class MagentoCustomer:
    """`customer_entity`, with telephone and city of the default billing address."""

    customer_id: int
    email: str
    firstname: str
    lastname: str
    telephone: str | None
    city: str | None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`sidecar_outbox`: an event that the module wrote in the transaction of what it tells.

    Attributes:
        event_id, source: CloudEvents `id` and `source`.
        copies: how often it was to be published.
        published_at: when the broker had confirmed all copies; null while it waits.
    """

    event_id: str
    source: str
    type: str
    routing_key: str
    copies: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Magento:
    """The shop's tables."""

    orders: tuple[MagentoOrder, ...]
    invoices: tuple[MagentoInvoice, ...]
    transactions: tuple[MagentoTransaction, ...]
    creditmemos: tuple[MagentoCreditmemo, ...]
    refunds: tuple[MagentoRefund, ...]
    customers: tuple[MagentoCustomer, ...]
    outbox: tuple[OutboxRow, ...]


# --- Stripe ---


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeIntent:
    """A PaymentIntent; the sidecar's metadata has `magento_order_id`."""

    id: str
    status: str
    currency: str
    amount: int
    amount_received: int
    amount_capturable: int
    customer: str | None
    latest_charge: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeCharge:
    """A Charge; `paid` also of those that only reserve (`captured` false)."""

    id: str
    payment_intent: str | None
    status: str
    currency: str
    amount: int
    amount_captured: int
    amount_refunded: int
    paid: bool
    captured: bool


@dataclass(frozen=True, slots=True)
class StripeRefund:
    """A Refund."""

    id: str
    payment_intent: str | None
    charge: str | None
    status: str
    currency: str
    amount: int
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeSession:
    """A Checkout Session."""

    id: str
    status: str
    payment_status: str
    payment_intent: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeCustomer:
    """A Customer; the sidecar's metadata has `magento_customer_id` where it stands for an account."""

    id: str
    email: str | None
    name: str | None
    phone: str | None
    city: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeBalanceTransaction:
    """A line of the account's balance: `amount` is negative where money went out; `source` is the charge or refund."""

    id: str
    type: str
    amount: int
    currency: str
    source: str | None


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An Event; `pending_webhooks` above 0: its webhook was never answered 2xx."""

    id: str
    type: str
    object_id: str
    pending_webhooks: int


@dataclass(frozen=True, slots=True)
class Stripe:
    """The account's objects."""

    intents: tuple[StripeIntent, ...]
    charges: tuple[StripeCharge, ...]
    refunds: tuple[StripeRefund, ...]
    sessions: tuple[StripeSession, ...]
    customers: tuple[StripeCustomer, ...]
    balance: tuple[StripeBalanceTransaction, ...]
    events: tuple[StripeEvent, ...]


# --- the sidecar's store ---


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """`effect_ledger`: state `begun`, `unknown` or `done`; `params` and `result` are JSON as it is kept."""

    key: str
    kind: str
    order_id: int
    subject: str | None
    state: str
    params: str
    result: str | None
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """`inbox`: this queue's consumer has done the event.

    `event_hash` is the first 16 bytes, in lower-case hexadecimal, of SHA-256 over source, a zero byte, and event id.
    Stripe's events come with the source that `Ending.stripe_source` names.
    """

    consumer: str
    event_hash: str


@dataclass(frozen=True, slots=True)
class RefundLink:
    """`refund_links`."""

    refund_id: str
    order_id: int
    creditmemo_id: int


@dataclass(frozen=True, slots=True)
class StoredIntent:
    """`payment_intents`."""

    intent_id: str
    order_id: int
    status: str


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """`customer_links`; `buyer` is as the store writes it."""

    customer_id: str
    buyer: str
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """`timeline`."""

    order_id: int
    subject: str | None
    source: str
    kind: str
    summary: str


@dataclass(frozen=True, slots=True)
class Store:
    """The sidecar's tables."""

    ledger: tuple[LedgerRow, ...]
    inbox: tuple[InboxRow, ...]
    refund_links: tuple[RefundLink, ...]
    intents: tuple[StoredIntent, ...]
    customer_links: tuple[CustomerLink, ...]
    timeline: tuple[TimelineRow, ...]


# --- RabbitMQ ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that lies in a queue at the end.

    Attributes:
        queue: its name without the prefix: `orders.dead-letter`, `sidecar.unrouted`, `orders`, `sidecar.retry.1h`, …
        work_queue: whose message it is, without the prefix; null where nobody's.
        id, type: CloudEvents of the body, null where it cannot be read.
        reason, detail: what the sidecar wrote into its headers.
    """

    queue: str
    work_queue: str | None
    id: str | None
    source: str | None
    type: str | None
    reason: str | None
    detail: str | None
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Binding:
    """Which routing keys lead from an exchange into a queue; names without the prefix."""

    exchange: str
    routing_key: str
    queue: str


@dataclass(frozen=True, slots=True)
class Broker:
    """What lies in the queues, and what leads there.

    Attributes:
        parked: all that lies in dead-letter queues.
        waiting: all that lies in work, surplus and retry queues: after quiescence, nothing.
        commerce: what was published to `commerce.events` (the harness binds a queue of its own): every message, in
            order of arrival, repeats included.
    """

    parked: tuple[Message, ...]
    waiting: tuple[Message, ...]
    unrouted: tuple[Message, ...]
    commerce: tuple[Message, ...]
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages as counted at both ends.

    Attributes:
        magento_published: copies that the outbox published and the broker confirmed.
        stripe_events: events that Stripe lists.
        webhooks_accepted: webhooks that the bridge answered 2xx, repeats included.
        poison_published: messages that nobody can read.
        done: rows of the inbox, by consumer: events done there, repeats not counted.
        parked: messages in dead-letter queues, by work queue.
    """

    magento_published: int
    stripe_events: int
    webhooks_accepted: int
    poison_published: int
    done: Mapping[str, int]
    parked: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ending:
    """How everything stood once nothing moved any more."""

    magento: Magento
    stripe: Stripe
    store: Store
    broker: Broker
    counts: Counts
    stripe_source: str
