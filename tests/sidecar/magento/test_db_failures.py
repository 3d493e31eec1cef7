"""What happens when Magento's database fails: nothing is written twice, and nothing of ours stays broken."""

import asyncio
from decimal import Decimal

import pytest
from yarl import URL

from schemas.ids import AccountAlias, Instance, MagentoOrderId, PaymentIntentId, StripeRef
from sidecar.adapters.magento_db.orders import DbOrders, MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_db.session import Database, open_database
from sidecar.adapters.store_sql.url import StoreUrlError
from sidecar.errors import TransientError, UnauthorizedError, UnknownOutcomeError
from sidecar.ports.magento import PaymentDetails
from sidecar.sandbox.magento import database as magento
from tests.services.server import Server
from tests.services.tcp_proxy import TcpProxy
from tests.sidecar.magento.conftest import Place, placing

SHOP = Instance("shop")
PAYMENT = PaymentDetails(
    stripe=StripeRef(account=AccountAlias("main"), mode="test"),
    payment_intent_id=PaymentIntentId("pi_1"),
    amount=Decimal("87.48"),
    currency="USD",
)


async def captures(tables: magento.Database, order: MagentoOrderId) -> int:
    async with tables.transaction() as session:
        row = await session.row("SELECT COUNT(*) AS n FROM sales_payment_transaction WHERE order_id = %s", order)
    return int(row["n"]) if row else 0


async def is_locked(tables: magento.Database, order: MagentoOrderId) -> bool:
    async with tables.transaction() as session:
        free = "SELECT entity_id FROM sales_order WHERE entity_id = %s FOR UPDATE SKIP LOCKED"
        return await session.row(free, order) is None


async def cut_in_the_middle(database: Database, line: TcpProxy, statement: str, *, again: bool) -> None:
    async with database.transaction() as session:
        await session.run(statement, {})
        await line.cut()
        if again:
            await session.run(statement, {})


async def test_a_deadlocks_victim_has_written_nothing_and_may_ask_again(
    db_orders: DbOrders, place_order: Place, tables: magento.Database
) -> None:
    order = await place_order()
    async with tables.transaction() as rival:
        # Magento saves in another order than we do. InnoDB ends the transaction that has written less: ours.
        await rival.update("sales_order_payment", "parent_id", order, {"cc_type": "rival"})
        for number in range(50):
            await rival.insert("sales_order_status_history", {"parent_id": order, "comment": str(number)})
        ours = asyncio.create_task(db_orders.record_capture(order, PAYMENT))
        async with asyncio.timeout(30):
            while not await is_locked(tables, order):
                pass
        await rival.update("sales_order", "entity_id", order, {"remote_ip": "127.0.0.2"})
        with pytest.raises(TransientError) as victim:
            await ours
    assert victim.value.code == "deadlock"
    assert not isinstance(victim.value, UnknownOutcomeError)
    assert await captures(tables, order) == 0
    assert (await db_orders.record_capture(order, PAYMENT)).outcome == "applied"
    assert await captures(tables, order) == 1


async def test_a_cut_before_the_commit_has_written_nothing_and_one_during_it_is_unknown(
    database_url: str, place_order: Place, tables: magento.Database
) -> None:
    order = await place_order()
    change = f"UPDATE {{sales_order}} SET remote_ip = '127.0.0.9' WHERE entity_id = {order}"  # noqa: S608  # a number of our own
    async with TcpProxy(database_url) as line, open_database(line.url, "") as database:
        with pytest.raises(TransientError) as before:
            await cut_in_the_middle(database, line, change, again=True)
        assert not isinstance(before.value, UnknownOutcomeError)
        await line.restore()
        with pytest.raises(UnknownOutcomeError):
            await cut_in_the_middle(database, line, change, again=False)
        await line.restore()
        async with database.transaction() as session:
            assert await session.run(change, {}) == 1
    async with tables.transaction() as look:
        row = await look.row("SELECT remote_ip FROM sales_order WHERE entity_id = %s", order)
    assert row == {"remote_ip": "127.0.0.9"}


async def test_after_the_line_is_back_everybody_goes_on(
    database_url: str, place_order: Place, tables: magento.Database
) -> None:
    order = await place_order()
    async with TcpProxy(database_url) as line, open_db_orders(MagentoDbOptions(instance=SHOP, url=line.url)) as orders:
        await asyncio.gather(*(orders.read_order(order) for _ in range(10)))
        await line.cut()
        failed = await asyncio.gather(
            *(orders.record_capture(order, PAYMENT) for _ in range(30)), return_exceptions=True
        )
        assert {type(each) for each in failed} == {TransientError}
        await line.restore()
        done = await asyncio.gather(*(orders.record_capture(order, PAYMENT) for _ in range(30)))
    outcomes = [each.outcome for each in done]
    assert (outcomes.count("applied"), outcomes.count("already_applied")) == (1, 29)
    assert await captures(tables, order) == 1


async def test_a_restart_of_the_server(private_store: Server, private_database_url: str) -> None:
    async with magento.open_database(private_database_url) as tables:
        order = await placing(tables)()
    async with open_db_orders(MagentoDbOptions(instance=SHOP, url=private_database_url)) as orders:
        assert (await orders.record_authorization(order, PAYMENT)).outcome == "applied"
        await asyncio.to_thread(private_store.kill)
        with pytest.raises(TransientError) as away:
            await orders.record_capture(order, PAYMENT)
        assert not isinstance(away.value, UnknownOutcomeError)
        await asyncio.to_thread(private_store.start)
        assert (await orders.record_capture(order, PAYMENT)).outcome == "applied"
        assert (await orders.record_capture(order, PAYMENT)).outcome == "already_applied"


async def test_a_login_that_is_refused_names_no_secret(database_url: str, tables: magento.Database) -> None:
    url = str(URL(database_url).with_user("nobody").with_password("very-secret"))
    async with open_db_orders(MagentoDbOptions(instance=SHOP, url=url)) as orders:
        with pytest.raises(UnauthorizedError) as refused:
            await orders.status()
    assert "very-secret" not in f"{refused.value!r} {refused.value}"


async def test_an_address_that_is_incomplete_is_refused_at_once() -> None:
    with pytest.raises(StoreUrlError, match="database_url") as refused:
        async with open_db_orders(MagentoDbOptions(instance=SHOP, url="mysql://magento:very-secret@db")):
            pytest.fail("it was opened")
    assert "very-secret" not in str(refused.value)
