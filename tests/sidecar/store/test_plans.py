"""Every statement of the store finds its rows by an index: what it costs does not grow with what is there."""

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import get_args

import aiomysql
from yarl import URL

from schemas.ids import CustomerId, CustomerRef, MagentoCreditmemoId, MagentoCustomerId, RefundId
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from sidecar.adapters.store_sql import SqlStore
from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.breaker.policy import BreakerPolicy
from sidecar.customer_profile.profile import Agreement, Profile
from sidecar.ports.facts import (
    CreditmemoRefused,
    CustomerAgreed,
    CustomerDeletedObserved,
    CustomerGone,
    CustomerLinked,
    CustomerRead,
    CustomerSeen,
    Fact,
    IntentLinked,
    OrderCanceledObserved,
    RefundDismissed,
    RefundLinked,
    RefundObserved,
    SessionLinked,
)
from sidecar.ports.parked import Closing
from sidecar.ports.records import EffectToBegin, TimelineEntry
from tests.bench.growth.history import HISTORY, fill
from tests.conformance.test_parked import a_message
from tests.conformance.test_store import a_customer, a_deletion
from tests.consumers.builders import ORDER, STRIPE, a_session, an_intent, an_order
from tests.consumers.refund_builders import a_creditmemo, a_refund
from tests.costs.meter import Meter

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)
CUSTOMER = CustomerRef(instance=ORDER.instance, customer_id=MagentoCustomerId(42))
CUS = CustomerId("cus_1")
LINE = TimelineEntry(subject=ORDER, at=NOW, source="orders", kind="effect.done", summary="done")
CIRCUIT = Circuit(name=CircuitName("stripe:main/test")).trip("http_503", NOW, BreakerPolicy(), 0.5)
AGREED = Agreement(magento=Profile(name="x"), stripe=Profile(name="x"))

FACTS: tuple[Fact, ...] = (
    IntentLinked(STRIPE, ORDER, an_intent()),
    SessionLinked(STRIPE, ORDER, a_session()),
    OrderCanceledObserved(ORDER, NOW),
    CustomerLinked(STRIPE, ORDER.instance, "base", "customer/42", CUS),
    CustomerAgreed(STRIPE, CUSTOMER, CUS, 0, AGREED),
    CustomerSeen(STRIPE, CUS, Profile(name="x"), NOW),
    CustomerGone(STRIPE, CUS, NOW),
    CustomerRead(a_customer()),
    CustomerDeletedObserved(CUSTOMER, NOW),
    RefundObserved(STRIPE, ORDER, a_refund()),
    RefundLinked(STRIPE, ORDER, RefundId("re_1"), MagentoCreditmemoId(1)),
    RefundDismissed(STRIPE, RefundId("re_1"), "held"),
    CreditmemoRefused(ORDER, MagentoCreditmemoId(1), "charge_disputed"),
)

LOOKS = re.compile(r"\s*(SELECT\b.*\bFROM|UPDATE|DELETE)\b", re.DOTALL | re.IGNORECASE)
"""What looks for rows; `INSERT … VALUES`, `GET_LOCK` and `BEGIN` do not."""
READ_WHOLE = {
    "circuits": "one row for each upstream, and all are wanted",
    "replicas": "one row for each process that lives or died today",
}
"""Tables that may be read from end to end."""
PAGE = 50
"""So many rows are one page, which the server may rather read whole than look up."""
WITHOUT_INDEX = (
    "SELECT * FROM effect_ledger WHERE kind = 'X'",
    "DELETE FROM timeline WHERE at < '2026-11-23' LIMIT 500",
    "SELECT consumer FROM inbox WHERE event_hash = UNHEX('00')",
    "SELECT effect_key FROM effect_ledger WHERE done_at < '2026-11-23' ORDER BY started_at LIMIT 5",
)
"""What has to be seen."""
TABLES = [*READ_WHOLE, *(history.table for history in HISTORY), "cursors"]


async def canceled(store: SqlStore) -> None:
    placed = an_order()
    await store.orders.record_canceled(
        OrderCanceledV1(
            instance=placed.instance,
            store=placed.store,
            order_id=placed.order_id,
            increment_id=placed.increment_id,
            canceled_at=NOW,
        )
    )


async def begun(store: SqlStore) -> None:
    await store.ledger.begin(EffectToBegin("key", "X", ORDER, "{}"), NOW)


async def closed(store: SqlStore) -> None:
    await begun(store)
    await store.ledger.close("key", "{}", FACTS, [LINE], NOW - 40 * DAY)
    await store.ledger.begin(EffectToBegin("theirs", "X", CUSTOMER, "{}"), NOW)
    await store.ledger.close("theirs", "{}", [], [], NOW - 40 * DAY)


async def held(store: SqlStore) -> None:
    async with store.locks.hold(ORDER, DAY):
        pass


async def alone(store: SqlStore) -> None:
    async with store.locks.exclusive("x"):
        pass


async def pruned(store: SqlStore) -> None:
    await closed(store)
    for dry_run in (True, False):
        await store.prune(NOW, 31 * DAY, dry_run=dry_run)


OPERATIONS: dict[str, Callable[[SqlStore], Awaitable[object]]] = {
    "ping": lambda store: store.ping(),
    "maintain": lambda store: store.maintain(NOW),
    "prune": pruned,
    "orders.record_placed": lambda store: store.orders.record_placed(an_order(), STRIPE, DAY),
    "orders.record_canceled": canceled,
    "orders.record_window_closed": lambda store: store.orders.record_window_closed(ORDER, NOW),
    "orders.record_creditmemo": lambda store: store.orders.record_creditmemo(a_creditmemo(order=an_order())),
    "orders.record_facts": lambda store: store.orders.record_facts(FACTS),
    "orders.record_and_load": lambda store: store.orders.record_and_load(ORDER, FACTS),
    "orders.load": lambda store: store.orders.load(ORDER),
    "orders.stripe_of": lambda store: store.orders.stripe_of(ORDER),
    "orders.order_of_intent": lambda store: store.orders.order_of_intent(STRIPE, an_intent().id),
    "orders.find_by_increment_id": lambda store: store.orders.find_by_increment_id("000000042"),
    "orders.due_windows": lambda store: store.orders.due_windows(NOW, 500),
    "orders.settle_window": lambda store: store.orders.settle_window(ORDER),
    "customers.record_saved": lambda store: store.customers.record_saved(a_customer()),
    "customers.record_deleted": lambda store: store.customers.record_deleted(a_deletion()),
    "customers.record_facts": lambda store: store.customers.record_facts(FACTS),
    "customers.load": lambda store: store.customers.load(CUSTOMER),
    "customers.links_of": lambda store: store.customers.links_of(STRIPE, CUS),
    "ledger.begin": begun,
    "ledger.read": lambda store: store.ledger.read("key"),
    "ledger.mark_unknown": lambda store: store.ledger.mark_unknown("key", "timeout"),
    "ledger.note_error": lambda store: store.ledger.note_error("key", "timeout"),
    "ledger.unfinished": lambda store: store.ledger.unfinished(),
    "ledger.withdraw": lambda store: store.ledger.withdraw("key"),
    "ledger.forget": lambda store: store.ledger.forget(CUSTOMER, frozenset(("X",))),
    "ledger.close": closed,
    "inbox.is_done": lambda store: store.inbox.is_done("orders", "magento", "evt_1"),
    "inbox.mark_done": lambda store: store.inbox.mark_done("orders", "magento", "evt_1", NOW),
    "inbox.missing": lambda store: store.inbox.missing("orders", "magento", [str(n) for n in range(500)]),
    "timeline.append": lambda store: store.timeline.append([LINE]),
    "timeline.read": lambda store: store.timeline.read(ORDER),
    "cursors.get": lambda store: store.cursors.get("x"),
    "cursors.set": lambda store: store.cursors.set("x", "y"),
    "locks.hold": held,
    "locks.exclusive": alone,
    "replicas.beat": lambda store: store.replicas.beat("g", "a", NOW, DAY),
    "replicas.leave": lambda store: store.replicas.leave("g", "a"),
    "replicas.living": lambda store: store.replicas.living(NOW),
    "parked.record": lambda store: store.parked.record(a_message()),
    "parked.close": lambda store: store.parked.close(a_message(), Closing("discarded", by="j", why="w", at=NOW)),
    "parked.found": lambda store: store.parked.found("orders", [a_message("ba9876543210")], NOW, NOW),
    "parked.summaries": lambda store: store.parked.summaries(),
    "parked.parked_events": lambda store: store.parked.parked_events("orders", "magento", ["a", "b"]),
    "circuits.read": lambda store: store.circuits.read(),
    "circuits.change": lambda store: store.circuits.change(CIRCUIT),
}


def operations_of(store: SqlStore) -> Iterator[str]:
    """Everything that a store can be asked to do."""
    for name, part in vars(store).items():
        if not name.startswith("_"):
            yield from (f"{name}.{each}" for each in methods_of(part))
    yield from methods_of(store)


def methods_of(part: object) -> Iterator[str]:
    yield from (name for name, _ in inspect.getmembers(part, inspect.ismethod) if not name.startswith("_"))


async def explained(cursor: aiomysql.Cursor, statement: str) -> list[str]:
    """What is wrong with how the server would do it."""
    if not LOOKS.match(statement) or "information_schema" in statement:
        return []
    await cursor.execute(f"EXPLAIN {statement}")
    wrong = []
    for row in await cursor.fetchall():
        how, table, extra = row["type"], row["table"] or "", row["Extra"] or ""
        scans = how in {"ALL", "index"} and table not in READ_WHOLE and not table.startswith("<")
        sorts = "filesort" in extra and " LIMIT " in statement  # all of them, to give a few
        if (scans or sorts) and int(row["rows"] or 0) > PAGE:
            wrong.append(f"{how} of {table}, {row['rows']} rows, {extra}: {' '.join(statement.split())[:200]}")
    return wrong


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[aiomysql.Cursor]:
    at = URL(url)
    connection = await aiomysql.connect(
        host=at.host, port=at.port or 3306, user=at.user, password=at.password or "", db=at.path[1:], autocommit=True
    )
    async with connection.cursor(aiomysql.DictCursor) as cursor:
        yield cursor
    connection.close()


async def test_every_operation_and_every_fact_is_looked_at(store: SqlStore) -> None:
    assert set(operations_of(store)) == set(OPERATIONS)
    assert {type(fact) for fact in FACTS} == set(get_args(Fact))


async def test_no_statement_reads_a_table_from_end_to_end(store: SqlStore, migrated_url: str) -> None:
    with Meter(URL(migrated_url).path[1:], "http://127.0.0.1:1").measuring(memory=False) as said:
        for operation in OPERATIONS.values():
            await operation(store)
    statements = dict.fromkeys(said.store)
    assert {table for table in TABLES if not any(table in statement for statement in statements)} == set()
    await fill(migrated_url, 20_000, NOW, instance=ORDER.instance, over=90 * DAY)
    async with connected(migrated_url) as cursor:
        wrong = [each for statement in statements for each in await explained(cursor, statement)]
        seen = [bool(await explained(cursor, statement)) for statement in WITHOUT_INDEX]
    assert wrong == []
    assert all(seen)
