"""An account of the shop is one customer at Stripe, and both say the same of them."""

from collections.abc import Iterator

from tests.chaos.oracle.books import Books
from tests.chaos.oracle.violation import Violation


def accounts(books: Books) -> Iterator[Violation]:
    """docs/customers.md: Magento owns the address of the mail; of name and telephone the newest counts."""
    in_shop = {each.customer_id: each for each in books.ending.accounts}
    for deed in books.deeds.accounts:
        who, ours = f"account {deed.customer_id}", in_shop.get(deed.customer_id)
        if ours is None:
            yield Violation("customer_is_missing", who, "is gone from the shop")
            continue
        theirs = [
            each for each in books.ending.customers if each.metadata.get("magento_customer_id") == str(deed.customer_id)
        ]
        if len(theirs) != 1:
            rule = "made_twice" if theirs else "customer_is_missing"
            yield Violation(rule, who, f"{len(theirs)} customers at Stripe")
            continue
        there = (theirs[0].email, theirs[0].name, theirs[0].phone)
        if there != (ours.email, ours.name, ours.phone):
            yield Violation("customers_differ", who, f"{ours} and {there}")
        if ours.email != deed.emails[-1]:
            yield Violation("wrong_owner", who, f"has {ours.email}, was given {deed.emails[-1]}")
        if ours.name not in deed.names or ours.phone not in deed.phones:
            yield Violation("customer_made_up", who, f"{ours}, of {sorted(deed.names)} and {sorted(deed.phones)}")
