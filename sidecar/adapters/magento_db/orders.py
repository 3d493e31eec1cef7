"""`sidecar.ports.magento.MagentoOrders` by SQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId, PaymentIntentId
from sidecar.adapters.magento_db.booking import Booking, Kind
from sidecar.adapters.magento_db.rows import (
    add_line,
    change_order,
    change_payment,
    information_of,
    informed,
    order_of,
    read_order,
    read_transactions,
    read_with_payment,
    shown,
)
from sidecar.adapters.magento_db.session import Database, Row, open_database
from sidecar.adapters.magento_observer import MagentoObserver, Unobserved
from sidecar.breaker.guard import Guard
from sidecar.errors import RefusedError
from sidecar.ports.magento import (
    CreditmemoRefund,
    Hold,
    MagentoOrder,
    MagentoStatus,
    PaymentDetails,
    PaymentFailure,
    PaymentLink,
    RefundWriteBack,
    StripeRefund,
    WriteBack,
    WriteBackOutcome,
)

OPEN = frozenset(("new", "pending_payment", "payment_review"))
"""States of an order that still waits for its payment."""
HOLDABLE = frozenset(("new", "pending_payment", "processing"))
"""States in which Magento lets an order be held (`Order::canHold`)."""
ENDED = frozenset(("complete", "closed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoDbOptions:
    """One instance.

    Attributes:
        url: `mysql://user:password@host:3306/magento?ssl=…`; its user needs SELECT, INSERT and UPDATE on the five
            tables `sales_order`, `sales_order_grid`, `sales_order_payment`, `sales_payment_transaction` and
            `sales_order_status_history` only.
        table_prefix: as in Magento's `env.php`.
        observer: told about each transaction.
    """

    instance: Instance
    url: str = field(repr=False)
    table_prefix: str = ""
    observer: MagentoObserver = field(default_factory=Unobserved, repr=False)


class DbOrders:
    """The orders of one instance. Each write is one transaction, which holds the order's row as Magento's own do."""

    def __init__(self, instance: Instance, database: Database) -> None:
        self._instance = instance
        self._database = database

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        return self._instance

    async def read_order(self, order: MagentoOrderId) -> MagentoOrder:
        """One read."""
        async with self._database.transaction() as session:
            return order_of(*await read_with_payment(session, order, lock=False))

    async def record_authorization(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Transaction, payment and state `processing`."""
        return await self._pay(order, payment, "authorization")

    async def record_capture(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Transaction, payment, amounts and state `processing`; somebody else invoices."""
        return await self._pay(order, payment, "capture")

    async def record_payment_failure(self, order: MagentoOrderId, failure: PaymentFailure) -> WriteBack:
        """Status `payment_failed`; nobody is mailed."""
        async with self._database.transaction() as session:
            row, paid = await read_with_payment(session, order)
            information = information_of(paid)
            if failure.failure_id in information.get("failures", []):
                return _answer(row, "already_applied")
            if row["state"] not in OPEN:
                return _answer(row, _why_not(row))
            noted = _noted(information, "failures", failure.failure_id) | {"last_failure": shown(failure)}
            change_payment(session, order, informed(noted))
            await change_order(session, row, {"state": "pending_payment", "status": "payment_failed"})
            add_line(session, row, f"Payment failed: {failure.message} ({failure.decline_code or failure.code})")
        return _answer(row, "applied")

    async def record_payment_link(self, order: MagentoOrderId, link: PaymentLink) -> WriteBack:
        """The link stands in the payment's additional information, where the module keeps it as well."""
        about = f"{link.reason}/{link.checkout_session_id or '-'}/{link.payment_intent_id or '-'}"
        async with self._database.transaction() as session:
            row, paid = await read_with_payment(session, order)
            information = information_of(paid)
            if about in information.get("links", []):
                return _answer(row, "already_applied")
            if row["state"] not in OPEN:
                return _answer(row, _why_not(row))
            way = shown(link)
            if link.client_secret is not None:
                way["client_secret"] = link.client_secret.get_secret_value()
            change_payment(session, order, informed(_noted(information, "links", about) | {"payment_link": way}))
            if link.reason == "action_required":
                await change_order(session, row, {"state": "pending_payment", "status": "pending_payment"})
                add_line(session, row, "The shopper has to confirm the payment.")
        return _answer(row, "applied")

    async def hold_order(self, order: MagentoOrderId, hold: Hold) -> WriteBack:
        """State `holded`; the state before is kept, so that Magento can release the order."""
        about = f"{hold.payment_intent_id}/{hold.reason}"
        async with self._database.transaction() as session:
            row, paid = await read_with_payment(session, order)
            information = information_of(paid)
            if about in information.get("holds", []):
                return _answer(row, "already_applied")
            if row["state"] not in HOLDABLE | {"holded"}:
                return _answer(row, _why_not(row))
            change_payment(session, order, informed(_noted(information, "holds", about)))
            if row["state"] != "holded":
                before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
                await change_order(session, row, {"state": "holded", "status": "holded", **before})
            add_line(session, row, hold.message)
        return _answer(row, "applied")

    async def reopen_order(self, order: MagentoOrderId, payment_intent: PaymentIntentId) -> WriteBack:
        """Refused: items and stock have to come back, which only Magento can do."""
        raise _needs_rest(f"reopening order {order} for {payment_intent}")

    async def cancel_order(self, order: MagentoOrderId, comment: str) -> WriteBack:
        """Refused, unless it is cancelled already: items and stock have to be given back, which only Magento can do."""
        del comment
        async with self._database.transaction() as session:
            row = await read_order(session, order, lock=False)
        if row["state"] == "canceled":
            return _answer(row, "already_applied")
        if row["state"] in ENDED or row["total_invoiced"] or row["total_paid"]:
            return _answer(row, "not_payable")
        raise _needs_rest(f"cancelling order {order}")

    async def accept_without_payment(self, order: MagentoOrderId) -> WriteBack:
        """State `processing`; somebody else invoices.

        Raises:
            RefusedError: it is held, and has to be released first.
        """
        async with self._database.transaction() as session:
            row = await read_order(session, order)
            if row["state"] == "canceled":
                return _answer(row, "order_canceled")
            if row["state"] in ENDED | {"processing"}:
                return _answer(row, "already_applied")
            if row["state"] not in OPEN:
                raise RefusedError("magento", "order_held", f"order {order} is {row['state']}: release it first")
            await change_order(session, row, {"state": "processing", "status": "processing"})
            add_line(session, row, "Nothing to pay.")
        return _answer(row, "applied")

    async def add_comment(self, order: MagentoOrderId, comment: str) -> None:
        """One line of history."""
        async with self._database.transaction() as session:
            add_line(session, await read_order(session, order), comment)

    async def record_refund(self, order: MagentoOrderId, refund: StripeRefund) -> RefundWriteBack:
        """Refused: a credit memo gives back items, tax and stock, which only Magento can do."""
        raise _needs_rest(f"a credit memo of order {order} for {refund.refund_id}")

    async def record_creditmemo_refund(
        self, creditmemo: MagentoCreditmemoId, refund: CreditmemoRefund
    ) -> RefundWriteBack:
        """Refused: a credit memo's state belongs to Magento."""
        raise _needs_rest(f"the refund {refund.refund_id or refund.status} of credit memo {creditmemo}")

    async def republish(self, order: MagentoOrderId) -> WriteBack:
        """Refused: the snapshot is the module's to make."""
        raise _needs_rest(f"publishing order {order} again")

    async def status(self) -> MagentoStatus:
        """That the tables are there is all that can be told."""
        async with self._database.transaction() as session:
            await session.rows("SELECT 1 FROM {sales_order} LIMIT 1", {})
        return MagentoStatus()

    async def _pay(self, order: MagentoOrderId, payment: PaymentDetails, kind: Kind) -> WriteBack:
        intent = payment.payment_intent_id
        async with self._database.transaction() as session:
            row, paid = await read_with_payment(session, order)
            known = await read_transactions(session, order)
            ours = {row["txn_type"]: row for row in known if row["txn_id"] in {intent, f"{intent}-capture"}}
            if kind in ours:
                return _answer(row, "already_applied", ours[kind]["txn_id"])
            if not _takes_payment(row, capture=kind == "capture", authorized="authorization" in ours):
                return _answer(row, _why_not(row))
            if payment.currency != row["order_currency_code"] or payment.amount != _due(row):
                said = f"{payment.amount} {payment.currency} is not what order {order} is to be paid with"
                raise RefusedError("magento", "amount_mismatch", said, field="payment.amount")
            booking = Booking(row, paid, payment, kind, ours.get("authorization"))
            await booking.write(session)
        return _answer(row, "applied", booking.txn_id)


def _takes_payment(row: Row, *, capture: bool, authorized: bool) -> bool:
    """Whether the order waits for this payment, also while it is held: money that came must be on the books."""
    if _due(row) <= 0:
        return False
    state = row["hold_before_state"] if row["state"] == "holded" else row["state"]
    return state in OPEN or (state == "processing" and capture and authorized)


def _due(row: Row) -> Decimal:
    due: Decimal = row["grand_total"] if row["total_due"] is None else row["total_due"]
    return due


def _noted(information: dict[str, Any], name: str, about: str) -> dict[str, Any]:
    return information | {name: [*information.get(name, []), about]}


def _why_not(row: Row) -> WriteBackOutcome:
    return "order_canceled" if row["state"] == "canceled" else "not_payable"


def _answer(row: Row, outcome: WriteBackOutcome, transaction_id: str | None = None) -> WriteBack:
    return WriteBack(outcome=outcome, state=row["state"], status=row["status"], transaction_id=transaction_id)


def _needs_rest(what: str) -> RefusedError:
    return RefusedError("magento", "needs_rest", f'{what} needs Magento\'s own methods: set adapter = "rest"')


@asynccontextmanager
async def open_db_orders(options: MagentoDbOptions, guard: Guard | None = None) -> AsyncIterator[DbOrders]:
    """The adapter, whose connections are closed after the block; `guard` stands before each transaction."""
    told = partial(options.observer.answered, options.instance)
    async with open_database(options.url, options.table_prefix, told, guard) as database:
        yield DbOrders(options.instance, database)
