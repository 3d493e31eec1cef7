"""Whether Magento and Stripe agree to the cent: asked of both, without a look at the sidecar's own books."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

from schemas.money import EXPONENTS
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.ports.payments import Payments
from sidecar.sandbox.demo.people import OrderSeen

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
        found += [f"order {order.increment_id}: {what}" for what in _of_order(order, by_order[order.order_id])]
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
    is_paid = order.state == "processing"
    if order.invoices != int(is_paid):
        found.append(f"{order.invoices} invoices in state {order.state}")
    if order.captures != len(paid):
        found.append(f"{order.captures} capture transactions for {len(paid)} payments")
    if paid and not (order.transaction_id or "").startswith(paid[0].id):
        found.append(f"transaction {order.transaction_id} is not {paid[0].id}")
    if is_paid and Decimal(order.grand_total) != Decimal(order.total_paid or 0):
        found.append(f"paid {order.total_paid} of {order.grand_total}")
    return found
