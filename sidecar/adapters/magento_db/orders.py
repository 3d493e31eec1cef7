"""`sidecar.ports.magento.MagentoOrders` by SQL."""

# ruff: noqa: S608  # what is put into statements are column names of ours; values are bound

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import orjson

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoOrderId, PaymentIntentId
from sidecar.adapters.magento_db.session import Database, Row, Session, open_database
from sidecar.errors import NotFoundError, RefusedError
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

OPEN = ("new", "pending_payment", "payment_review")
"""States of an order that still waits for its payment."""
PAID = ("processing", "complete", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoDbOptions:
    """One instance.

    Attributes:
        url: `mysql://user:password@host:3306/magento`; its user needs SELECT, INSERT and UPDATE on five tables only.
        table_prefix: as in Magento's `env.php`.
    """

    instance: Instance
    url: str
    table_prefix: str = ""


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
        """One statement."""
        async with self._database.transaction() as session:
            row = await _order(session, order, lock=False)
            payment = await _payment(session, order)
        return MagentoOrder(
            order_id=order,
            increment_id=row["increment_id"],
            store_id=row["store_id"],
            state=row["state"],
            status=row["status"],
            currency=row["order_currency_code"],
            grand_total=row["grand_total"],
            total_paid=row["total_paid"] or Decimal(0),
            total_refunded=row["total_refunded"] or Decimal(0),
            payment_method=payment["method"],
            updated_at=row["updated_at"].replace(tzinfo=UTC),
            last_transaction_id=payment["last_trans_id"],
        )

    async def record_authorization(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Transaction, payment and state `processing`."""
        return await self._pay(order, payment, "authorization")

    async def record_capture(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Transaction, payment, amounts and state `processing`; somebody else invoices."""
        return await self._pay(order, payment, "capture")

    async def record_payment_failure(self, order: MagentoOrderId, failure: PaymentFailure) -> WriteBack:
        """Status `payment_failed`; nobody is mailed, since only Magento itself can."""
        async with self._database.transaction() as session:
            row = await _order(session, order)
            information = await _information(session, order)
            if failure.failure_id in information.get("failures", []):
                return _answer(row, "already_applied")
            if row["state"] not in OPEN:
                return _answer(row, _why_not(row))
            failures = [*information.get("failures", []), failure.failure_id]
            await _inform(session, order, information | {"failures": failures, "last_failure": _plain(failure)})
            await _change(session, row, {"state": "pending_payment", "status": "payment_failed"})
            await _comment(session, row, f"Payment failed: {failure.message} ({failure.decline_code or failure.code})")
        return _answer(row, "applied")

    async def record_payment_link(self, order: MagentoOrderId, link: PaymentLink) -> WriteBack:
        """The link stands in the payment's additional information, where the module keeps it as well."""
        async with self._database.transaction() as session:
            row = await _order(session, order)
            information = await _information(session, order)
            shown = _plain(link)
            if link.client_secret is not None:
                shown["client_secret"] = link.client_secret.get_secret_value()
            if information.get("payment_link") == shown:
                return _answer(row, "already_applied")
            if row["state"] not in OPEN:
                return _answer(row, _why_not(row))
            await _inform(session, order, information | {"payment_link": shown})
            if link.reason == "action_required":
                await _change(session, row, {"state": "pending_payment", "status": "pending_payment"})
                await _comment(session, row, "The shopper has to confirm the payment.")
        return _answer(row, "applied")

    async def hold_order(self, order: MagentoOrderId, hold: Hold) -> WriteBack:
        """State `holded`; the state before is kept, so that Magento can release the order."""
        async with self._database.transaction() as session:
            row = await _order(session, order)
            if row["state"] == "holded":
                return _answer(row, "already_applied")
            if row["state"] == "canceled":
                return _answer(row, "order_canceled")
            before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
            await _change(session, row, {"state": "holded", "status": "holded", **before})
            await _comment(session, row, hold.message)
        return _answer(row, "applied")

    async def reopen_order(self, order: MagentoOrderId, payment_intent: PaymentIntentId) -> WriteBack:
        """Refused: items and stock have to come back, which only Magento can do."""
        raise _needs_rest(f"reopening order {order} for {payment_intent}")

    async def cancel_order(self, order: MagentoOrderId, comment: str) -> WriteBack:
        """Refused, unless it is cancelled already: items and stock have to be given back, which only Magento can do."""
        del comment
        async with self._database.transaction() as session:
            row = await _order(session, order)
        if row["state"] == "canceled":
            return _answer(row, "already_applied")
        if row["state"] in PAID:
            return _answer(row, "not_payable")
        raise _needs_rest(f"cancelling order {order}")

    async def accept_without_payment(self, order: MagentoOrderId) -> WriteBack:
        """State `processing`; somebody else invoices."""
        async with self._database.transaction() as session:
            row = await _order(session, order)
            if row["state"] == "canceled":
                return _answer(row, "order_canceled")
            if row["state"] in PAID:
                return _answer(row, "already_applied")
            await _change(session, row, {"state": "processing", "status": "processing"})
            await _comment(session, row, "Nothing to pay.")
        return _answer(row, "applied")

    async def add_comment(self, order: MagentoOrderId, comment: str) -> None:
        """One line of history."""
        async with self._database.transaction() as session:
            await _comment(session, await _order(session, order), comment)

    async def status(self) -> MagentoStatus:
        """That the tables are there is all that can be told."""
        async with self._database.transaction() as session:
            await session.rows("SELECT 1 FROM {sales_order} LIMIT 1", {})
        return MagentoStatus()

    async def _pay(
        self, order: MagentoOrderId, payment: PaymentDetails, kind: Literal["authorization", "capture"]
    ) -> WriteBack:
        async with self._database.transaction() as session:
            row = await _order(session, order)
            paid = await _payment(session, order)
            known = await session.rows(
                "SELECT txn_id, txn_type FROM {sales_payment_transaction} WHERE order_id = %(order)s", {"order": order}
            )
            types = {each["txn_type"]: each["txn_id"] for each in known if _is_of(each["txn_id"], payment)}
            if kind in types:
                return _answer(row, "already_applied", types[kind])
            if row["state"] == "canceled":
                return _answer(row, "order_canceled")
            if row["state"] not in OPEN and not (kind == "capture" and "authorization" in types):
                return _answer(row, "not_payable")
            if payment.currency != row["order_currency_code"] or payment.amount != row["grand_total"]:
                raise RefusedError("magento", "amount_mismatch", f"{payment.amount} {payment.currency}")
            txn_id = (
                payment.payment_intent_id if "authorization" not in types else f"{payment.payment_intent_id}-capture"
            )
            await _write_transaction(session, row, paid["entity_id"], payment, kind=kind, txn_id=txn_id)
            await _write_payment(session, row, payment, kind, txn_id)
        return _answer(row, "applied", txn_id)


def _is_of(txn_id: str, payment: PaymentDetails) -> bool:
    return txn_id in {payment.payment_intent_id, f"{payment.payment_intent_id}-capture"}


async def _write_transaction(
    session: Session, row: Row, payment_id: int, payment: PaymentDetails, *, kind: str, txn_id: str
) -> None:
    await session.run(
        "INSERT INTO {sales_payment_transaction}"
        " (order_id, payment_id, txn_id, parent_txn_id, txn_type, is_closed)"
        " VALUES (%(order)s, %(payment)s, %(txn)s, %(parent)s, %(kind)s, %(closed)s)",
        {
            "order": row["entity_id"],
            "payment": payment_id,
            "txn": txn_id,
            "parent": None if txn_id == payment.payment_intent_id else payment.payment_intent_id,
            "kind": kind,
            "closed": int(kind == "capture"),
        },
    )


async def _write_payment(session: Session, row: Row, payment: PaymentDetails, kind: str, txn_id: str) -> None:
    order = row["entity_id"]
    base = _base(row, payment.amount)
    column = "amount_paid" if kind == "capture" else "amount_authorized"
    await session.run(
        "UPDATE {sales_order_payment} SET last_trans_id = %(txn)s, cc_last_4 = %(last4)s, cc_type = %(brand)s,"
        f" {column} = %(amount)s, base_{column} = %(base)s WHERE parent_id = %(order)s",
        {
            "txn": txn_id,
            "last4": payment.card_last4,
            "brand": payment.card_brand,
            "amount": payment.amount,
            "base": base,
            "order": order,
        },
    )
    shown = {name: value for name, value in _plain(payment).items() if name not in {"amount", "currency", "stripe"}}
    shown |= {"account": payment.stripe.account, "mode": payment.stripe.mode}
    await _inform(session, order, await _information(session, order) | shown)
    changes: Row = {"state": "processing", "status": "processing"}
    if kind == "capture":
        changes |= {"total_paid": payment.amount, "base_total_paid": base, "total_due": 0, "base_total_due": 0}
    await _change(session, row, changes)
    done = "Captured" if kind == "capture" else "Authorized"
    text = f'{done} amount of {payment.amount} {payment.currency}. Transaction ID: "{txn_id}"'
    await _comment(session, row, text)


async def _order(session: Session, order: MagentoOrderId, *, lock: bool = True) -> Row:
    ending = " FOR UPDATE" if lock else ""
    rows = await session.rows(f"SELECT * FROM {{sales_order}} WHERE entity_id = %(order)s{ending}", {"order": order})
    if not rows:
        raise NotFoundError("magento", "not_found", f"order {order} is not in the database")
    return rows[0]


async def _payment(session: Session, order: MagentoOrderId) -> Row:
    rows = await session.rows("SELECT * FROM {sales_order_payment} WHERE parent_id = %(order)s", {"order": order})
    if not rows:
        raise NotFoundError("magento", "not_found", f"order {order} has no payment")
    return rows[0]


async def _information(session: Session, order: MagentoOrderId) -> dict[str, Any]:
    text = (await _payment(session, order))["additional_information"]
    known: dict[str, Any] = orjson.loads(text) if text else {}
    return known


async def _inform(session: Session, order: MagentoOrderId, information: Mapping[str, Any]) -> None:
    await session.run(
        "UPDATE {sales_order_payment} SET additional_information = %(text)s WHERE parent_id = %(order)s",
        {"text": orjson.dumps(dict(information)).decode(), "order": order},
    )


async def _change(session: Session, row: Row, changes: Row) -> None:
    """Change order and grid; the order only if its state is still the one that was read."""
    columns = ", ".join(f"{column} = %({column})s" for column in changes)
    changed = await session.run(
        f"UPDATE {{sales_order}} SET {columns} WHERE entity_id = %(entity_id)s AND state = %(was)s",
        {**changes, "entity_id": row["entity_id"], "was": row["state"]},
    )
    shared = {name: value for name, value in changes.items() if name in {"status", "total_paid", "base_total_paid"}}
    if shared:
        columns = ", ".join(f"{column} = %({column})s" for column in shared)
        await session.run(
            f"UPDATE {{sales_order_grid}} SET {columns} WHERE entity_id = %(entity_id)s",
            {**shared, "entity_id": row["entity_id"]},
        )
    if not changed and row["state"] != changes.get("state", row["state"]):
        raise RefusedError("magento", "state_changed", f"order {row['entity_id']} changed its state meanwhile")
    row.update(changes)


async def _comment(session: Session, row: Row, comment: str) -> None:
    await session.run(
        "INSERT INTO {sales_order_status_history}"
        " (parent_id, comment, status, is_customer_notified, is_visible_on_front, entity_name)"
        " VALUES (%(order)s, %(comment)s, %(status)s, 0, 0, 'order')",
        {"order": row["entity_id"], "comment": comment, "status": row["status"]},
    )


def _base(row: Row, amount: Decimal) -> Decimal:
    if amount == row["grand_total"]:
        return Decimal(row["base_grand_total"])
    return (amount / Decimal(row["base_to_order_rate"])).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _plain(value: Frozen) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude_none=True, exclude={"client_secret"})


def _why_not(row: Row) -> WriteBackOutcome:
    return "order_canceled" if row["state"] == "canceled" else "not_payable"


def _answer(row: Row, outcome: WriteBackOutcome, transaction_id: str | None = None) -> WriteBack:
    return WriteBack(outcome=outcome, state=row["state"], status=row["status"], transaction_id=transaction_id)


def _needs_rest(what: str) -> RefusedError:
    return RefusedError("magento", "needs_rest", f'{what} needs Magento\'s own methods: set adapter = "rest"')


@asynccontextmanager
async def open_db_orders(options: MagentoDbOptions) -> AsyncIterator[DbOrders]:
    """The adapter, whose connections are closed after the block."""
    async with open_database(options.url, options.table_prefix) as database:
        yield DbOrders(options.instance, database)
