"""The module's resources `/V1/sidecar/orders/{id}/…`: each idempotent by the Stripe id that it carries."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import orjson
from pydantic import Field

from schemas.contract import ExactDecimal, Frozen
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError, missing
from sidecar.sandbox.magento.placing import change, reserve

Outcome = Literal["applied", "already_applied", "order_canceled", "not_payable"]
OPEN = frozenset(("new", "pending_payment", "payment_review"))


class PaymentBody(Frozen):
    """A payment that exists in Stripe."""

    account: str
    mode: Literal["test", "live"]
    payment_intent_id: str = Field(pattern=r"^pi_")
    charge_id: str | None = None
    amount: ExactDecimal
    currency: str
    method_type: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    wallet: str | None = None
    risk_level: str | None = None
    risk_score: int | None = None


class FailureBody(Frozen):
    """An attempt that failed."""

    payment_intent_id: str
    failure_id: str
    code: str
    decline_code: str | None = None
    message: str
    retryable: bool
    notify_shopper: bool


class LinkBody(Frozen):
    """A way to pay."""

    payment_intent_id: str | None = None
    checkout_session_id: str | None = None
    url: str | None = None
    client_secret: str | None = None
    expires_at: datetime | None = None
    reason: Literal["unpaid", "payment_failed", "action_required"]
    notify_shopper: bool


class HoldBody(Frozen):
    """Why a person has to look."""

    payment_intent_id: str
    reason: str
    message: str


class ReopenBody(Frozen):
    """Whose payment landed."""

    payment_intent_id: str
    reason: str


class Authorization(Frozen):
    """`authorization` and `capture`."""

    payment: PaymentBody


class Failure(Frozen):
    """`payment-failure`."""

    failure: FailureBody


class Link(Frozen):
    """`payment-link`."""

    link: LinkBody


class Held(Frozen):
    """`hold`."""

    hold: HoldBody


class Reopened(Frozen):
    """`reopen`."""

    reopen: ReopenBody


async def locked(session: Session, order_id: int) -> Row:
    """The order's row, held until the transaction ends, as Magento's own order lock does.

    Raises:
        MagentoError: there is no such order.
    """
    row = await session.row("SELECT * FROM sales_order WHERE entity_id = %s FOR UPDATE", order_id)
    if row is None:
        raise missing()
    return row


async def authorize(session: Session, row: Row, asked: Authorization) -> Row:
    """Money is reserved."""
    payment = asked.payment
    done = await _done(session, row, "authorization", payment.payment_intent_id)
    if done is not None:
        return done
    _check_currency(row, payment)
    if row["state"] == "canceled":
        return _answer(row, "order_canceled")
    if row["state"] not in OPEN:
        return _answer(row, "not_payable")
    await _transaction(session, row, payment, "authorization", closed=False)
    await _payment(
        session, row, payment, {"amount_authorized": payment.amount, "base_amount_authorized": _base(row, payment)}
    )
    await change(session, row, {"state": "processing", "status": "processing"})
    await comment(
        session,
        row,
        f'Authorized amount of {payment.amount} {payment.currency}. Transaction ID: "{payment.payment_intent_id}"',
    )
    return await _close(
        session, row, "authorization", payment.payment_intent_id, {"transaction_id": payment.payment_intent_id}
    )


async def capture(session: Session, row: Row, asked: Authorization) -> Row:
    """Money is taken."""
    payment = asked.payment
    done = await _done(session, row, "capture", payment.payment_intent_id)
    if done is not None:
        return done
    _check_currency(row, payment)
    if row["state"] == "canceled":
        return _answer(row, "order_canceled")
    authorized = await _done(session, row, "authorization", payment.payment_intent_id)
    if row["total_invoiced"] or (row["state"] not in OPEN and authorized is None):
        return _answer(row, "not_payable")
    txn_id = f"{payment.payment_intent_id}-capture" if authorized else payment.payment_intent_id
    await _transaction(session, row, payment, "capture", closed=True, txn_id=txn_id)
    base = _base(row, payment)
    await _payment(
        session, row, payment, {"amount_paid": payment.amount, "base_amount_paid": base, "last_trans_id": txn_id}
    )
    invoice_id = await invoice(session, row, txn_id)
    await comment(
        session, row, f'Captured amount of {payment.amount} {payment.currency} online. Transaction ID: "{txn_id}"'
    )
    return await _close(
        session, row, "capture", payment.payment_intent_id, {"transaction_id": txn_id, "invoice_id": invoice_id}
    )


async def fail(session: Session, row: Row, asked: Failure) -> Row:
    """An attempt failed."""
    failure = asked.failure
    done = await _done(session, row, "payment-failure", failure.failure_id)
    if done is not None:
        return done
    if row["state"] == "canceled":
        return _answer(row, "order_canceled")
    if row["state"] not in OPEN:
        return _answer(row, "not_payable")
    await change(session, row, {"state": "pending_payment", "status": "payment_failed"})
    await _information(session, row, {"last_failure": failure.model_dump(mode="json")})
    await comment(
        session,
        row,
        f"Payment failed: {failure.message} ({failure.decline_code or failure.code})",
        notified=failure.notify_shopper,
    )
    return await _close(session, row, "payment-failure", failure.failure_id, {})


async def link(session: Session, row: Row, asked: Link) -> Row:
    """A way to pay."""
    offered = asked.link
    about = f"{offered.reason}/{offered.checkout_session_id or '-'}/{offered.payment_intent_id or '-'}"
    done = await _done(session, row, "payment-link", about)
    if done is not None:
        return done
    if row["state"] == "canceled":
        return _answer(row, "order_canceled")
    if row["state"] not in OPEN:
        return _answer(row, "not_payable")
    if offered.reason == "action_required":
        await change(session, row, {"state": "pending_payment", "status": "pending_payment"})
        await comment(session, row, "The shopper has to confirm the payment.", notified=offered.notify_shopper)
    await _information(session, row, {"payment_link": offered.model_dump(mode="json")})
    return await _close(session, row, "payment-link", about, {})


async def hold(session: Session, row: Row, asked: Held) -> Row:
    """A person has to look."""
    held = asked.hold
    about = f"{held.payment_intent_id}/{held.reason}"
    done = await _done(session, row, "hold", about)
    if done is not None:
        return done
    if row["state"] == "canceled":
        return _answer(row, "order_canceled")
    if row["state"] != "holded":
        before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
        await change(session, row, {"state": "holded", "status": "holded", **before})
    await comment(session, row, held.message)
    return await _close(session, row, "hold", about, {})


async def reopen(session: Session, row: Row, asked: Reopened) -> Row:
    """A cancelled order comes back, with its items and its stock."""
    intent = asked.reopen.payment_intent_id
    done = await _done(session, row, "reopen", intent)
    if done is not None:
        return done
    if row["state"] != "canceled":
        return _answer(row, "already_applied" if row["state"] in OPEN else "not_payable")
    await change(
        session,
        row,
        {"state": "pending_payment", "status": "pending_payment", "total_canceled": None, "base_total_canceled": None},
    )
    for item in await session.rows("SELECT * FROM sales_order_item WHERE order_id = %s", row["entity_id"]):
        await session.update("sales_order_item", "item_id", item["item_id"], {"qty_canceled": Decimal(0)})
        await reserve(session, item["sku"], -item["qty_ordered"], "order_placed", row["entity_id"])
    await comment(session, row, asked.reopen.reason)
    return await _close(session, row, "reopen", intent, {})


async def invoice(session: Session, row: Row, transaction_id: str | None) -> int:
    """Invoice everything and let the order go on."""
    number = await session.insert(
        "sales_invoice",
        {
            "order_id": row["entity_id"],
            "store_id": row["store_id"],
            "state": 2,
            "transaction_id": transaction_id,
            "grand_total": row["grand_total"],
            "base_grand_total": row["base_grand_total"],
            "subtotal": row["subtotal"],
            "base_subtotal": row["base_subtotal"],
            "shipping_amount": row["shipping_amount"],
            "base_shipping_amount": row["base_shipping_amount"],
            "tax_amount": row["tax_amount"],
            "base_tax_amount": row["base_tax_amount"],
            "total_qty": row["total_qty_ordered"],
            "order_currency_code": row["order_currency_code"],
            "base_currency_code": row["base_currency_code"],
        },
    )
    await session.update("sales_invoice", "entity_id", number, {"increment_id": f"{number:09d}"})
    await session.run(
        "UPDATE sales_order_item SET qty_invoiced = qty_ordered, row_invoiced = row_total,"
        " base_row_invoiced = base_row_total WHERE order_id = %s",
        row["entity_id"],
    )
    await change(
        session,
        row,
        {
            "state": "processing",
            "status": "processing",
            "total_paid": row["grand_total"],
            "base_total_paid": row["base_grand_total"],
            "total_invoiced": row["grand_total"],
            "base_total_invoiced": row["base_grand_total"],
            "total_due": Decimal(0),
            "base_total_due": Decimal(0),
        },
    )
    return number


async def comment(session: Session, row: Row, text: str, *, notified: bool = False) -> None:
    """A line in the order's history."""
    await session.insert(
        "sales_order_status_history",
        {
            "parent_id": row["entity_id"],
            "comment": text,
            "status": row["status"],
            "is_customer_notified": int(notified),
            "is_visible_on_front": 0,
            "entity_name": "order",
        },
    )


def _check_currency(row: Row, payment: PaymentBody) -> None:
    if payment.currency != row["order_currency_code"] or payment.amount != row["grand_total"]:
        raise MagentoError(
            400,
            "The payment of %1 does not match the order total of %2.",
            [f"{payment.amount} {payment.currency}", f"{row['grand_total']} {row['order_currency_code']}"],
        )


def _base(row: Row, payment: PaymentBody) -> Decimal:
    if payment.amount == row["grand_total"]:
        return Decimal(row["base_grand_total"])
    return (payment.amount / Decimal(row["base_to_order_rate"])).quantize(Decimal("0.0001"))


async def _transaction(
    session: Session, row: Row, payment: PaymentBody, kind: str, *, closed: bool, txn_id: str | None = None
) -> None:
    paid = await session.row("SELECT entity_id FROM sales_order_payment WHERE parent_id = %s", row["entity_id"])
    await session.insert(
        "sales_payment_transaction",
        {
            "order_id": row["entity_id"],
            "payment_id": paid["entity_id"] if paid else 0,
            "txn_id": txn_id or payment.payment_intent_id,
            "parent_txn_id": payment.payment_intent_id if txn_id and txn_id != payment.payment_intent_id else None,
            "txn_type": kind,
            "is_closed": int(closed),
            "additional_information": payment.model_dump_json(exclude_none=True),
        },
    )


async def _payment(session: Session, row: Row, payment: PaymentBody, changes: Row) -> None:
    known = {"cc_last_4": payment.card_last4, "cc_type": payment.card_brand, "last_trans_id": payment.payment_intent_id}
    await session.update("sales_order_payment", "parent_id", row["entity_id"], known | changes)
    shown = payment.model_dump(mode="json", exclude_none=True, exclude={"amount", "currency"})
    await _information(session, row, shown)


async def _information(session: Session, row: Row, added: Row) -> None:
    paid = await session.row(
        "SELECT additional_information FROM sales_order_payment WHERE parent_id = %s", row["entity_id"]
    )
    known = orjson.loads((paid and paid["additional_information"]) or "{}")
    text = orjson.dumps(known | added).decode()
    await session.update("sales_order_payment", "parent_id", row["entity_id"], {"additional_information": text})


async def _done(session: Session, row: Row, kind: str, stripe_id: str) -> Row | None:
    found = await session.row(
        "SELECT answer FROM sidecar_write_back WHERE order_id = %s AND kind = %s AND stripe_id = %s",
        row["entity_id"],
        kind,
        stripe_id,
    )
    if found is None:
        return None
    answer: Row = orjson.loads(found["answer"])
    return answer | {"outcome": "already_applied"}


async def _close(session: Session, row: Row, kind: str, stripe_id: str, extra: Row) -> Row:
    answer = _answer(row, "applied") | extra
    await session.insert(
        "sidecar_write_back",
        {
            "order_id": row["entity_id"],
            "kind": kind,
            "stripe_id": stripe_id,
            "answer": orjson.dumps(answer).decode(),
            "created_at": datetime.now(UTC).replace(tzinfo=None),
        },
    )
    return answer


def _answer(row: Row, outcome: Outcome) -> Row:
    return {"outcome": outcome, "order_id": row["entity_id"], "state": row["state"], "status": row["status"]}
