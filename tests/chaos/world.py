"""What people did, and how everything stood at the end: the two things that the oracle compares.

No logic, and nothing of the product: the end is read with plain SQL and plain HTTP, and told in these words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Expected = Literal["paid", "failed", "unpaid", "canceled", "paid_or_canceled"]


@dataclass(frozen=True, slots=True)
class OrderDeed:
    """An order that a shopper placed.

    Attributes:
        order_id: Magento's.
        total: what the shopper agreed to pay, in `currency`.
        base_total: the same in the shop's books, in `base_currency`.
        expected: what has to become of it.
        what: how it was to be paid, for people who read a violation.
    """

    order_id: int
    currency: str
    total: Decimal
    base_currency: str
    base_total: Decimal
    expected: Expected
    what: str


@dataclass(frozen=True, slots=True)
class CreditmemoDeed:
    """A credit memo that a merchant made in Magento's admin; `amount` in order currency."""

    order_id: int
    creditmemo_id: int
    amount: Decimal
    offline: bool


@dataclass(frozen=True, slots=True)
class RefundDeed:
    """A refund that somebody made in Stripe's dashboard; `amount` in the currency's smallest unit."""

    order_id: int
    refund_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class AccountDeed:
    """An account whose owner, or the merchant, changed it.

    Attributes:
        emails: every address that it was given in Magento, in order; Magento owns the field.
        names: every name that it was given on either side; the newest counts, and which that was a race decides.
        phones: the same of its telephone number.
    """

    customer_id: int
    emails: tuple[str, ...]
    names: frozenset[str]
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class PoisonDeed:
    """A message that nobody can handle; `mark` is in its body."""

    queue: str
    mark: str


@dataclass(frozen=True, slots=True)
class Deeds:
    """All that people did."""

    orders: tuple[OrderDeed, ...] = ()
    creditmemos: tuple[CreditmemoDeed, ...] = ()
    refunds: tuple[RefundDeed, ...] = ()
    accounts: tuple[AccountDeed, ...] = ()
    poison: tuple[PoisonDeed, ...] = ()


@dataclass(frozen=True, slots=True)
class MagentoOrder:
    """A row of `sales_order`, with its payment's last transaction. Amounts without `base_` in order currency."""

    order_id: int
    state: str
    status: str
    currency: str
    base_currency: str
    total: Decimal
    base_total: Decimal
    paid: Decimal
    base_paid: Decimal
    refunded: Decimal
    base_refunded: Decimal
    last_transaction: str | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A row of `sales_invoice`."""

    order_id: int
    currency: str
    total: Decimal
    base_total: Decimal


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row of `sales_payment_transaction`."""

    order_id: int
    kind: str
    transaction: str


@dataclass(frozen=True, slots=True)
class Creditmemo:
    """A row of `sales_creditmemo`; `state` is Magento's number: 1 open, 2 refunded, 3 canceled."""

    creditmemo_id: int
    order_id: int
    state: int
    total: Decimal
    base_total: Decimal


@dataclass(frozen=True, slots=True)
class RefundInMagento:
    """What the module keeps of a refund: on which memo it stands, in order currency."""

    refund_id: str
    creditmemo_id: int
    amount: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event that Magento wrote in the transaction of what it tells."""

    event_id: str
    type: str
    published: bool


@dataclass(frozen=True, slots=True)
class MagentoAccount:
    """A row of `customer_entity` with the telephone number of its default billing address."""

    customer_id: int
    email: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """Amounts in the currency's smallest unit."""

    id: str
    status: str
    currency: str
    amount: int
    received: int
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund at Stripe."""

    id: str
    payment_intent: str
    currency: str
    amount: int
    status: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer at Stripe that is not deleted."""

    id: str
    email: str | None
    name: str | None
    phone: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event that Stripe lists."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An effect that the sidecar wrote down; `amount` of a capture, in order currency."""

    key: str
    kind: str
    order_id: int
    state: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was parked."""

    queue: str
    reason: str
    body: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How everything stood when nothing moved any more.

    Attributes:
        refund_links: the credit memo of each refund, in the sidecar's store.
        heard: `(queue, hash)` of every event that a consumer marked as done with; see `oracle.messages`.
        told: how many lines of each kind the timeline has of each order: `(order_id, kind)` to the number.
        waiting: how many messages lie in each queue that has to be empty.
    """

    orders: tuple[MagentoOrder, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    creditmemos: tuple[Creditmemo, ...] = ()
    magento_refunds: tuple[RefundInMagento, ...] = ()
    outbox: tuple[OutboxEvent, ...] = ()
    accounts: tuple[MagentoAccount, ...] = ()
    intents: tuple[PaymentIntent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    customers: tuple[Customer, ...] = ()
    events: tuple[StripeEvent, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    refund_links: Mapping[str, int] = field(default_factory=dict)
    heard: frozenset[tuple[str, str]] = frozenset()
    told: Mapping[tuple[int, str], int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    dead_letters: tuple[DeadLetter, ...] = ()
