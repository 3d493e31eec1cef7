"""A Magento in memory: orders with their states, invoices and what was written back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from schemas.ids import Instance, MagentoCreditmemoId, MagentoCustomerId, MagentoOrderId, PaymentIntentId, RefundId
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1, CreditmemoItem, CreditmemoTotals
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.totals import Item
from schemas.money import EXPONENTS
from sidecar.errors import NotFoundError, RefusedError, TransientError, UnknownOutcomeError
from sidecar.ports.magento import (
    CreditmemoRefund,
    Hold,
    MagentoOrder,
    MagentoStatus,
    PaymentDetails,
    PaymentFailure,
    PaymentLink,
    RefundOutcome,
    RefundWriteBack,
    StripeRefund,
    WriteBack,
    WriteBackOutcome,
)

OPEN = frozenset(("new", "pending_payment"))
HOLDABLE = OPEN | {"processing"}


ZERO = Decimal(0)
LATE = {"pending": ("succeeded",), "requires_action": ("succeeded",)}


@dataclass(slots=True)
class FakeMemo:
    """One credit memo, and what is known of its refunds: the amount and the status of each."""

    event: CreditmemoCreatedV1
    state: str
    refunds: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return self.event.totals.grand_total


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
    memos: list[FakeMemo] = field(default_factory=list)
    customer_id: MagentoCustomerId | None = None

    @property
    def total_refunded(self) -> Decimal:
        return sum((memo.total for memo in self.memos), ZERO)

    def returned(self, item_id: int) -> Decimal:
        """How many of a line have come back."""
        lines = (line for memo in self.memos for line in memo.event.items if line.order_item_id == item_id)
        return sum((line.qty for line in lines), ZERO)


class FakeMagento:
    """`sidecar.ports.magento.MagentoOrders` with the rules of the module's resources."""

    def __init__(self, instance: Instance, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._instance = instance
        self._now = now
        self.orders: dict[MagentoOrderId, FakeOrder] = {}
        self.creditmemo_events: list[CreditmemoCreatedV1] = []
        self._memos: dict[MagentoCreditmemoId, tuple[FakeOrder, FakeMemo]] = {}
        self.republished: list[OrderPlacedV1] = []
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

    def refund_in_magento(
        self,
        order_id: MagentoOrderId,
        quantities: Mapping[int, str] | None = None,
        *,
        shipping: str | None = None,
        adjustment: str = "0",
        store_credit: str = "0",
        offline: bool = False,
    ) -> CreditmemoCreatedV1:
        """A merchant makes a credit memo: of these lines, or of all that is left; its event is in `creditmemo_events`.

        Raises ValueError when the order has less to give back.
        """
        order = self.orders[order_id]
        chosen = None if quantities is None else {item: Decimal(qty) for item, qty in quantities.items()}
        event = self._draw(order, chosen, None if shipping is None else Decimal(shipping), Decimal(adjustment))
        totals = event.totals
        credit = Decimal(store_credit)
        changed = {"store_credit": credit, "grand_total": totals.grand_total - credit}
        event = event.model_copy(update={"offline": offline, "totals": totals.model_copy(update=changed)})
        if not order.invoices or not ZERO <= event.totals.grand_total <= order.total_paid - order.total_refunded:
            raise ValueError(f"{event.totals.grand_total} of {order}")
        self._book(order, event, "refunded" if offline or not event.totals.grand_total else "open")
        return event

    def memo(self, creditmemo: MagentoCreditmemoId) -> FakeMemo:
        """The memo as it is now."""
        return self._memos[creditmemo][1]

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
            total_refunded=seen.total_refunded,
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

    async def record_refund(self, order: MagentoOrderId, refund: StripeRefund) -> RefundWriteBack:
        def apply() -> RefundWriteBack:
            seen = self._order(order)
            linked = self._linked(refund.refund_id)
            if linked is not None:
                return _told(seen, "already_applied", linked)
            if seen.state == "canceled":
                return _told(seen, "order_canceled", None)
            if not seen.invoices or refund.amount > seen.total_paid - seen.total_refunded:
                return _told(seen, "not_refundable", None)
            if refund.currency != seen.placed.totals.currency:
                raise RefusedError("magento", "http_400", f"{refund.amount} {refund.currency}")
            event = self._drawn(seen, refund)
            if event.totals.grand_total != refund.amount:
                answer = _told(seen, "lines_differ", None)
                return answer.model_copy(update={"grand_total": event.totals.grand_total})
            event = event.model_copy(update={"offline": True, "stripe_refund": refund.refund_id})
            memo = self._book(seen, event, "open" if refund.status == "pending" else "refunded")
            memo.refunds[refund.refund_id] = (refund.amount, refund.status)
            return _told(seen, "applied", memo)

        return self._failing(apply)

    async def record_creditmemo_refund(
        self, creditmemo: MagentoCreditmemoId, refund: CreditmemoRefund
    ) -> RefundWriteBack:
        def apply() -> RefundWriteBack:
            if creditmemo not in self._memos:
                raise NotFoundError("magento", "not_found", f"credit memo {creditmemo}")
            order, memo = self._memos[creditmemo]
            linked = self._linked(refund.refund_id)
            if linked is not None and linked is not memo:
                return _told(order, "linked_elsewhere", linked)
            about = f"{refund.refund_id}/{refund.status}/{refund.code if refund.refund_id is None else ''}"
            _, known = memo.refunds.get(refund.refund_id or "", (ZERO, ""))
            late = known in {"failed", "canceled", refund.status, *LATE.get(refund.status, ())}
            if about in memo.told or (refund.refund_id is not None and late):
                return _told(order, "already_applied", memo)
            if refund.currency != memo.event.totals.currency or refund.amount > memo.total:
                raise RefusedError("magento", "http_400", f"{refund.amount} {refund.currency}")
            memo.told.add(about)
            memo.comments.append(f"{refund.status} {refund.refund_id} {refund.code}")
            if refund.refund_id is not None:
                memo.refunds[refund.refund_id] = (refund.amount, refund.status)
            through = sum((amount for amount, status in memo.refunds.values() if status == "succeeded"), ZERO)
            memo.state = "refunded" if through == memo.total else "open"
            return _told(order, "applied", memo)

        return self._failing(apply)

    async def republish(self, order: MagentoOrderId) -> WriteBack:
        seen = self._order(order)
        self.republished.append(seen.placed)
        return WriteBack(outcome="applied", state=seen.state, status=seen.status)

    async def status(self) -> MagentoStatus:
        return MagentoStatus(version="2.4.4", module_version="fake")

    def _order(self, order: MagentoOrderId) -> FakeOrder:
        if order not in self.orders:
            raise NotFoundError("magento", "not_found", f"order {order}")
        return self.orders[order]

    def _failing(self, apply: Callable[[], RefundWriteBack]) -> RefundWriteBack:
        failure = self._failures.pop(0) if self._failures else None
        if failure == "before":
            raise TransientError("magento", "http_503", "")
        answer = apply()
        if failure == "after":
            raise UnknownOutcomeError("magento", "http_500", "")
        return answer

    def _linked(self, refund: RefundId | None) -> FakeMemo | None:
        return next((memo for _, memo in self._memos.values() if refund in memo.refunds), None)

    def _drawn(self, order: FakeOrder, refund: StripeRefund) -> CreditmemoCreatedV1:
        if refund.lines == "whole":
            return self._draw(order, None, None, ZERO)
        if refund.lines == "amount":
            return self._draw(order, {}, ZERO, refund.amount)
        chosen = {item.order_item_id: item.qty for item in refund.items}
        return self._draw(order, chosen, refund.shipping_amount or ZERO, ZERO)

    def _draw(
        self, order: FakeOrder, chosen: Mapping[int, Decimal] | None, shipping: Decimal | None, adjustment: Decimal
    ) -> CreditmemoCreatedV1:
        placed = order.placed
        left = {item.item_id: item.qty_ordered - order.returned(item.item_id) for item in placed.items}
        wanted = {item: qty for item, qty in left.items() if qty} if chosen is None else chosen
        if any(qty > left.get(item, ZERO) for item, qty in wanted.items()):
            raise RefusedError("magento", "http_400", "not so many are left")
        by_id = {item.item_id: item for item in placed.items}
        unit = Decimal(1).scaleb(-min(2, EXPONENTS[placed.totals.currency]))
        lines = tuple(_line(by_id[item], order.returned(item), qty, unit) for item, qty in wanted.items())
        given = sum((memo.event.totals.shipping_amount for memo in order.memos), ZERO)
        back = placed.totals.shipping_amount - given if shipping is None else shipping
        on_shipping = (placed.totals.shipping_tax_amount or ZERO) if back else ZERO
        subtotal, tax = sum((line.row_total for line in lines), ZERO), sum((line.tax_amount for line in lines), ZERO)
        discount = sum((line.discount_amount for line in lines), ZERO)
        totals = CreditmemoTotals(
            currency=placed.totals.currency,
            grand_total=subtotal + tax + on_shipping + back - discount + adjustment,
            subtotal=subtotal,
            shipping_amount=back,
            tax_amount=tax + on_shipping,
            discount_amount=-discount,
            adjustment_positive=adjustment,
            adjustment_negative=ZERO,
            store_credit=ZERO,
            shipping_tax_amount=on_shipping,
        )
        number = MagentoCreditmemoId(len(self._memos) + 1)
        return CreditmemoCreatedV1(
            instance=self._instance,
            store=placed.store,
            creditmemo_id=number,
            increment_id=f"{number:09d}",
            order_id=placed.order_id,
            order_increment_id=placed.increment_id,
            totals=totals,
            base_totals=totals,
            items=lines,
            payment_method=placed.payment.method,
            created_at=self._now(),
        )

    def _book(self, order: FakeOrder, event: CreditmemoCreatedV1, state: str) -> FakeMemo:
        memo = FakeMemo(event, state)
        order.memos.append(memo)
        self._memos[event.creditmemo_id] = (order, memo)
        self.creditmemo_events.append(event)
        if order.total_refunded == order.total_paid and order.state != "holded":
            order.state = order.status = "closed"
        return memo

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


def _line(item: Item, returned: Decimal, qty: Decimal, unit: Decimal) -> CreditmemoItem:
    """What part of a line costs, so that the parts add up to it; not always as the sidecar reckons."""

    def part(amount: Decimal) -> Decimal:
        before, after = (
            (amount * count / item.qty_ordered).quantize(unit) if count != item.qty_ordered else amount
            for count in (returned, returned + qty)
        )
        return after - before

    return CreditmemoItem(
        order_item_id=item.item_id,
        sku=item.sku,
        qty=qty,
        row_total=part(item.row_total),
        tax_amount=part(item.tax_amount),
        discount_amount=part(item.discount_amount),
    )


def _told(order: FakeOrder, outcome: RefundOutcome, memo: FakeMemo | None) -> RefundWriteBack:
    return RefundWriteBack(
        outcome=outcome,
        state=order.state,
        status=order.status,
        creditmemo_id=memo.event.creditmemo_id if memo else None,
        creditmemo_increment_id=memo.event.increment_id if memo else None,
        creditmemo_state=memo.state if memo else None,
    )


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
