"""Each credit memo has its refunds and each refund its credit memo, over the same amount."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from tests.chaos.oracle.books import ALIVE, Books, minor
from tests.chaos.oracle.violation import Violation
from tests.chaos.world import CreditmemoDeed, OrderDeed, RefundDeed

REFUNDED = 2
"""`sales_creditmemo.state`."""


def giving_back(books: Books) -> Iterator[Violation]:
    """DESIGN: rule 6."""
    numbers = Counter(each.refund_id for each in books.ending.magento_refunds)
    yield from (Violation("refunded_twice", refund, "on several memos") for refund, n in numbers.items() if n > 1)
    stands_on = {each.refund_id: each.creditmemo_id for each in books.ending.magento_refunds}
    if dict(books.ending.refund_links) != stands_on:
        differ = set(books.ending.refund_links.items()) ^ set(stands_on.items())
        yield Violation("links_differ", "store and Magento", str(sorted(differ)[:5]))
    for deed in books.deeds.orders:
        if books.is_paid(deed.order_id):
            yield from _of(deed, books)


def _of(deed: OrderDeed, books: Books) -> Iterator[Violation]:
    who = f"order {deed.order_id} ({deed.what})"
    memos, asked = books.memos.get(deed.order_id, []), books.memo_deeds.get(deed.order_id, [])
    made_there = books.refund_deeds.get(deed.order_id, [])
    if len(memos) != len(asked) + len(made_there):
        rule = "refunded_twice" if len(memos) > len(asked) + len(made_there) else "refund_without_memo"
        yield Violation(rule, who, f"{len(memos)} memos for {len(asked)} asked and {len(made_there)} refunds in Stripe")
    for memo in asked:
        yield from _memo(memo, who, deed, books)
    for refund in made_there:
        yield from _dashboard(refund, who, deed, books)
    yield from _sums(deed, who, books)


def _memo(memo: CreditmemoDeed, who: str, deed: OrderDeed, books: Books) -> Iterator[Violation]:
    refunds = {each.id: each for each in books.refunds.get(memo.order_id, [])}
    lines = books.on_memo.get(memo.creditmemo_id, [])
    theirs = [
        each for each in refunds.values() if each.metadata.get("magento_creditmemo_id") == str(memo.creditmemo_id)
    ]
    if memo.offline:
        if lines or theirs:
            yield Violation("offline_memo_refunded", who, f"memo {memo.creditmemo_id}")
        return
    sent = sum(each.amount for each in theirs if each.status in ALIVE)
    due = minor(memo.amount, deed.currency)
    if sent != due:
        rule = "refunded_twice" if sent > due else "memo_without_refund"
        yield Violation(rule, who, f"memo {memo.creditmemo_id} over {due}, Stripe gave back {sent}")
    if {each.id for each in theirs} != {line.refund_id for line in lines}:
        yield Violation("links_differ", who, f"memo {memo.creditmemo_id} names {[line.refund_id for line in lines]}")
    found = next((each for each in books.memos[memo.order_id] if each.creditmemo_id == memo.creditmemo_id), None)
    if found is None or found.state != REFUNDED or found.total != memo.amount:
        yield Violation("wrong_memo", who, f"memo {memo.creditmemo_id}: {found}")


def _dashboard(refund: RefundDeed, who: str, deed: OrderDeed, books: Books) -> Iterator[Violation]:
    lines = [each for each in books.ending.magento_refunds if each.refund_id == refund.refund_id]
    if not lines:
        yield Violation("refund_without_memo", who, refund.refund_id)
        return
    memo = next(each for each in books.ending.creditmemos if each.creditmemo_id == lines[0].creditmemo_id)
    if memo.order_id != refund.order_id or minor(memo.total, deed.currency) != refund.amount:
        yield Violation("wrong_memo", who, f"{refund.refund_id} over {refund.amount} stands on {memo}")
    if memo.creditmemo_id in {each.creditmemo_id for each in books.deeds.creditmemos}:
        yield Violation("wrong_memo", who, f"{refund.refund_id} stands on a memo that was made for another")


def _sums(deed: OrderDeed, who: str, books: Books) -> Iterator[Violation]:
    order, memos = books.orders[deed.order_id], books.memos.get(deed.order_id, [])
    total = sum((each.total for each in memos), Decimal(0))
    base = sum((each.base_total for each in memos), Decimal(0))
    if (order.refunded, order.base_refunded) != (total, base):
        yield Violation("wrong_on_the_books", who, f"{order.refunded} are refunded, the memos say {total}")
    if order.refunded == order.paid and order.base_refunded != order.base_paid:
        yield Violation("wrong_on_the_books", who, f"all is refunded, but {order.base_refunded} of {order.base_paid}")
    offline = {each.creditmemo_id for each in books.memo_deeds.get(deed.order_id, []) if each.offline}
    by_card = minor(sum((each.total for each in memos if each.creditmemo_id not in offline), Decimal(0)), deed.currency)
    gone = sum(each.amount for each in books.refunds.get(deed.order_id, []) if each.status in ALIVE)
    if gone != by_card:
        yield Violation("refunds_differ", who, f"Stripe gave back {gone}, Magento says {by_card}")
