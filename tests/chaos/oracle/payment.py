"""One order, one payment: exactly one that was paid if the order is, none else, and over what the shopper agreed to."""

from collections.abc import Iterator

from tests.chaos.oracle.books import ALIVE, Books, minor
from tests.chaos.oracle.violation import Violation
from tests.chaos.world import OrderDeed


def payment(books: Books) -> Iterator[Violation]:
    """DESIGN: rules 1, 2 and 5."""
    for deed in books.deeds.orders:
        yield from _of(deed, books)


def _of(deed: OrderDeed, books: Books) -> Iterator[Violation]:
    who = f"order {deed.order_id} ({deed.what})"
    paid = books.succeeded(deed.order_id)
    due = minor(deed.total, deed.currency)
    if len(paid) > 1:
        yield Violation("paid_twice", who, f"by {[each.id for each in paid]}")
    if deed.expected == "paid" and not paid:
        yield Violation("not_paid", who, "no PaymentIntent has succeeded")
    if deed.expected in {"failed", "unpaid", "canceled"} and paid:
        yield Violation("paid_unasked", who, f"{paid[0].id} has succeeded")
    if deed.expected == "paid_or_canceled" and not books.is_paid(deed.order_id):
        back = sum(each.amount for each in books.refunds.get(deed.order_id, []) if each.status in ALIVE)
        kept = sum(each.received for each in paid) - back
        if kept:
            yield Violation("money_of_a_cancelled_order_is_kept", who, f"{kept} {deed.currency}")
    for each in paid:
        if each.currency != deed.currency or each.received != due:
            yield Violation("wrong_amount", who, f"{each.received} {each.currency}, not {due} {deed.currency}")
    for each in books.intents.get(deed.order_id, []):
        if each.currency != deed.currency or each.amount != due:
            yield Violation("wrong_amount_asked", who, f"{each.amount} {each.currency}, not {due} {deed.currency}")
