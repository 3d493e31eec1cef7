"""The gate closes: a statement, a call or a copy too many is seen, and so is one less."""

from collections.abc import AsyncIterator

import aiormq
import pytest
from yarl import URL

from sidecar.adapters.store_sql import SqlStore, migrate, open_store
from tests.consumers.builders import ORDER
from tests.costs.budget import differs
from tests.costs.meter import Meter, Tally, least


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    await migrate(database_url)
    async with open_store(database_url, connections=1) as opened:
        await opened.orders.load(ORDER)
        yield opened


@pytest.fixture
def meter(database_url: str) -> Meter:
    return Meter(URL(database_url).path.strip("/"), "http://127.0.0.1:1")


async def load(store: SqlStore, *, times: int) -> None:
    for _ in range(times):
        await store.orders.load(ORDER)


async def test_a_deliberate_statement_more_is_seen_and_shown(store: SqlStore, meter: Meter) -> None:
    with meter.measuring(memory=False) as once:
        await load(store, times=1)
    with meter.measuring(memory=False) as twice:
        await load(store, times=2)
    budget = len(once.store)
    assert budget == 1
    assert differs("orders", "store", budget, budget) is None
    complaint = differs("orders", "store", len(twice.store), budget, twice.listed("store"))
    assert complaint is not None
    first, *shown = complaint.splitlines()
    assert first == (
        "orders: 2 statements to the store, budget 1; raise it only with a reason in the commit"
        " (`python -m tests.costs --write`)"
    )
    assert [line.strip()[:16] for line in shown] == ["1 SELECT 'order'", "2 SELECT 'order'"]


async def test_a_statement_less_asks_for_a_tighter_budget(store: SqlStore, meter: Meter) -> None:
    with meter.measuring(memory=False) as once:
        await load(store, times=1)
    complaint = differs("orders", "store", len(once.store), 2)
    assert complaint is not None
    assert "1 statements to the store, budget 2; bring the budget down" in complaint


async def test_what_another_database_is_told_is_not_the_stores(store: SqlStore, database_url: str) -> None:
    with Meter("another", "http://127.0.0.1:1").measuring(memory=False) as tally:
        await load(store, times=1)
    assert (len(tally.store), len(tally.magento)) == (0, 1)


async def test_more_work_for_python_is_more_calls(store: SqlStore, meter: Meter) -> None:
    counts = []
    for times in (10, 10, 11):
        with meter.measuring(memory=False) as tally:
            await load(store, times=times)
        counts.append(tally.calls)
    assert differs("x", "calls", counts[1], counts[0]) is None
    assert differs("x", "calls", counts[2], counts[0]) is not None


def test_a_copy_more_is_a_higher_peak(meter: Meter) -> None:
    body = b"x" * 1_000_000
    peaks = []
    for copies in (1, 2):
        with meter.measuring(memory=True) as tally:
            kept = [bytes(bytearray(body)) for _ in range(copies)]
            del kept
        peaks.append(tally.peak)
    assert peaks[1] - peaks[0] == pytest.approx(len(body), rel=0.01)
    assert differs("x", "peak", peaks[1], peaks[0]) is not None


def test_the_drivers_are_put_back(meter: Meter) -> None:
    before = aiormq.Channel.basic_ack
    with meter.measuring(memory=False):
        assert aiormq.Channel.basic_ack is not before
    assert aiormq.Channel.basic_ack is before


def test_what_the_machine_adds_is_left_out() -> None:
    tallies = [Tally(store=["a"], calls=calls, peak=peak) for calls, peak in ((7, 0), (6, 0), (9, 0), (0, 3), (0, 2))]
    assert least(tallies).numbers() == Tally(store=["a"], calls=6, peak=2).numbers()
