"""What gets lost in real life, done to the stage's databases: a backup that was restored, an event that never came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomysql
from yarl import URL

from sidecar.sandbox.demo.stage import Stage


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[aiomysql.Connection]:
    address = URL(url)
    connection = await aiomysql.connect(
        host=address.host,
        port=address.port or 3306,
        user=address.user or "root",
        password=address.password or "",
        db=address.path.strip("/"),
        autocommit=True,
    )
    try:
        yield connection
    finally:
        await connection.ensure_closed()


async def _run(url: str, statements: list[str], order: int) -> None:
    async with _connection(url) as connection, connection.cursor() as cursor:
        for statement in statements:
            await cursor.execute(statement.replace("{order}", str(order)))


async def magento_forgets_the_payment(stage: Stage, order: int) -> None:
    """Magento's database comes back from a backup that was made before the payment."""
    await _run(
        stage.magento_database_url,
        [
            (
                "UPDATE sales_order SET state = 'pending_payment', status = 'pending_payment', total_paid = NULL,"
                " base_total_paid = NULL, total_invoiced = NULL, base_total_invoiced = NULL, total_due = grand_total,"
                " base_total_due = base_grand_total WHERE entity_id = {order}"
            ),
            "DELETE FROM sales_invoice WHERE order_id = {order}",
            "DELETE FROM sales_payment_transaction WHERE order_id = {order}",
            "DELETE FROM sidecar_write_back WHERE order_id = {order}",
        ],
        order,
    )


async def magento_cancels_silently(stage: Stage, order: int) -> None:
    """An extension cancels the order by SQL, so that no event is published."""
    await _run(
        stage.magento_database_url,
        ["UPDATE sales_order SET state = 'canceled', status = 'canceled' WHERE entity_id = {order}"],
        order,
    )


async def sidecar_forgets_the_payment(stage: Stage, order: int) -> None:
    """The sidecar's database comes back from a backup that was made before the payment."""
    await _run(
        stage.store_url,
        ["DELETE FROM payment_intents WHERE order_id = {order}", "DELETE FROM effect_ledger WHERE order_id = {order}"],
        order,
    )


async def sidecar_forgets_the_order(stage: Stage, order: int) -> None:
    """Or from one that was made before the order."""
    await sidecar_forgets_the_payment(stage, order)
    await _run(
        stage.store_url,
        ["DELETE FROM orders WHERE order_id = {order}", "DELETE FROM checkout_sessions WHERE order_id = {order}"],
        order,
    )


async def sidecar_dies_in_an_effect(stage: Stage, order: int) -> None:
    """The process was killed while it wrote to Magento, and its message was purged by an operator."""
    await _run(
        stage.store_url,
        [
            (
                "UPDATE effect_ledger SET state = 'unknown', result = NULL, done_at = NULL"
                " WHERE order_id = {order} AND kind = 'RecordCapture'"
            )
        ],
        order,
    )


async def sidecar_forgets_refunds(stage: Stage, order: int) -> None:
    """The sidecar's database comes back from a backup that was made before anything went back."""
    await _run(
        stage.store_url,
        [
            "DELETE FROM refunds WHERE order_id = {order}",
            "DELETE FROM refund_links WHERE order_id = {order}",
            "DELETE FROM creditmemos WHERE order_id = {order}",
            "DELETE FROM effect_ledger WHERE order_id = {order} AND kind LIKE '%Refund%'",
        ],
        order,
    )


async def magento_forgets_that_the_money_went_back(stage: Stage, order: int) -> None:
    """Magento's database comes back from a backup that was made before the memo was told."""
    await _run(
        stage.magento_database_url,
        [
            "UPDATE sales_creditmemo SET state = 1, transaction_id = NULL WHERE order_id = {order}",
            (
                "DELETE FROM sidecar_refund WHERE creditmemo_id IN"
                " (SELECT entity_id FROM sales_creditmemo WHERE order_id = {order})"
            ),
            "DELETE FROM sidecar_write_back WHERE order_id = {order}",
            "DELETE FROM sales_payment_transaction WHERE order_id = {order} AND txn_type = 'refund'",
        ],
        order,
    )
