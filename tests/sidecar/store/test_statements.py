"""How many statements each operation costs: the number that a round trip multiplies."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from schemas.ids import CustomerId
from sidecar.adapters.store_sql import SqlStore, open_store
from sidecar.ports.facts import CustomerLinked, Fact, IntentLinked, SessionLinked
from sidecar.ports.records import EffectToBegin, TimelineEntry
from tests.conformance.test_store import ACCOUNT as CUSTOMER
from tests.conformance.test_store import a_customer, a_deletion
from tests.consumers.builders import ORDER, STRIPE, a_session, an_intent, an_order

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LINE = TimelineEntry(subject=ORDER, at=NOW, source="orders", kind="effect.done", summary="done")
INTENT: Fact = IntentLinked(STRIPE, ORDER, an_intent())
NEXT = EffectToBegin("new", "X", ORDER, "{}")
SESSION: Fact = SessionLinked(STRIPE, ORDER, a_session())


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
async def counted(migrated_url: str, sent: list[str]) -> AsyncIterator[SqlStore]:
    async with open_store(migrated_url, connections=2, lock_connections=2, on_statement=sent.append) as store:
        yield store


async def hold(store: SqlStore) -> None:
    async with store.locks.hold(ORDER, SECOND):
        pass


COSTS: dict[str, tuple[int, Callable[[SqlStore], Awaitable[object]]]] = {
    "record_placed": (1, lambda store: store.orders.record_placed(an_order(), STRIPE, SECOND)),
    "load": (1, lambda store: store.orders.load(ORDER)),
    "stripe_of": (1, lambda store: store.orders.stripe_of(ORDER)),
    "order_of_intent": (1, lambda store: store.orders.order_of_intent(STRIPE, "pi_1")),
    "record_facts of one": (1, lambda store: store.orders.record_facts([INTENT])),
    "record_facts of two": (1, lambda store: store.orders.record_facts([INTENT, SESSION])),
    "record_and_load of two": (1, lambda store: store.orders.record_and_load(ORDER, [INTENT, SESSION])),
    "begin afresh": (1, lambda store: store.ledger.begin(EffectToBegin("new", "X", ORDER, "{}"), NOW)),
    "begin again": (2, lambda store: store.ledger.begin(EffectToBegin("begun", "X", ORDER, "{}"), NOW)),
    "close": (2, lambda store: store.ledger.close("begun", "{}", [], [LINE, LINE], NOW)),
    "close with two facts": (2, lambda store: store.ledger.close("begun", "{}", [INTENT, SESSION], [LINE], NOW)),
    "close, and begin what follows": (
        2,
        lambda store: store.ledger.close("begun", "{}", [INTENT], [LINE], NOW, following=NEXT),
    ),
    "mark_unknown": (1, lambda store: store.ledger.mark_unknown("begun", "timeout")),
    "is_done": (1, lambda store: store.inbox.is_done("orders", "magento", "evt_1")),
    "mark_done": (1, lambda store: store.inbox.mark_done("orders", "magento", "evt_1", NOW)),
    "missing of 500": (1, lambda store: store.inbox.missing("orders", "magento", [str(n) for n in range(500)])),
    "append": (1, lambda store: store.timeline.append([LINE, LINE, LINE])),
    "read": (1, lambda store: store.timeline.read(ORDER)),
    "due_windows": (1, lambda store: store.orders.due_windows(NOW, 100)),
    "load a customer": (1, lambda store: store.customers.load(CUSTOMER)),
    "record_saved": (1, lambda store: store.customers.record_saved(a_customer())),
    "record_deleted": (1, lambda store: store.customers.record_deleted(a_deletion())),
    "links_of": (1, lambda store: store.customers.links_of(STRIPE, CustomerId("cus_1"))),
    "order lock": (2, hold),
    "beat": (2, lambda store: store.replicas.beat("g", "a", NOW, SECOND)),
}


@pytest.mark.parametrize("operation", COSTS)
async def test_an_operation_costs_what_it_says(counted: SqlStore, sent: list[str], operation: str) -> None:
    await counted.ledger.begin(EffectToBegin("begun", "X", ORDER, "{}"), NOW)
    cost, perform = COSTS[operation]
    sent.clear()
    await perform(counted)
    assert len(sent) == cost, sent


async def test_the_cost_does_not_grow_with_what_is_known_of_the_order(counted: SqlStore, sent: list[str]) -> None:
    await counted.orders.record_placed(an_order(customer_id=7), STRIPE, SECOND)
    links = [CustomerLinked(STRIPE, "shop", "base", "customer/7", CustomerId("cus_1"))]
    await counted.orders.record_facts([*links, *(IntentLinked(STRIPE, ORDER, an_intent(n)) for n in range(20))])
    for n in range(20):
        await counted.ledger.begin(EffectToBegin(f"k/{n}", "X", ORDER, "{}"), NOW)
    sent.clear()
    record = await counted.orders.load(ORDER)
    assert (len(sent), len(record.intents), len(record.effects), record.customer) == (1, 20, 20, "cus_1")


async def test_values_are_not_told_to_who_listens(counted: SqlStore, sent: list[str]) -> None:
    await counted.orders.record_placed(an_order(), STRIPE, SECOND)
    assert "grace@example.com" not in "".join(sent)
