"""Whatever the sidecar makes at Stripe says which order it is for, and is made once."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation


def identity(books: Books) -> Iterator[Violation]:
    """DESIGN: rule 3; the brief: always with metadata `magento_order_id`."""
    known = {deed.order_id for deed in books.deeds.orders}
    for each in books.ending.intents:
        if int(each.metadata.get("magento_order_id", 0)) not in known:
            yield Violation("nobody_s_payment", each.id, str(dict(each.metadata)))
    by_people = {deed.refund_id for deed in books.deeds.refunds}
    for refund in books.ending.refunds:
        if refund.id not in by_people and int(refund.metadata.get("magento_order_id", 0)) not in known:
            yield Violation("nobody_s_refund", refund.id, str(dict(refund.metadata)))
    accounts = {str(deed.customer_id) for deed in books.deeds.accounts}
    for customer in books.ending.customers:
        order, account = customer.metadata.get("magento_order_id"), customer.metadata.get("magento_customer_id")
        if account not in accounts and int(order or 0) not in known:
            yield Violation("nobody_s_customer", customer.id, str(dict(customer.metadata)))
    marks = [each.metadata for each in books.ending.intents]
    marks += [each.metadata for each in books.ending.refunds]
    marks += [each.metadata for each in books.ending.customers]
    keys = Counter(mark.get("sidecar_key") for mark in marks)
    for key, number in keys.items():
        if key is not None and number > 1:
            yield Violation("made_twice", key, f"{number} times")
