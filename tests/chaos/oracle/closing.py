"""Nothing can be paid any more of an order that is paid or cancelled."""

from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation

OVER = frozenset(("succeeded", "canceled"))


def closing(books: Books) -> Iterator[Violation]:
    """DESIGN: rule 5: before an order is cancelled its PaymentIntent is; after it is paid the others are."""
    for order in books.ending.orders:
        if order.state in {"processing", "complete", "closed", "canceled"}:
            open_ = [each.id for each in books.intents.get(order.order_id, []) if each.status not in OVER]
            if open_:
                yield Violation("could_be_paid_again", f"order {order.order_id}", f"{order.state}, but {open_}")
