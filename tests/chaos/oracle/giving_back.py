"""Each credit memo has its refund and each refund its credit memo, over the same amount."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from tests.chaos.oracle.books import ALIVE, Books, minor
from tests.chaos.oracle.violation import Violation
from tests.chaos.world import CreditmemoDeed, OrderDeed, Refund, RefundDeed

OPEN, REFUNDED = 1, 2
"""`sales_creditmemo.state`."""


def giving_back(books: Books) -> Iterator[Violation]:
    """DESIGN: rule 6; docs/decisions/0012."""
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
    # Of a refund that has failed meanwhile Magento may have heard or not.
    ended_badly = sum(_failed(books.refund.get(each.refund_id)) for each in made_there)
    most = len(asked) + len(made_there)
    if not most - ended_badly <= len(memos) <= most:
        rule = "refunded_twice" if len(memos) > most else "refund_without_memo"
        yield Violation(rule, who, f"{len(memos)} memos for {len(asked)} asked and {len(made_there)} refunds in Stripe")
    for memo in asked:
        yield from _memo(memo, who, deed, books)
    for refund in made_there:
        yield from _dashboard(refund, who, deed, books)
    yield from _sums(deed, who, books)


def _memo(memo: CreditmemoDeed, who: str, deed: OrderDeed, books: Books) -> Iterator[Violation]:
    lines = books.on_memo.get(memo.creditmemo_id, [])
    number = str(memo.creditmemo_id)
    theirs = [
        each for each in books.refunds.get(memo.order_id, []) if each.metadata.get("magento_creditmemo_id") == number
    ]
    if memo.offline:
        if lines or theirs:
            yield Violation("offline_memo_refunded", who, f"memo {number}")
        return
    # What failed is not made again by itself.
    sent, due = sum(each.amount for each in theirs), minor(memo.amount, deed.currency)
    if sent != due:
        rule = "refunded_twice" if sent > due else "memo_without_refund"
        yield Violation(rule, who, f"memo {number} over {due}, Stripe gave back {sent}")
    if {each.id for each in theirs} != {line.refund_id for line in lines}:
        yield Violation("links_differ", who, f"memo {number} names {[line.refund_id for line in lines]}")
    for refund in theirs:
        yield from _line(refund, who, deed, books)
    state = OPEN if any(_failed(each) for each in theirs) else REFUNDED
    found = books.memo.get(memo.creditmemo_id)
    if found is None or found.state != state or found.total != memo.amount:
        yield Violation("wrong_memo", who, f"memo {number} should be {state} over {memo.amount}: {found}")


def _dashboard(made: RefundDeed, who: str, deed: OrderDeed, books: Books) -> Iterator[Violation]:
    refund = books.refund.get(made.refund_id)
    if refund is None or refund.amount != made.amount:
        yield Violation("refunds_differ", who, f"{made.refund_id} over {made.amount} is {refund} now")
        return
    lines = [each for each in books.ending.magento_refunds if each.refund_id == made.refund_id]
    if not lines:
        if not _failed(refund):
            yield Violation("refund_without_memo", who, made.refund_id)
        return
    yield from _line(refund, who, deed, books)
    memo, state = books.memo.get(lines[0].creditmemo_id), OPEN if _failed(refund) else REFUNDED
    if memo is None or (memo.order_id, memo.state) != (made.order_id, state):
        yield Violation("wrong_memo", who, f"{made.refund_id} stands on {memo}, which should be {state}")
    elif minor(memo.total, deed.currency) != made.amount:
        yield Violation("wrong_memo", who, f"{made.refund_id} over {made.amount} stands on {memo}")
    elif memo.creditmemo_id in {each.creditmemo_id for each in books.deeds.creditmemos}:
        yield Violation("wrong_memo", who, f"{made.refund_id} stands on a memo that was made for another")


def _line(refund: Refund, who: str, deed: OrderDeed, books: Books) -> Iterator[Violation]:
    """What Magento keeps of a refund is what Stripe says of it."""
    for line in books.ending.magento_refunds:
        if line.refund_id == refund.id:
            told = (minor(line.amount, deed.currency), line.status)
            if told != (Decimal(refund.amount), refund.status):
                yield Violation("refunds_differ", who, f"{refund.id} is {refund.amount} {refund.status}, not {told}")


def _sums(deed: OrderDeed, who: str, books: Books) -> Iterator[Violation]:
    order, memos = books.orders[deed.order_id], books.memos.get(deed.order_id, [])
    total = sum((each.total for each in memos), Decimal(0))
    base = sum((each.base_total for each in memos), Decimal(0))
    if (order.refunded, order.base_refunded) != (total, base):
        yield Violation("wrong_on_the_books", who, f"{order.refunded} are refunded, the memos say {total}")
    if order.refunded == order.paid and order.base_refunded != order.base_paid:
        yield Violation("wrong_on_the_books", who, f"all is refunded, but {order.base_refunded} of {order.base_paid}")
    offline = {each.creditmemo_id for each in books.memo_deeds.get(deed.order_id, []) if each.offline}
    refunded = (each.total for each in memos if each.creditmemo_id not in offline and each.state == REFUNDED)
    by_card = minor(sum(refunded, Decimal(0)), deed.currency)
    gone = sum(each.amount for each in books.refunds.get(deed.order_id, []) if each.status in ALIVE)
    if gone != by_card:
        yield Violation("refunds_differ", who, f"Stripe gave back {gone}, Magento says {by_card}")


def _failed(refund: Refund | None) -> bool:
    return refund is not None and refund.status not in ALIVE
