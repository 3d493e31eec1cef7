"""A Magento in memory: orders with their states, invoices and what was written back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from schemas.ids import Instance, MagentoCustomerId, MagentoOrderId, PaymentIntentId
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.errors import NotFoundError, RefusedError, TransientError, UnknownOutcomeError
from sidecar.ports.magento import (
    Hold,
    MagentoOrder,
    MagentoStatus,
    PaymentDetails,
    PaymentFailure,
    PaymentLink,
    WriteBack,
    WriteBackOutcome,
)

OPEN = frozenset(("new", "pending_payment"))
HOLDABLE = OPEN | {"processing"}


@dataclass(slots=True)
class FakeOrder:
    """One order."""

    placed: OrderPlacedV1
    state: str
    status: str
    held_from: str | None = None
    invoices: int = 0
    total_paid: Decimal = Decimal(0)
    transaction_id: str | None = None
    comments: list[str] = field(default_factory=list)
    link: PaymentLink | None = None
    failures: list[PaymentFailure] = field(default_factory=list)
    done: set[tuple[str, str]] = field(default_factory=set)
    customer_id: MagentoCustomerId | None = None


class FakeMagento:
    """`sidecar.ports.magento.MagentoOrders` with the rules of the module's resources."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.orders: dict[MagentoOrderId, FakeOrder] = {}
        self._failures: list[Literal["before", "after"]] = []

    @property
    def instance(self) -> Instance:
        return self._instance

    def place(self, placed: OrderPlacedV1) -> FakeOrder:
        """A shopper goes through the checkout."""
        order = self.orders[placed.order_id] = FakeOrder(placed, "pending_payment", "pending_payment")
        order.customer_id = placed.customer.customer_id if placed.customer else None
        return order

    def assign(self, order_id: MagentoOrderId, customer: MagentoCustomerId) -> None:
        """Magento gives a guest's order to the account that they have made since."""
        self.orders[order_id].customer_id = customer

    def cancel_in_magento(self, order_id: MagentoOrderId) -> bool:
        """A merchant cancels; False when it is too late."""
        order = self.orders[order_id]
        if order.invoices or order.state not in OPEN | {"processing"}:
            return False
        order.state = order.status = "canceled"
        return True

    def hold_in_magento(self, order_id: MagentoOrderId) -> None:
        """A merchant puts the order on hold."""
        order = self.orders[order_id]
        order.held_from = order.state
        order.state = order.status = "holded"

    def release_in_magento(self, order_id: MagentoOrderId) -> None:
        """A merchant lets it go on."""
        order = self.orders[order_id]
        order.state = order.status = order.held_from or "pending_payment"
        order.held_from = None

    def fail_next(self, when: Literal["before", "after"]) -> None:
        """The next write fails before it is done, or after it."""
        self._failures.append(when)

    async def read_order(self, order: MagentoOrderId) -> MagentoOrder:
        seen = self._order(order)
        return MagentoOrder(
            order_id=order,
            increment_id=seen.placed.increment_id,
            store_id=seen.placed.store.store_id,
            state=seen.state,
            status=seen.status,
            currency=seen.placed.totals.currency,
            grand_total=seen.placed.totals.grand_total,
            total_paid=seen.total_paid,
            total_refunded=Decimal(0),
            payment_method=seen.placed.payment.method,
            updated_at=datetime.now(UTC),
            last_transaction_id=seen.transaction_id,
            customer_id=seen.customer_id,
        )

    async def record_authorization(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            if _state(seen) not in OPEN:
                return "not_payable"
            _check(seen, payment)
            _go_on(seen)
            seen.transaction_id = payment.payment_intent_id
            return "applied"

        return self._write(order, ("authorization", payment.payment_intent_id), apply)

    async def record_capture(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            authorized = ("authorization", payment.payment_intent_id) in seen.done
            if seen.invoices or not (_state(seen) in OPEN or (authorized and _state(seen) == "processing")):
                return "not_payable"
            _check(seen, payment)
            _go_on(seen)
            seen.invoices += 1
            seen.total_paid = payment.amount
            seen.transaction_id = f"{payment.payment_intent_id}-capture" if authorized else payment.payment_intent_id
            return "applied"

        return self._write(order, ("capture", payment.payment_intent_id), apply)

    async def record_payment_failure(self, order: MagentoOrderId, failure: PaymentFailure) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            if seen.state not in OPEN:
                return "not_payable"
            seen.state, seen.status = "pending_payment", "payment_failed"
            seen.failures.append(failure)
            return "applied"

        return self._write(order, ("failure", failure.failure_id), apply)

    async def record_payment_link(self, order: MagentoOrderId, link: PaymentLink) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            if seen.state not in OPEN:
                return "not_payable"
            if link.reason == "action_required":
                seen.status = "pending_payment"
            seen.link = link
            return "applied"

        return self._write(order, ("link", f"{link.reason}/{link.checkout_session_id}/{link.payment_intent_id}"), apply)

    async def hold_order(self, order: MagentoOrderId, hold: Hold) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            if seen.state not in HOLDABLE | {"holded"}:
                return "not_payable"
            if seen.state != "holded":
                seen.held_from = seen.state
            seen.state = seen.status = "holded"
            seen.comments.append(hold.message)
            return "applied"

        return self._write(order, ("hold", f"{hold.payment_intent_id}/{hold.reason}"), apply)

    async def reopen_order(self, order: MagentoOrderId, payment_intent: PaymentIntentId) -> WriteBack:
        seen = self._order(order)
        if ("reopen", payment_intent) in seen.done or seen.state in OPEN:
            return WriteBack(outcome="already_applied", state=seen.state, status=seen.status)
        if seen.state != "canceled":
            return WriteBack(outcome="not_payable", state=seen.state, status=seen.status)
        seen.state = seen.status = "pending_payment"
        seen.done.add(("reopen", payment_intent))
        return WriteBack(outcome="applied", state=seen.state, status=seen.status)

    async def cancel_order(self, order: MagentoOrderId, comment: str) -> WriteBack:
        seen = self._order(order)
        if seen.state == "canceled":
            return WriteBack(outcome="already_applied", state=seen.state, status=seen.status)
        if not self.cancel_in_magento(order):
            return WriteBack(outcome="not_payable", state=seen.state, status=seen.status)
        seen.comments.append(comment)
        return WriteBack(outcome="applied", state=seen.state, status=seen.status)

    async def accept_without_payment(self, order: MagentoOrderId) -> WriteBack:
        def apply(seen: FakeOrder) -> WriteBackOutcome:
            if seen.state not in OPEN:
                raise RefusedError("magento", "order_held", f"order {order} is {seen.state}")
            seen.state = seen.status = "processing"
            seen.invoices += 1
            return "applied"

        return self._write(order, ("accept", "zero"), apply)

    async def add_comment(self, order: MagentoOrderId, comment: str) -> None:
        self._order(order).comments.append(comment)

    async def status(self) -> MagentoStatus:
        return MagentoStatus(version="2.4.4", module_version="fake")

    def _order(self, order: MagentoOrderId) -> FakeOrder:
        if order not in self.orders:
            raise NotFoundError("magento", "not_found", f"order {order}")
        return self.orders[order]

    def _write(
        self, order: MagentoOrderId, about: tuple[str, str], apply: Callable[[FakeOrder], WriteBackOutcome]
    ) -> WriteBack:
        failure = self._failures.pop(0) if self._failures else None
        if failure == "before":
            raise TransientError("magento", "http_503", "")
        seen = self._order(order)
        if about in seen.done:
            outcome: WriteBackOutcome = "already_applied"
        elif seen.state == "canceled":
            outcome = "order_canceled"
        else:
            outcome = apply(seen)
            if outcome == "applied":
                seen.done.add(about)
        if failure == "after":
            raise UnknownOutcomeError("magento", "http_500", "")
        return WriteBack(outcome=outcome, state=seen.state, status=seen.status, transaction_id=seen.transaction_id)


def _state(seen: FakeOrder) -> str | None:
    """The state, or the one that a held order will come back to."""
    return seen.held_from if seen.state == "holded" else seen.state


def _go_on(seen: FakeOrder) -> None:
    if seen.state == "holded":
        seen.held_from = "processing"
    else:
        seen.state = seen.status = "processing"


def _check(seen: FakeOrder, payment: PaymentDetails) -> None:
    totals = seen.placed.totals
    if (payment.amount, payment.currency) != (totals.total_due, totals.currency):
        raise RefusedError("magento", "amount_mismatch", f"{payment.amount} {payment.currency}")
