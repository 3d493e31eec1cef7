"""Whether Magento and Stripe agree to the cent: asked of both, without a look at the sidecar's own books."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

from schemas.money import EXPONENTS
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.ports.payments import Payments
from sidecar.sandbox.demo.people import OrderSeen

PAID = frozenset(("processing", "complete", "closed"))
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


async def disagreements(orders: list[OrderSeen], payments: Payments) -> list[str]:
    """One sentence for each thing that does not fit."""
    by_order: dict[int, list[PaymentIntent]] = defaultdict(list)
    for intent in await payments.find_payment_intents(None, BEGIN, {}):
        by_order[int(intent.metadata.get("magento_order_id", 0))].append(intent)
    found = [f"intent {intent.id} belongs to no order" for intent in by_order.pop(0, [])]
    known = {order.order_id for order in orders}
    found += [f"intents of order {number} that does not exist" for number in by_order if number not in known]
    for order in orders:
        intents = by_order[order.order_id]
        refunds = [refund for intent in intents for refund in await payments.find_refunds(intent.id, {})]
        wrong = _of_order(order, intents) + _of_refunds(order, refunds)
        found += [f"order {order.increment_id}: {what}" for what in wrong]
    return found


def _of_order(order: OrderSeen, intents: list[PaymentIntent]) -> list[str]:
    paid = [intent for intent in intents if intent.status == "succeeded"]
    found = []
    if any(intent.currency.upper() != order.currency for intent in intents):
        found.append("currencies differ")
    received = sum(intent.amount_received for intent in paid)
    booked = Decimal(order.total_paid or 0).scaleb(EXPONENTS[order.currency])
    if received != booked:
        found.append(f"Stripe received {received}, Magento booked {booked}")
    if len(paid) > 1:
        found.append(f"paid {len(paid)} times")
    is_paid = order.state in PAID
    if order.invoices != int(is_paid):
        found.append(f"{order.invoices} invoices in state {order.state}")
    if order.captures != len(paid):
        found.append(f"{order.captures} capture transactions for {len(paid)} payments")
    if paid and not (order.transaction_id or "").startswith(paid[0].id):
        found.append(f"transaction {order.transaction_id} is not {paid[0].id}")
    if is_paid and Decimal(order.grand_total) != Decimal(order.total_paid or 0):
        found.append(f"paid {order.total_paid} of {order.grand_total}")
    return found


def _of_refunds(order: OrderSeen, refunds: list[Refund]) -> list[str]:
    """Every refund stands on one memo, as Stripe has it, and the sums are equal to the smallest unit."""
    found = []
    exponent = EXPONENTS[order.currency]
    memos = {refund: memo for memo in order.creditmemos for refund in memo.refunds}
    if len(memos) != sum(len(memo.refunds) for memo in order.creditmemos):
        found.append("a refund stands on two credit memos")
    by_id: dict[str, Refund] = {refund.id: refund for refund in refunds}
    for refund in refunds:
        memo = memos.get(refund.id)
        if memo is None:
            found.append(f"refund {refund.id} of {refund.money} stands on no credit memo")
        elif memo.refunds[refund.id] != refund.status:
            found.append(f"refund {refund.id} is {refund.status}, Magento says {memo.refunds[refund.id]}")
    found += [f"Stripe does not know of refund {refund}" for refund in memos if refund not in by_id]
    owed = Decimal(0)
    for memo in order.creditmemos:
        theirs = [by_id[refund] for refund in memo.refunds if refund in by_id]
        given = sum(refund.amount for refund in theirs if refund.is_live)
        left = Decimal(memo.grand_total).scaleb(exponent) - given
        owed += left
        if (memo.state == "refunded") != (left == 0):
            found.append(f"credit memo {memo.increment_id} is {memo.state}, {left} of it are not given back")
    live = sum(refund.amount for refund in refunds if refund.is_live)
    booked = Decimal(order.total_refunded or 0).scaleb(exponent)
    if booked != live + owed:
        found.append(f"Stripe gave back {live}, {owed} are owed, Magento booked {booked}")
    return found
