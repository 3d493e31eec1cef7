"""What Stripe has is what Magento has on its books, in both currencies, once."""

from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation
from tests.chaos.world import OrderDeed


def booking(books: Books) -> Iterator[Violation]:
    """magento/FACTS: invoices, transactions and totals of an order that is paid."""
    for deed in books.deeds.orders:
        if deed.order_id not in books.orders:
            yield Violation("order_is_gone", f"order {deed.order_id}", deed.what)
            continue
        yield from _agreed(deed, books)
        if deed.expected == "paid" or books.is_paid(deed.order_id):
            yield from _paid(deed, books)
        else:
            yield from _unpaid(deed, books)


def _agreed(deed: OrderDeed, books: Books) -> Iterator[Violation]:
    order = books.orders[deed.order_id]
    agreed = (deed.total, deed.currency, deed.base_total, deed.base_currency)
    if (order.total, order.currency, order.base_total, order.base_currency) != agreed:
        yield Violation("wrong_on_the_books", f"order {deed.order_id} ({deed.what})", f"{order}, but {agreed} is due")


def _paid(deed: OrderDeed, books: Books) -> Iterator[Violation]:
    order, who = books.orders[deed.order_id], f"order {deed.order_id} ({deed.what})"
    if order.state not in {"processing", "complete", "closed"}:
        yield Violation("not_booked", who, f"is {order.state}/{order.status}")
    if (order.paid, order.base_paid) != (deed.total, deed.base_total):
        wanted = f"{deed.total} {deed.currency} and {deed.base_total} {deed.base_currency}"
        yield Violation("wrong_on_the_books", who, f"{order.paid} and {order.base_paid} are paid, not {wanted}")
    invoices = books.invoices.get(deed.order_id, [])
    if len(invoices) > 1:
        yield Violation("booked_twice", who, f"{len(invoices)} invoices")
    for invoice in invoices:
        if (invoice.total, invoice.base_total, invoice.currency) != (deed.total, deed.base_total, deed.currency):
            yield Violation("wrong_on_the_books", who, f"invoice over {invoice.total} and {invoice.base_total}")
    yield from _captures(deed, who, books)
    yield from _in_the_ledger(deed, who, books)


def _captures(deed: OrderDeed, who: str, books: Books) -> Iterator[Violation]:
    captures = [each for each in books.transactions.get(deed.order_id, []) if each.kind == "capture"]
    if len(captures) > 1:
        yield Violation("booked_twice", who, f"captures {[each.transaction for each in captures]}")
    invoices = books.invoices.get(deed.order_id, [])
    if not invoices or not captures:
        yield Violation("not_booked", who, f"{len(invoices)} invoices, {len(captures)} captures")
    paid = {each.id for each in books.succeeded(deed.order_id)}
    for capture in captures:
        if capture.transaction.removesuffix("-capture") not in paid:
            yield Violation("wrong_on_the_books", who, f"{capture.transaction} is no payment of it")
    last = books.orders[deed.order_id].last_transaction
    if last not in {each.transaction for each in captures}:
        yield Violation("wrong_on_the_books", who, f"its last transaction is {last}")


def _in_the_ledger(deed: OrderDeed, who: str, books: Books) -> Iterator[Violation]:
    recorded = [row for row in books.ledger.get(deed.order_id, []) if row.kind == "RecordCapture"]
    if any(row.amount != deed.total for row in recorded) or len(recorded) != 1:
        yield Violation("ledger_differs", who, f"captures of {[row.amount for row in recorded]}, not {deed.total}")


def _unpaid(deed: OrderDeed, books: Books) -> Iterator[Violation]:
    order, who = books.orders[deed.order_id], f"order {deed.order_id} ({deed.what})"
    if order.paid or books.invoices.get(deed.order_id):
        yield Violation("booked_unpaid", who, f"{order.paid} are paid")
    if books.memos.get(deed.order_id):
        yield Violation("booked_unpaid", who, "has a credit memo")
    fits = {
        "failed": order.status == "payment_failed",
        "unpaid": order.state == "pending_payment",
        "canceled": order.state == "canceled",
        "paid_or_canceled": order.state == "canceled",
    }
    if not fits[deed.expected]:
        yield Violation("wrong_end", who, f"is {order.state}/{order.status}, should be {deed.expected}")
