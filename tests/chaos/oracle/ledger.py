"""Nothing that was begun is left open, and all of it is told."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation


def ledger(books: Books) -> Iterator[Violation]:
    """DESIGN: rules 3 and 4, and the timeline of the store."""
    done: Counter[tuple[int, str]] = Counter()
    for row in books.ending.ledger:
        if row.state != "done":
            yield Violation("left_open", row.key, f"is {row.state}")
        elif row.order_id:
            done[row.order_id, row.kind] += 1
    for (order_id, kind), number in done.items():
        told = books.ending.told.get((order_id, kind), 0)
        if told < number:
            yield Violation("not_told", f"order {order_id}", f"{number} {kind}, the timeline has {told}")
