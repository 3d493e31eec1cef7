"""Puts one payment on an order's books."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.money import in_base_currency
from sidecar.adapters.magento_db.rows import (
    add_line,
    change_order,
    change_payment,
    information_of,
    informed,
    insert,
    shown,
)
from sidecar.adapters.magento_db.session import Row, Session
from sidecar.ports.magento import PaymentDetails

Kind = Literal["authorization", "capture"]


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment that has not been booked yet.

    Attributes:
        order: the row of `sales_order`, locked.
        paid: the row of `sales_order_payment`, locked.
        authorization: the transaction that a capture takes its money from.
    """

    order: Row
    paid: Row
    payment: PaymentDetails
    kind: Kind
    authorization: Row | None

    @property
    def txn_id(self) -> str:
        """The transaction's id: unique in an order, and Stripe knows a capture by its intent only."""
        intent = self.payment.payment_intent_id
        return f"{intent}-capture" if self.authorization else intent

    async def write(self, session: Session) -> None:
        """Write transaction, payment, order, grid and history."""
        self._write_transaction(session)
        self._write_payment(session)
        await change_order(session, self.order, self._changes())
        done = "Captured" if self.kind == "capture" else "Authorized"
        amount = f"{self.payment.amount} {self.payment.currency}"
        add_line(session, self.order, f'{done} amount of {amount}. Transaction ID: "{self.txn_id}"')

    def _write_transaction(self, session: Session) -> None:
        parent = self.authorization
        row = {
            "order_id": self.order["entity_id"],
            "payment_id": self.paid["entity_id"],
            "parent_id": parent["transaction_id"] if parent else None,
            "txn_id": self.txn_id,
            "parent_txn_id": parent["txn_id"] if parent else None,
            "txn_type": self.kind,
            "is_closed": int(self.kind == "capture"),
        }
        insert(session, "sales_payment_transaction", row)
        if parent:
            session.put_off(
                "UPDATE {sales_payment_transaction} SET is_closed = 1 WHERE transaction_id = %(id)s",
                {"id": parent["transaction_id"]},
            )

    def _write_payment(self, session: Session) -> None:
        payment, order = self.payment, self.order["entity_id"]
        column = "amount_paid" if self.kind == "capture" else "amount_authorized"
        card = {"last_trans_id": self.txn_id, "cc_last_4": payment.card_last4, "cc_type": payment.card_brand}
        told = {name: value for name, value in shown(payment).items() if name not in {"amount", "currency", "stripe"}}
        told |= {"account": payment.stripe.account, "mode": payment.stripe.mode}
        amounts = {column: payment.amount, f"base_{column}": self._base()}
        change_payment(session, order, card | amounts | informed(information_of(self.paid) | told))

    def _changes(self) -> Row:
        changes: Row = {"state": "processing", "status": "processing"}
        if self.order["state"] == "holded":
            changes = {"hold_before_state": "processing", "hold_before_status": "processing"}
        if self.kind == "capture":
            changes["total_paid"] = (self.order["total_paid"] or Decimal(0)) + self.payment.amount
            changes["base_total_paid"] = (self.order["base_total_paid"] or Decimal(0)) + self._base()
            changes |= {"total_due": Decimal(0), "base_total_due": Decimal(0)}
        return changes

    def _base(self) -> Decimal:
        """In base currency. Magento adds up an order's base total from its parts, so the whole is not converted."""
        if self.payment.amount == self.order["grand_total"]:
            return Decimal(self.order["base_grand_total"])
        return in_base_currency(self.payment.amount, self.order["base_to_order_rate"])
