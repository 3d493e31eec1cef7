"""What people did and how it ended, put together by order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol, TypeVar

from tests.chaos.world import (
    Creditmemo,
    CreditmemoDeed,
    Deeds,
    Ending,
    Invoice,
    LedgerRow,
    MagentoOrder,
    PaymentIntent,
    Refund,
    RefundDeed,
    RefundInMagento,
    Transaction,
)

DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
"""docs.stripe.com/currencies#zero-decimal and #three-decimal."""

ALIVE = frozenset(("succeeded", "pending", "requires_action"))
"""Of a refund: its money is gone, or on its way."""


class OfOrder(Protocol):
    """Something that names its order."""

    @property
    def order_id(self) -> int: ...


T = TypeVar("T", bound=OfOrder)


def minor(amount: Decimal, currency: str) -> Decimal:
    """In the currency's smallest unit."""
    return amount.scaleb(DECIMALS[currency])


def by_order(found: Iterable[T]) -> Mapping[int, list[T]]:
    """Put together by order."""
    grouped: dict[int, list[T]] = defaultdict(list)
    for each in found:
        grouped[each.order_id].append(each)
    return grouped


@dataclass(frozen=True)
class Books:
    """Both, and what belongs to each order."""

    deeds: Deeds
    ending: Ending

    @cached_property
    def orders(self) -> Mapping[int, MagentoOrder]:
        """Magento's, by id."""
        return {each.order_id: each for each in self.ending.orders}

    @cached_property
    def intents(self) -> Mapping[int, list[PaymentIntent]]:
        """By the order that their metadata names; those that name none are order 0's."""
        grouped: dict[int, list[PaymentIntent]] = defaultdict(list)
        for each in self.ending.intents:
            grouped[int(each.metadata.get("magento_order_id", 0))].append(each)
        return grouped

    @cached_property
    def refunds(self) -> Mapping[int, list[Refund]]:
        """By the order of their payment."""
        order_of = {intent.id: order for order, intents in self.intents.items() for intent in intents}
        grouped: dict[int, list[Refund]] = defaultdict(list)
        for each in self.ending.refunds:
            grouped[order_of.get(each.payment_intent, 0)].append(each)
        return grouped

    @cached_property
    def invoices(self) -> Mapping[int, list[Invoice]]:
        """Magento's, by order."""
        return by_order(self.ending.invoices)

    @cached_property
    def transactions(self) -> Mapping[int, list[Transaction]]:
        """Magento's, by order."""
        return by_order(self.ending.transactions)

    @cached_property
    def memos(self) -> Mapping[int, list[Creditmemo]]:
        """Magento's, by order."""
        return by_order(self.ending.creditmemos)

    @cached_property
    def memo(self) -> Mapping[int, Creditmemo]:
        """Magento's credit memos, by id."""
        return {each.creditmemo_id: each for each in self.ending.creditmemos}

    @cached_property
    def refund(self) -> Mapping[str, Refund]:
        """Stripe's refunds, by id."""
        return {each.id: each for each in self.ending.refunds}

    @cached_property
    def memo_deeds(self) -> Mapping[int, list[CreditmemoDeed]]:
        """By order."""
        return by_order(self.deeds.creditmemos)

    @cached_property
    def refund_deeds(self) -> Mapping[int, list[RefundDeed]]:
        """By order."""
        return by_order(self.deeds.refunds)

    @cached_property
    def ledger(self) -> Mapping[int, list[LedgerRow]]:
        """The sidecar's, by order."""
        return by_order(self.ending.ledger)

    @cached_property
    def on_memo(self) -> Mapping[int, list[RefundInMagento]]:
        """The refunds that stand on each credit memo."""
        grouped: dict[int, list[RefundInMagento]] = defaultdict(list)
        for each in self.ending.magento_refunds:
            grouped[each.creditmemo_id].append(each)
        return grouped

    def succeeded(self, order_id: int) -> list[PaymentIntent]:
        """The payments of an order that were paid."""
        return [each for each in self.intents.get(order_id, []) if each.status == "succeeded"]

    def is_paid(self, order_id: int) -> bool:
        """Whether the order has to be on the books: it was to be paid, or whoever cancelled it came too late."""
        order = self.orders.get(order_id)
        return order is not None and order.state in {"processing", "complete", "closed"}
