"""The module's resources `/V1/sidecar/orders/{id}/…`: each idempotent by the Stripe id that it carries."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import orjson

from schemas.money import in_base_currency
from sidecar.sandbox.magento.bodies import Authorization, Failure, Held, Link, PaymentBody, Reopened
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError, missing
from sidecar.sandbox.magento.placing import change, reserve

Outcome = Literal[
    "applied", "already_applied", "order_canceled", "not_payable", "not_refundable", "lines_differ", "linked_elsewhere"
]
OPEN = frozenset(("new", "pending_payment", "payment_review"))
"""States of an order that still waits for its payment."""
HOLDABLE = frozenset(("new", "pending_payment", "processing"))
"""States in which an order can be held (`Order::canHold`)."""


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
    before = await done(session, row, "authorization", payment.payment_intent_id)
    if before is not None:
        return before
    if not _takes_payment(row, authorized=False):
        return answer(row, why_not(row))
    _check_amount(row, payment)
    txn_id = payment.payment_intent_id
    await _transaction(session, row, payment, "authorization", txn_id)
    await _payment(
        session, row, payment, {"amount_authorized": payment.amount, "base_amount_authorized": _base(row, payment)}
    )
    await change(session, row, _processing(row))
    said = f'Authorized amount of {payment.amount} {payment.currency}. Transaction ID: "{txn_id}"'
    await comment(session, row, said)
    return await close(session, row, "authorization", payment.payment_intent_id, {"transaction_id": txn_id})


async def capture(session: Session, row: Row, asked: Authorization) -> Row:
    """Money is taken."""
    payment = asked.payment
    before = await done(session, row, "capture", payment.payment_intent_id)
    if before is not None:
        return before
    authorized = await done(session, row, "authorization", payment.payment_intent_id) is not None
    if not _takes_payment(row, authorized=authorized):
        return answer(row, why_not(row))
    _check_amount(row, payment)
    txn_id = f"{payment.payment_intent_id}-capture" if authorized else payment.payment_intent_id
    await _transaction(session, row, payment, "capture", txn_id)
    paid = {"amount_paid": payment.amount, "base_amount_paid": _base(row, payment), "last_trans_id": txn_id}
    await _payment(session, row, payment, paid)
    invoice_id = await invoice(session, row, txn_id)
    said = f'Captured amount of {payment.amount} {payment.currency} online. Transaction ID: "{txn_id}"'
    await comment(session, row, said)
    extra = {"transaction_id": txn_id, "invoice_id": invoice_id}
    return await close(session, row, "capture", payment.payment_intent_id, extra)


async def fail(session: Session, row: Row, asked: Failure) -> Row:
    """An attempt failed."""
    failure = asked.failure
    before = await done(session, row, "payment-failure", failure.failure_id)
    if before is not None:
        return before
    if row["state"] not in OPEN:
        return answer(row, why_not(row))
    await change(session, row, {"state": "pending_payment", "status": "payment_failed"})
    await _information(session, row, {"last_failure": failure.model_dump(mode="json")})
    await comment(
        session,
        row,
        f"Payment failed: {failure.message} ({failure.decline_code or failure.code})",
        notified=failure.notify_shopper,
    )
    return await close(session, row, "payment-failure", failure.failure_id, {})


async def link(session: Session, row: Row, asked: Link) -> Row:
    """A way to pay."""
    offered = asked.link
    about = f"{offered.reason}/{offered.checkout_session_id or '-'}/{offered.payment_intent_id or '-'}"
    before = await done(session, row, "payment-link", about)
    if before is not None:
        return before
    if row["state"] not in OPEN:
        return answer(row, why_not(row))
    if offered.reason == "action_required":
        await change(session, row, {"state": "pending_payment", "status": "pending_payment"})
        await comment(session, row, "The shopper has to confirm the payment.", notified=offered.notify_shopper)
    await _information(session, row, {"payment_link": offered.model_dump(mode="json")})
    return await close(session, row, "payment-link", about, {})


async def hold(session: Session, row: Row, asked: Held) -> Row:
    """A person has to look."""
    held = asked.hold
    about = f"{held.payment_intent_id}/{held.reason}"
    before = await done(session, row, "hold", about)
    if before is not None:
        return before
    if row["state"] not in HOLDABLE | {"holded"}:
        return answer(row, why_not(row))
    if row["state"] != "holded":
        before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
        await change(session, row, {"state": "holded", "status": "holded", **before})
    await comment(session, row, held.message)
    return await close(session, row, "hold", about, {})


async def reopen(session: Session, row: Row, asked: Reopened) -> Row:
    """A cancelled order comes back, with its items and its stock."""
    intent = asked.reopen.payment_intent_id
    before = await done(session, row, "reopen", intent)
    if before is not None:
        return before
    if row["state"] != "canceled":
        return answer(row, "already_applied" if row["state"] in OPEN else "not_payable")
    await change(
        session,
        row,
        {"state": "pending_payment", "status": "pending_payment", "total_canceled": None, "base_total_canceled": None},
    )
    for item in await session.rows("SELECT * FROM sales_order_item WHERE order_id = %s", row["entity_id"]):
        await session.update("sales_order_item", "item_id", item["item_id"], {"qty_canceled": Decimal(0)})
        await reserve(session, item["sku"], -item["qty_ordered"], "order_placed", row["entity_id"])
    await comment(session, row, asked.reopen.reason)
    return await close(session, row, "reopen", intent, {})


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
        _processing(row)
        | {
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


def _takes_payment(row: Row, *, authorized: bool) -> bool:
    """Whether the order waits for this payment, also while it is held: money that came must be on the books."""
    if row["total_invoiced"] or not row["total_due"]:
        return False
    state = row["hold_before_state"] if row["state"] == "holded" else row["state"]
    return state in OPEN or (authorized and state == "processing")


def _processing(row: Row) -> Row:
    """The change to `processing`; a held order stays held, and is `processing` once it is released."""
    if row["state"] == "holded":
        return {"hold_before_state": "processing", "hold_before_status": "processing"}
    return {"state": "processing", "status": "processing"}


def why_not(row: Row) -> Outcome:
    """Why an order takes nothing."""
    return "order_canceled" if row["state"] == "canceled" else "not_payable"


def _check_amount(row: Row, payment: PaymentBody) -> None:
    if payment.currency != row["order_currency_code"] or payment.amount != row["total_due"]:
        raise MagentoError(
            400,
            "The payment of %1 does not match the order total of %2.",
            [f"{payment.amount} {payment.currency}", f"{row['total_due']} {row['order_currency_code']}"],
        )


def _base(row: Row, payment: PaymentBody) -> Decimal:
    if payment.amount == row["grand_total"]:
        return Decimal(row["base_grand_total"])
    return in_base_currency(payment.amount, row["base_to_order_rate"])


async def _transaction(session: Session, row: Row, payment: PaymentBody, kind: str, txn_id: str) -> None:
    """Add a transaction; a capture closes the authorisation that it takes its money from."""
    order = row["entity_id"]
    paid = await session.row("SELECT entity_id FROM sales_order_payment WHERE parent_id = %s", order)
    parent = await session.row(
        "SELECT transaction_id, txn_id FROM sales_payment_transaction WHERE order_id = %s AND txn_id = %s",
        order,
        payment.payment_intent_id,
    )
    if parent:
        await session.update("sales_payment_transaction", "transaction_id", parent["transaction_id"], {"is_closed": 1})
    await session.insert(
        "sales_payment_transaction",
        {
            "order_id": order,
            "payment_id": paid["entity_id"] if paid else 0,
            "parent_id": parent["transaction_id"] if parent else None,
            "txn_id": txn_id,
            "parent_txn_id": parent["txn_id"] if parent else None,
            "txn_type": kind,
            "is_closed": int(kind == "capture"),
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


async def done(session: Session, row: Row, kind: str, stripe_id: str) -> Row | None:
    """What was answered when it was done, with the state of now; None if it was not."""
    found = await session.row(
        "SELECT answer FROM sidecar_write_back WHERE order_id = %s AND kind = %s AND stripe_id = %s",
        row["entity_id"],
        kind,
        stripe_id,
    )
    if found is None:
        return None
    answered: Row = orjson.loads(found["answer"])
    return answered | answer(row, "already_applied")


async def close(session: Session, row: Row, kind: str, stripe_id: str, extra: Row) -> Row:
    """Keep that it is done, in the transaction in which it is."""
    told = answer(row, "applied") | extra
    await session.insert(
        "sidecar_write_back",
        {
            "order_id": row["entity_id"],
            "kind": kind,
            "stripe_id": stripe_id,
            "answer": orjson.dumps(told).decode(),
            "created_at": datetime.now(UTC).replace(tzinfo=None),
        },
    )
    return told


def answer(row: Row, outcome: Outcome) -> Row:
    """What every resource answers."""
    return {"outcome": outcome, "order_id": row["entity_id"], "state": row["state"], "status": row["status"]}
