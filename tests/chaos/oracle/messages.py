"""Every event is done with by everybody who has to hear of it, or lies parked because it is poison."""

import hashlib
from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation

HEARD_BY = {
    "magento.order.placed.v1": "orders",
    "magento.order.canceled.v1": "orders",
    "magento.creditmemo.created.v1": "creditmemos",
    "magento.customer.saved.v1": "customers",
    "magento.customer.deleted.v1": "customers",
}
"""docs/contracts.md. What nobody reads yet is left out."""

REFUNDS = frozenset(("refund.created", "refund.updated", "refund.failed", "charge.refunded", "charge.refund.updated"))
CUSTOMERS = frozenset(("customer.created", "customer.updated", "customer.deleted"))
STRIPE, MAGENTO = "/stripe/main/test", "/magento/main"


def messages(books: Books) -> Iterator[Violation]:
    """DESIGN: rule 7: nothing is dropped silently."""
    heard = books.ending.heard
    for event in books.ending.outbox:
        if not event.published:
            yield Violation("a_message_is_lost", event.event_id, "was never published")
        queue = HEARD_BY.get(event.type)
        if queue is not None and (queue, _hash(MAGENTO, event.event_id)) not in heard:
            yield Violation("a_message_is_lost", event.event_id, f"{queue} never heard of it")
    for told in books.ending.events:
        queues = ["stripe-events", *(["refunds"] if told.type in REFUNDS else [])]
        queues += ["customers"] if told.type in CUSTOMERS else []
        for each in queues:
            if (each, _hash(STRIPE, told.id)) not in heard:
                yield Violation("a_message_is_lost", told.id, f"{each} never heard of {told.type}")
    for name, number in books.ending.waiting.items():
        if number:
            yield Violation("a_message_is_lost", name, f"{number} still lie there")
    yield from _parked(books)


def _parked(books: Books) -> Iterator[Violation]:
    marks = {deed.mark for deed in books.deeds.poison}
    for letter in books.ending.dead_letters:
        if not any(mark in letter.body for mark in marks):
            yield Violation("parked_for_nothing", letter.queue, f"{letter.reason}: {letter.body[:200]}")
        elif not letter.reason:
            yield Violation("parked_without_reason", letter.queue, letter.body[:200])
    for deed in books.deeds.poison:
        if not any(deed.mark in each.body for each in books.ending.dead_letters if each.queue == deed.queue):
            yield Violation("a_message_is_lost", deed.mark, f"is not parked in {deed.queue}")


def _hash(source: str, event_id: str) -> str:
    """How the inbox names an event: the first half of the SHA-256 of source, a zero byte and id."""
    return hashlib.sha256(f"{source}\0{event_id}".encode()).hexdigest()[:32]
