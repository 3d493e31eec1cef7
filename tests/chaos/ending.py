"""Reads how everything stands, with plain SQL, plain HTTP and plain AMQP: nothing of the product looks at itself."""

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any

import aio_pika
import httpx

from sidecar.sandbox.demo.stage import STRIPE_KEY
from tests.chaos.stage import Theatre
from tests.chaos.watch import rows_of
from tests.chaos.world import (
    Creditmemo,
    Customer,
    DeadLetter,
    Ending,
    Invoice,
    LedgerRow,
    MagentoAccount,
    MagentoOrder,
    OutboxEvent,
    PaymentIntent,
    Refund,
    RefundInMagento,
    StripeEvent,
    Transaction,
)

WORK = ("orders", "stripe-events", "creditmemos", "refunds", "customers")
RUNGS = ("1s", "10s", "1m", "10m", "1h")
ZERO = Decimal(0)


async def waiting(broker_url: str) -> dict[str, int]:
    """How many messages are ready in each queue that has to run empty."""
    names = [name for queue in WORK for name in (queue, f"{queue}.surplus")]
    names += [f"sidecar.retry.{rung}" for rung in RUNGS]
    connection = await aio_pika.connect(broker_url)
    async with connection:
        channel = await connection.channel()
        found = {}
        for name in names:
            queue = await channel.declare_queue(name, passive=True)
            found[name] = queue.declaration_result.message_count or 0
        return found


async def dead_letters(broker_url: str) -> tuple[DeadLetter, ...]:
    """What was parked; it stays where it is."""
    found = []
    connection = await aio_pika.connect(broker_url)
    async with connection:
        channel = await connection.channel()
        for work in WORK:
            queue = await channel.get_queue(f"{work}.dead-letter", ensure=False)
            while (message := await queue.get(fail=False, timeout=10)) is not None:
                reason = str(message.headers.get("x-sidecar-reason") or "")
                found.append(DeadLetter(work, reason, message.body.decode(errors="replace")))
    return tuple(found)


async def unpublished(shop_url: str) -> int:
    """How many of Magento's events are not published yet."""
    ((number,),) = await rows_of(shop_url, "SELECT COUNT(*) FROM sidecar_outbox WHERE published_at IS NULL")
    return int(number)


async def newest_event(theatre: Theatre, http: httpx.AsyncClient) -> float:
    """When the newest event happened that Stripe lists, in seconds of its own clock; 0 without any."""
    async for each in _listed(http, theatre, "events", at_once=1):
        return float(each["created"])
    return 0.0


async def ending_of(theatre: Theatre) -> Ending:
    """Read it all."""
    shop, store = theatre.stage.magento_database_url, theatre.stage.store_url
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        intents = [_intent(each) async for each in _listed(http, theatre, "payment_intents")]
        refunds = [_refund(each) async for each in _listed(http, theatre, "refunds")]
        customers = [_customer(each) async for each in _listed(http, theatre, "customers")]
        events = [StripeEvent(each["id"], each["type"]) async for each in _listed(http, theatre, "events")]
    return Ending(
        orders=tuple(MagentoOrder(*row) for row in await rows_of(shop, _ORDERS)),
        invoices=tuple(
            Invoice(*row)
            for row in await rows_of(
                shop, "SELECT order_id, order_currency_code, grand_total, base_grand_total FROM sales_invoice"
            )
        ),
        transactions=tuple(
            Transaction(*row)
            for row in await rows_of(shop, "SELECT order_id, txn_type, txn_id FROM sales_payment_transaction")
        ),
        creditmemos=tuple(
            Creditmemo(*row)
            for row in await rows_of(
                shop, "SELECT entity_id, order_id, state, grand_total, base_grand_total FROM sales_creditmemo"
            )
        ),
        magento_refunds=tuple(
            RefundInMagento(*row)
            for row in await rows_of(shop, "SELECT refund_id, creditmemo_id, amount, status FROM sidecar_refund")
        ),
        outbox=tuple(
            OutboxEvent(event, kind, bool(published))
            for event, kind, published in await rows_of(
                shop, "SELECT event_id, type, published_at IS NOT NULL FROM sidecar_outbox"
            )
        ),
        accounts=tuple(MagentoAccount(*row) for row in await rows_of(shop, _ACCOUNTS)),
        intents=tuple(intents),
        refunds=tuple(refunds),
        customers=tuple(customers),
        events=tuple(events),
        ledger=tuple(
            LedgerRow(key, kind, order_id, state, None if amount is None else Decimal(amount))
            for key, kind, order_id, state, amount in await rows_of(store, _LEDGER)
        ),
        refund_links=dict(await rows_of(store, "SELECT refund_id, creditmemo_id FROM refund_links")),
        heard=frozenset(await rows_of(store, "SELECT consumer, LOWER(HEX(event_hash)) FROM inbox")),
        told={
            (order, kind): number
            for order, kind, number in await rows_of(
                store, "SELECT order_id, kind, COUNT(*) FROM timeline WHERE order_id > 0 GROUP BY order_id, kind"
            )
        },
        waiting=await waiting(theatre.stage.broker_url),
        dead_letters=await dead_letters(theatre.stage.broker_url),
    )


_ORDERS = (
    "SELECT o.entity_id, o.state, o.status, o.order_currency_code, o.base_currency_code, o.grand_total,"
    " o.base_grand_total, COALESCE(o.total_paid, 0), COALESCE(o.base_total_paid, 0), COALESCE(o.total_refunded, 0),"
    " COALESCE(o.base_total_refunded, 0), p.last_trans_id"
    " FROM sales_order o JOIN sales_order_payment p ON p.parent_id = o.entity_id"
)
_LEDGER = (
    "SELECT effect_key, kind, order_id, state,"
    " IF(kind = 'RecordCapture', JSON_VALUE(params, '$.payment.amount'), NULL) FROM effect_ledger"
)
_ACCOUNTS = (
    "SELECT c.entity_id, c.email, CONCAT(c.firstname, ' ', c.lastname), a.telephone FROM customer_entity c"
    " LEFT JOIN customer_address_entity a ON a.entity_id = c.default_billing"
)


async def _listed(
    http: httpx.AsyncClient, theatre: Theatre, kind: str, at_once: int = 100
) -> AsyncIterator[dict[str, Any]]:
    """Every object of this kind, page by page; whoever asks too fast waits."""
    after: dict[str, str] = {}
    while True:
        answer = await http.get(
            f"{theatre.stage.stripe_url}/v1/{kind}",
            params={"limit": str(at_once)} | after,
            headers={"Authorization": f"Bearer {STRIPE_KEY}"},
        )
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            continue
        page = answer.raise_for_status().json()
        for each in page["data"]:
            yield each
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}


def _intent(found: Mapping[str, Any]) -> PaymentIntent:
    return PaymentIntent(
        found["id"],
        found["status"],
        found["currency"].upper(),
        found["amount"],
        found["amount_received"],
        found["metadata"],
    )


def _refund(found: Mapping[str, Any]) -> Refund:
    return Refund(
        found["id"],
        found["payment_intent"],
        found["currency"].upper(),
        found["amount"],
        found["status"],
        found["metadata"] or {},
    )


def _customer(found: Mapping[str, Any]) -> Customer:
    return Customer(found["id"], found["email"], found["name"], found["phone"], found["metadata"])
