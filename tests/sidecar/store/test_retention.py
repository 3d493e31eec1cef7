"""Old things go, the rest stays, and nothing fails for want of a partition."""

from datetime import UTC, datetime, timedelta

from sidecar.adapters.store_sql import SqlStore
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.ports.parked import Closing
from sidecar.ports.store import TimelineEntry
from tests.conformance.test_parked import a_message
from tests.consumers.builders import ORDER

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def a_line(at: datetime) -> TimelineEntry:
    return TimelineEntry(subject=ORDER, at=at, source="test", kind="test", summary=at.isoformat())


async def story(store: SqlStore) -> list[datetime]:
    return [line.at for line in await store.timeline.read(ORDER)]


async def rows_by_partition(url: str) -> dict[object, object]:
    async with Pool(parse(url), size=1) as pool:
        names = await pool.rows(
            "SELECT PARTITION_NAME FROM information_schema.PARTITIONS"
            " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'timeline'"
        )
        counted = "SELECT COUNT(*) FROM timeline PARTITION ({})"
        return {name: (await pool.rows(counted.format(name)))[0][0] for (name,) in names}


async def test_months_are_made_ahead_and_once(store: SqlStore) -> None:
    assert await store.maintain(NOW) == ("p202611", "p202612", "p202701", "p202702")
    assert await store.maintain(NOW) == ()
    assert await store.maintain(datetime(2026, 12, 1, tzinfo=UTC)) == ("p202703",)


async def test_a_line_goes_into_its_month_and_one_beyond_them_waits_for_its_own(
    store: SqlStore, migrated_url: str
) -> None:
    december, next_year = datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    await store.maintain(NOW)
    await store.timeline.append([a_line(NOW), a_line(december), a_line(next_year)])
    counts = await rows_by_partition(migrated_url)
    assert counts == {"p202611": 1, "p202612": 1, "p202701": 0, "p202702": 0, "p_rest": 1}
    assert "p202706" in await store.maintain(datetime(2027, 5, 30, tzinfo=UTC))
    assert (await rows_by_partition(migrated_url))["p202706"] == 1
    assert await story(store) == [NOW, december, next_year]


async def test_months_that_are_over_go_whole_and_the_rest_line_by_line(store: SqlStore) -> None:
    await store.maintain(NOW - 60 * DAY)
    ages = [55, 25, 22, 20, 0]
    await store.timeline.append([a_line(NOW - age * DAY) for age in ages])
    gone = await store.prune(NOW - 21 * DAY)  # 2 November
    assert gone.months == ("p202609", "p202610")
    assert gone.rows["timeline"] == 1
    assert await story(store) == [NOW - 20 * DAY, NOW]


async def test_pruning_goes_in_batches_and_tells_how_far_it_is(store: SqlStore) -> None:
    for n in range(7):
        await store.inbox.mark_done("orders", "magento", f"old_{n}", NOW - 40 * DAY)
        await store.ledger.begin(f"old/{n}", "X", ORDER, "{}", NOW - 41 * DAY)
        await store.ledger.close(f"old/{n}", "{}", [], [], NOW - 40 * DAY)
    await store.inbox.mark_done("orders", "magento", "young", NOW)
    told: list[tuple[str, int]] = []
    gone = await store.prune(NOW - 30 * DAY, batch=3, on_progress=lambda table, count: told.append((table, count)))
    assert gone.rows == {"inbox": 7, "effect_ledger": 7, "timeline": 0, "parked_messages": 0, "replicas": 0}
    assert told == [(table, count) for table in ("inbox", "effect_ledger") for count in (3, 6, 7)]
    assert await store.inbox.missing("orders", "magento", ["old_0", "young"]) == {"old_0"}


async def test_an_effect_that_is_not_done_is_never_forgotten(store: SqlStore) -> None:
    for key in ("pending", "unknown", "done lately"):
        await store.ledger.begin(key, "X", ORDER, "{}", NOW - 400 * DAY)
    await store.ledger.mark_unknown("unknown", "timeout")
    await store.ledger.close("done lately", "{}", [], [], NOW)
    await store.prune(NOW - 30 * DAY)
    assert dict((await store.orders.load(ORDER)).effects) == {
        "pending": "pending",
        "unknown": "unknown",
        "done lately": "done",
    }


async def test_what_a_dead_letter_may_have_done_is_remembered_until_it_is_dealt_with(store: SqlStore) -> None:
    parked = a_message(parked_at=NOW - 60 * DAY)
    for age in (59, 61, 62):
        await store.inbox.mark_done("orders", "magento", f"{age} days", NOW - age * DAY)
    await store.parked.record(parked)
    assert (await store.prune(NOW - 30 * DAY)).rows["inbox"] == 1
    await store.parked.close(parked, Closing("discarded", by="jane", why="a test", at=NOW))
    gone = await store.prune(NOW - 30 * DAY)
    assert gone.rows["inbox"] == 2
    assert gone.rows["parked_messages"] == 0
    assert (await store.prune(NOW + DAY)).rows["parked_messages"] == 1


async def test_replicas_long_dead_are_forgotten(store: SqlStore) -> None:
    await store.replicas.beat("g", "dead", NOW - 40 * DAY, DAY)
    await store.replicas.beat("g", "alive", NOW, DAY)
    assert (await store.prune(NOW - 30 * DAY)).rows["replicas"] == 1
    assert await store.replicas.beat("g", "alive", NOW, DAY) == 1
