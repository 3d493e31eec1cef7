"""Old things go, the rest stays, and nothing fails for want of a partition."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.ids import CustomerRef, MagentoCustomerId, MagentoOrderId, OrderRef, Subject
from sidecar.adapters.store_sql import SqlStore
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.prune import Pruned
from sidecar.adapters.store_sql.url import parse
from sidecar.ports.parked import Closing
from sidecar.ports.records import EffectToBegin, TimelineEntry
from tests.conformance.test_parked import a_message
from tests.conformance.test_store import linked
from tests.consumers.builders import ORDER, an_intent

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = 31 * DAY
CUSTOMER = CustomerRef(instance=ORDER.instance, customer_id=MagentoCustomerId(7))


def a_line(at: datetime) -> TimelineEntry:
    return TimelineEntry(subject=ORDER, at=at, source="test", kind="test", summary=at.isoformat())


async def done(store: SqlStore, key: str, subject: Subject, at: datetime) -> None:
    await store.ledger.begin(EffectToBegin(key, "X", subject, "{}"), at)
    await store.ledger.close(key, "{}", [], [], at)


async def pruned(store: SqlStore, now: datetime, keep: timedelta = MONTH, **options: Any) -> Pruned:
    gone = await store.prune(now, keep, **options)
    assert gone is not None
    return gone


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


async def test_lines_go_with_their_month_once_it_is_over(store: SqlStore) -> None:
    await store.maintain(NOW - 90 * DAY)
    ages = [80, 55, 53, 40, 0]
    await store.timeline.append([a_line(NOW - age * DAY) for age in ages])
    gone = await pruned(store, NOW, keep=52 * DAY)  # 2 October
    assert gone.months == ("p202608", "p202609")
    assert await story(store) == [NOW - age * DAY for age in (53, 40, 0)]


async def test_pruning_goes_in_batches_and_tells_how_far_it_is(store: SqlStore) -> None:
    for n in range(7):
        await store.inbox.mark_done("orders", "magento", f"old_{n}", NOW - 40 * DAY)
        await done(store, f"old/{n}", ORDER, NOW - 40 * DAY)
    await store.inbox.mark_done("orders", "magento", "young", NOW)
    told: list[tuple[str, int]] = []
    gone = await pruned(store, NOW, batch=3, on_progress=lambda table, count: told.append((table, count)))
    assert gone.rows == {"inbox": 7, "effect_ledger": 7, "parked_messages": 0, "replicas": 0}
    assert told == [(table, count) for table in ("inbox", "effect_ledger") for count in (3, 6, 7)]
    assert await store.inbox.missing("orders", "magento", ["old_0", "young"]) == {"old_0"}


async def test_what_would_go_is_counted_and_stays(store: SqlStore) -> None:
    await store.maintain(NOW - 90 * DAY)
    await store.timeline.append([a_line(NOW - 80 * DAY)])
    await store.inbox.mark_done("orders", "magento", "old", NOW - 40 * DAY)
    for subject in (ORDER, CUSTOMER):
        await done(store, f"{subject.kind}/old", subject, NOW - 40 * DAY)
    await store.replicas.beat("g", "dead", NOW - 40 * DAY, DAY)
    would = await pruned(store, NOW, dry_run=True)
    assert would.rows == {"inbox": 1, "effect_ledger": 2, "parked_messages": 0, "replicas": 1}
    assert would.months == ("p202608", "p202609")
    assert (would.rows, would.months) == ((gone := await pruned(store, NOW)).rows, gone.months)


async def test_an_effect_that_is_not_done_is_never_forgotten(store: SqlStore) -> None:
    for key in ("pending", "unknown"):
        await store.ledger.begin(EffectToBegin(key, "X", ORDER, "{}"), NOW - 400 * DAY)
    await store.ledger.mark_unknown("unknown", "timeout")
    assert (await pruned(store, NOW)).rows["effect_ledger"] == 0
    assert dict((await store.orders.load(ORDER)).effects) == {"pending": "pending", "unknown": "unknown"}


@pytest.mark.parametrize("subject", [ORDER, CUSTOMER], ids=["order", "customer"])
@pytest.mark.parametrize("last", ["pending", "unknown", "done lately"])
async def test_the_effects_of_a_subject_are_forgotten_all_at_once(store: SqlStore, subject: Subject, last: str) -> None:
    """What was done for it is what the next decision begins from."""
    for n in range(4):
        await done(store, f"old/{n}", subject, NOW - (40 + n) * DAY)
    await done(store, "a stranger's", OrderRef(instance=ORDER.instance, order_id=MagentoOrderId(99)), NOW - 40 * DAY)
    await done(
        store,
        "another stranger's",
        CustomerRef(instance=ORDER.instance, customer_id=MagentoCustomerId(99)),
        NOW - 40 * DAY,
    )
    if last == "done lately":
        await done(store, last, subject, NOW - 30 * DAY)
    else:
        await store.ledger.begin(EffectToBegin(last, "X", subject, "{}"), NOW - 40 * DAY)
    if last == "unknown":
        await store.ledger.mark_unknown(last, "timeout")
    assert (await pruned(store, NOW, batch=2)).rows["effect_ledger"] == 2
    assert await store.ledger.read("old/0") is not None
    assert await store.ledger.read("a stranger's") is None
    await store.ledger.close(last, "{}", [], [], NOW)
    assert (await pruned(store, NOW + 32 * DAY, batch=2)).rows["effect_ledger"] == 5


async def test_effects_of_one_moment_are_all_seen_in_steps(store: SqlStore) -> None:
    for n in range(7):
        order = OrderRef(instance=ORDER.instance, order_id=MagentoOrderId(100 + n))
        await done(store, f"old/{n}", order, NOW - 40 * DAY)
        if n % 3 == 0:
            await store.ledger.begin(EffectToBegin(f"open/{n}", "X", order, "{}"), NOW)
    assert (await pruned(store, NOW, batch=2)).rows["effect_ledger"] == 4


async def test_less_than_stripe_may_bring_again_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="31 days are kept at least"):
        await store.prune(NOW, 30 * DAY)


async def test_one_process_prunes_at_a_time(store: SqlStore) -> None:
    async with store.locks.exclusive("prune"):
        assert await store.prune(NOW, MONTH) is None
    assert await store.prune(NOW, MONTH) is not None


async def test_what_a_dead_letter_may_have_done_is_remembered_until_it_is_dealt_with(store: SqlStore) -> None:
    parked = a_message(parked_at=NOW - 60 * DAY)
    for age in (59, 61, 62):
        await store.inbox.mark_done("orders", "magento", f"{age} days", NOW - age * DAY)
    await store.parked.record(parked)
    assert (await pruned(store, NOW)).rows["inbox"] == 1
    await store.parked.close(parked, Closing("discarded", by="jane", why="a test", at=NOW))
    gone = await pruned(store, NOW)
    assert gone.rows["inbox"] == 2
    assert gone.rows["parked_messages"] == 0
    assert (await pruned(store, NOW + 32 * DAY)).rows["parked_messages"] == 1


async def test_replicas_that_died_are_forgotten(store: SqlStore) -> None:
    await store.replicas.beat("g", "dead", NOW - 3 * DAY, DAY)
    await store.replicas.beat("g", "alive", NOW, DAY)
    assert (await pruned(store, NOW)).rows["replicas"] == 1
    assert await store.replicas.beat("g", "alive", NOW, DAY) == 1


@pytest.mark.parametrize(("payments", "kept"), [(1, 0), (2, 1)])
async def test_which_of_several_payments_is_on_the_books_is_never_forgotten(
    store: SqlStore, payments: int, kept: int
) -> None:
    for number in range(payments):
        await store.orders.record_facts([linked(an_intent(number))])
    for kind in ("RecordCapture", "PublishEvent"):
        await store.ledger.begin(EffectToBegin(kind, kind, ORDER, "{}"), NOW - 400 * DAY)
        await store.ledger.close(kind, "{}", [], [], NOW - 400 * DAY)
    assert (await pruned(store, NOW)).rows["effect_ledger"] == 2 - kept
    assert (await store.ledger.read("RecordCapture") is not None) == bool(kept)
