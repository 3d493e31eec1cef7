"""Which rows the database adapter writes."""

from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from yarl import URL

from schemas.ids import AccountAlias, ChargeId, Instance, MagentoOrderId, PaymentIntentId, StripeRef
from sidecar.adapters.magento_db.orders import DbOrders, MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_db.rows import change_order, read_order
from sidecar.adapters.magento_db.session import open_database
from sidecar.errors import RefusedError, TransientError
from sidecar.ports.magento import PaymentDetails, PaymentLink
from sidecar.sandbox.magento.database import Database
from tests.sidecar.magento.conftest import Place

INTENT = PaymentIntentId("pi_1")


def a_payment(amount: str = "87.48", currency: str = "USD", **fields: Any) -> PaymentDetails:
    return PaymentDetails(
        stripe=StripeRef(account=AccountAlias("main"), mode="test"),
        payment_intent_id=INTENT,
        charge_id=ChargeId("ch_1"),
        amount=Decimal(amount),
        currency=currency,
        card_last4="4242",
        **{"card_brand": "visa", **fields},
    )


async def one(tables: Database, statement: str, *values: object) -> dict[str, Any]:
    async with tables.transaction() as session:
        (row,) = await session.rows(statement, *values)
    return dict(row)


async def test_a_capture_in_another_currency_books_the_base_amount_too(
    db_orders: DbOrders, place_order: Place, tables: Database
) -> None:
    order = await place_order(
        lines=[{"price": "33.33", "qty": 3}], shipping="0.01", tax="7.77", currency="EUR", rate="0.9137"
    )
    placed = await one(tables, "SELECT * FROM sales_order WHERE entity_id = %s", order)
    assert placed["grand_total"] == Decimal("107.77")
    await db_orders.record_capture(order, a_payment("107.77", "EUR"))
    row = await one(tables, "SELECT * FROM sales_order WHERE entity_id = %s", order)
    assert (row["total_paid"], row["base_total_paid"]) == (Decimal("107.77"), placed["base_grand_total"])
    assert (row["total_due"], row["base_total_due"], row["total_invoiced"]) == (0, 0, None)
    grid = await one(tables, "SELECT * FROM sales_order_grid WHERE entity_id = %s", order)
    assert (grid["status"], grid["total_paid"], grid["base_total_paid"]) == (
        "processing",
        row["total_paid"],
        row["base_total_paid"],
    )
    assert grid["updated_at"] is not None


async def test_a_capture_fills_payment_transaction_and_history(
    db_orders: DbOrders, place_order: Place, tables: Database
) -> None:
    order = await place_order()
    await db_orders.record_authorization(order, a_payment(wallet="apple_pay", risk_score=12))
    await db_orders.record_capture(order, a_payment())
    payment = await one(tables, "SELECT * FROM sales_order_payment WHERE parent_id = %s", order)
    assert (payment["cc_last_4"], payment["cc_type"], payment["last_trans_id"]) == ("4242", "visa", "pi_1-capture")
    assert payment["amount_authorized"] == payment["amount_paid"] == payment["base_amount_paid"] == Decimal("87.48")
    information = orjson.loads(payment["additional_information"])
    assert information["method_title"] == "Stripe"
    assert (information["account"], information["mode"], information["wallet"]) == ("main", "test", "apple_pay")
    async with tables.transaction() as session:
        reserved, taken = await session.rows("SELECT * FROM sales_payment_transaction ORDER BY transaction_id")
        lines = await session.rows("SELECT status, comment FROM sales_order_status_history ORDER BY entity_id")
        assert not await session.rows("SELECT * FROM sales_invoice")
    assert (reserved["txn_type"], reserved["is_closed"], reserved["parent_id"]) == ("authorization", 1, None)
    assert (taken["txn_type"], taken["is_closed"], taken["parent_id"], taken["parent_txn_id"]) == (
        "capture",
        1,
        reserved["transaction_id"],
        "pi_1",
    )
    assert [line["status"] for line in lines] == ["processing", "processing"]
    assert "87.48 USD" in lines[1]["comment"]


async def test_what_an_earlier_payment_left_due_is_what_counts(
    db_orders: DbOrders, place_order: Place, tables: Database
) -> None:
    order = await place_order(currency="EUR", rate="0.5000")
    async with tables.transaction() as session:
        await session.update(
            "sales_order", "entity_id", order, {"total_paid": 80, "base_total_paid": 160, "total_due": Decimal("7.48")}
        )
    with pytest.raises(RefusedError, match=r"87\.48 EUR"):
        await db_orders.record_capture(order, a_payment(currency="EUR"))
    await db_orders.record_capture(order, a_payment("7.48", "EUR"))
    row = await one(tables, "SELECT * FROM sales_order WHERE entity_id = %s", order)
    assert (row["total_paid"], row["base_total_paid"]) == (Decimal("87.48"), Decimal("174.96"))


async def test_the_client_secret_is_in_the_payment_and_nowhere_else(
    db_orders: DbOrders, place_order: Place, tables: Database
) -> None:
    order = await place_order()
    link = PaymentLink(payment_intent_id=INTENT, client_secret=SecretStr("pi_1_secret_2"), reason="action_required")
    await db_orders.record_payment_link(order, link)
    payment = await one(tables, "SELECT * FROM sales_order_payment WHERE parent_id = %s", order)
    assert orjson.loads(payment["additional_information"])["payment_link"]["client_secret"] == "pi_1_secret_2"
    async with tables.transaction() as session:
        lines = await session.rows("SELECT comment FROM sales_order_status_history")
    assert len(lines) == 1
    assert "secret" not in lines[0]["comment"]


async def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(
    db_orders: DbOrders, place_order: Place, tables: Database
) -> None:
    order = await place_order()
    with pytest.raises(RefusedError) as refused:
        await db_orders.record_capture(order, a_payment(card_brand="long" * 20))
    assert refused.value.code == "value_refused"
    assert "long" not in str(refused.value)
    assert (await db_orders.read_order(order)).state == "pending_payment"
    async with tables.transaction() as session:
        assert not await session.rows("SELECT * FROM sales_payment_transaction")


async def test_an_order_that_changed_since_it_was_read_is_not_overwritten(
    database_url: str, place_order: Place, tables: Database
) -> None:
    order = await place_order()
    async with open_database(database_url, "") as database:
        async with database.transaction() as session:
            stale = await read_order(session, order)
        async with tables.transaction() as other:
            await other.update("sales_order", "entity_id", order, {"state": "canceled", "status": "canceled"})
        with pytest.raises(TransientError, match="state_changed"):
            async with database.transaction() as session:
                await change_order(session, stale, {"state": "processing", "status": "processing"})
    row = await one(tables, "SELECT state, status FROM sales_order WHERE entity_id = %s", order)
    assert row == {"state": "canceled", "status": "canceled"}


async def test_tables_may_have_a_prefix(database_url: str, place_order: Place, tables: Database) -> None:
    order = await place_order()
    async with tables.transaction() as session:
        for row in await session.rows("SHOW TABLES"):
            (name,) = row.values()
            await session.run(f"RENAME TABLE {name} TO mg_{name}")
    options = MagentoDbOptions(instance=Instance("shop"), url=database_url, table_prefix="mg_")
    async with open_db_orders(options) as orders:
        assert (await orders.record_capture(order, a_payment())).outcome == "applied"
        assert (await orders.read_order(order)).state == "processing"
    wrong = MagentoDbOptions(instance=Instance("shop"), url=database_url)
    async with open_db_orders(wrong) as orders:
        with pytest.raises(TransientError, match="schema_missing"):
            await orders.read_order(MagentoOrderId(order))


def test_the_address_is_not_in_the_representation() -> None:
    url = URL("mysql://magento:very-secret@db/magento")
    assert "very-secret" not in repr(MagentoDbOptions(instance=Instance("shop"), url=str(url)))
