"""Reads and writes the rows of one order: order, grid, payment, transactions, history."""

# ruff: noqa: S608  # what is put into statements are column names of ours; values are bound

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from schemas.contract import Frozen
from schemas.ids import MagentoOrderId
from sidecar.adapters.magento_db.session import Row, Session
from sidecar.errors import NotFoundError, TransientError
from sidecar.ports.magento import MagentoOrder

_ORDER = (
    "entity_id",
    "increment_id",
    "store_id",
    "customer_id",
    "state",
    "status",
    "hold_before_state",
    "order_currency_code",
    "base_to_order_rate",
    "grand_total",
    "base_grand_total",
    "total_due",
    "total_invoiced",
    "total_paid",
    "base_total_paid",
    "total_refunded",
    "updated_at",
)
_PAYMENT = ("entity_id", "method", "last_trans_id", "additional_information")
# By name: the driver reads a description of every column of an answer, and an order has 150 of them.
_OF_ORDER = ", ".join(f"o.{column}" for column in _ORDER)
_OF_PAYMENT = ", ".join(f"p.{column} AS payment_{column}" for column in _PAYMENT)
_WITH_PAYMENT = (
    f"SELECT {_OF_ORDER}, {_OF_PAYMENT} FROM {{sales_order}} AS o"
    " JOIN {sales_order_payment} AS p ON p.parent_id = o.entity_id"
)

IN_GRID = frozenset(("status", "total_paid", "base_total_paid"))
"""Columns that the order grid repeats."""


async def read_order(session: Session, order: MagentoOrderId, *, lock: bool = True) -> Row:
    """The order's row, held until the transaction ends unless it is only looked at.

    Raises:
        NotFoundError: there is no such order.
    """
    return await _one(session, f"SELECT {_OF_ORDER} FROM {{sales_order}} AS o", order, lock=lock)


async def read_with_payment(session: Session, order: MagentoOrderId, *, lock: bool = True) -> tuple[Row, Row]:
    """The rows of the order and of its payment, likewise, in one statement.

    Raises:
        NotFoundError: there is no such order, or it has no payment.
    """
    row = await _one(session, _WITH_PAYMENT, order, lock=lock)
    return row, {column: row.pop(f"payment_{column}") for column in _PAYMENT}


async def read_transactions(session: Session, order: MagentoOrderId) -> list[Row]:
    """The order's payment transactions."""
    return await session.rows(
        "SELECT transaction_id, txn_id, txn_type FROM {sales_payment_transaction} WHERE order_id = %(order)s",
        {"order": order},
    )


def order_of(row: Row, payment: Row) -> MagentoOrder:
    """The order as the port says it."""
    return MagentoOrder(
        order_id=row["entity_id"],
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
        customer_id=row["customer_id"],
    )


def insert(session: Session, table: str, row: Row) -> None:
    """Add a row, together with what follows."""
    columns = ", ".join(row)
    values = ", ".join(f"%({column})s" for column in row)
    session.put_off(f"INSERT INTO {{{table}}} ({columns}) VALUES ({values})", row)


async def change_order(session: Session, row: Row, changes: Row) -> None:
    """Change order and grid, if the order's state is still the one that was read.

    Raises:
        TransientError: it is not: somebody wrote the order without asking for its row.
    """
    written = await session.run(
        f"UPDATE {{sales_order}} SET {_assignments(changes)} WHERE entity_id = %(row_id)s AND state = %(row_state)s",
        {**changes, "row_id": row["entity_id"], "row_state": row["state"]},
    )
    if not written:
        raise TransientError("magento", "state_changed", f"order {row['entity_id']} changed its state meanwhile")
    shown = {name: value for name, value in changes.items() if name in IN_GRID}
    if shown:
        shown["updated_at"] = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        session.put_off(
            f"UPDATE {{sales_order_grid}} SET {_assignments(shown)} WHERE entity_id = %(row_id)s",
            {**shown, "row_id": row["entity_id"]},
        )
    row.update(changes)


def change_payment(session: Session, order: MagentoOrderId, changes: Row) -> None:
    """Change the order's payment, together with what follows."""
    session.put_off(
        f"UPDATE {{sales_order_payment}} SET {_assignments(changes)} WHERE parent_id = %(row_id)s",
        {**changes, "row_id": order},
    )


def add_line(session: Session, row: Row, text: str) -> None:
    """One line of history under the status that the order has now, together with what follows.

    Nobody is mailed: only Magento itself can.
    """
    line = {
        "parent_id": row["entity_id"],
        "comment": text,
        "status": row["status"],
        "is_customer_notified": 0,
        "is_visible_on_front": 0,
        "entity_name": "order",
    }
    insert(session, "sales_order_status_history", line)


def information_of(payment: Row) -> dict[str, Any]:
    """The payment's additional information, which Magento keeps as JSON."""
    text = payment["additional_information"]
    known: dict[str, Any] = orjson.loads(text) if text else {}
    return known


def informed(information: Mapping[str, Any]) -> Row:
    """The change that replaces the payment's additional information."""
    return {"additional_information": orjson.dumps(dict(information)).decode()}


def shown(value: Frozen) -> dict[str, Any]:
    """What is kept in the additional information: everything with a value, except secrets."""
    return value.model_dump(mode="json", exclude_none=True, exclude={"client_secret"})


def _assignments(changes: Mapping[str, object]) -> str:
    return ", ".join(f"{column} = %({column})s" for column in changes)


async def _one(session: Session, select: str, order: MagentoOrderId, *, lock: bool) -> Row:
    ending = " FOR UPDATE" if lock else ""
    rows = await session.rows(f"{select} WHERE o.entity_id = %(order)s{ending}", {"order": order})
    if not rows:
        raise NotFoundError("magento", "not_found", f"order {order} is not in the database")
    return rows[0]
