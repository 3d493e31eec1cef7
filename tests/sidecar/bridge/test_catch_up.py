"""What the look-back finds."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from prometheus_client import CollectorRegistry
from typing_extensions import override

from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.ids import AccountAlias, EventId, StripeRef
from sidecar.bridge.catch_up import CatchUp, CatchUpReport
from sidecar.consumer import Consumer
from sidecar.errors import TransientError
from sidecar.observability.catch_up_metrics import CatchUpMetrics
from sidecar.ports.parked import Closing
from sidecar.ports.payments import RawEvent
from tests.conformance.test_parked import a_message
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.sidecar.bridge.test_app import an_event

REF = StripeRef(account=AccountAlias("main"), mode="test")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = "/stripe/main/test"


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Account(FakePayments):
    """An account whose events are given."""

    def __init__(self, *minutes_ago: int) -> None:
        super().__init__(REF, lambda: NOW)
        self.given = [self._event(minutes) for minutes in sorted(minutes_ago, reverse=True)]
        self.asked_since: list[datetime] = []

    def _event(self, minutes: int) -> RawEvent:
        created = int((NOW - timedelta(minutes=minutes)).timestamp())
        name = f"evt_{minutes}"
        body = orjson.dumps(an_event(id=name, created=created))
        return RawEvent(id=EventId(name), type="payment_intent.succeeded", created=created, livemode=False, body=body)

    @override
    async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        self.asked_since.append(created_since)
        for event in self.given:
            if event.created >= created_since.timestamp():
                yield event


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


def look_back(
    account: Account,
    publisher: MemoryPublisher,
    store: MemoryStore,
    consumers: tuple[Consumer, ...] = (STRIPE_EVENTS,),
) -> CatchUp:
    return CatchUp(account, publisher, store, StoppedClock(), overlap=timedelta(minutes=10), consumers=consumers)


async def test_what_is_done_is_passed_over(store: MemoryStore, publisher: MemoryPublisher) -> None:
    await store.cursors.set("events:main/test", (NOW - timedelta(hours=2)).isoformat())
    await store.inbox.mark_done("stripe-events", SOURCE, "evt_60", NOW)
    report = await look_back(Account(90, 60, 30), publisher, store).run()
    assert [message.message_id for message in publisher.messages] == ["evt_90", "evt_30"]
    assert (report.listed, report.missed, report.published) == (3, 2, 2)


async def test_what_one_of_its_readers_has_not_done_is_missed(store: MemoryStore, publisher: MemoryPublisher) -> None:
    await store.cursors.set("events:main/test", (NOW - timedelta(hours=2)).isoformat())
    for event in ("evt_60", "evt_30"):
        await store.inbox.mark_done("stripe-events", SOURCE, event, NOW)
    await store.inbox.mark_done("too", SOURCE, "evt_60", NOW)
    too = replace(STRIPE_EVENTS, queue="too", takes_other_stripe_events=False)
    other = replace(too, queue="other", stripe_events=frozenset(("customer.updated",)))
    report = await look_back(Account(60, 30), publisher, store, (STRIPE_EVENTS, too, other)).run()
    assert [message.message_id for message in publisher.messages] == ["evt_30"]
    assert (report.missed, report.published) == (1, 1)


async def test_what_lies_before_a_persons_eyes_is_not_brought_again(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    await store.cursors.set("events:main/test", (NOW - timedelta(hours=2)).isoformat())
    parked = a_message("a" * 12, queue="stripe-events", source=SOURCE, event_id="evt_60")
    await store.parked.record(parked)
    look = look_back(Account(60, 30), publisher, store)
    assert (await look.run()).published == 1
    await store.parked.close(parked, Closing("gone", by="", why="", at=NOW))
    await look.run(NOW - timedelta(hours=2))
    assert [message.message_id for message in publisher.messages] == ["evt_30", "evt_60", "evt_30"]


async def test_the_cursor_moves_and_the_next_look_overlaps(store: MemoryStore, publisher: MemoryPublisher) -> None:
    account = Account(30)
    await store.cursors.set("events:main/test", (NOW - timedelta(hours=2)).isoformat())
    look = look_back(account, publisher, store)
    await look.run()
    await look.run()
    assert account.asked_since == [NOW - timedelta(hours=2, minutes=10), NOW - timedelta(minutes=20)]


async def test_a_dry_run_changes_nothing(store: MemoryStore, publisher: MemoryPublisher) -> None:
    await store.cursors.set("events:main/test", "2026-11-23T10:00:00+00:00")
    report = await look_back(Account(30), publisher, store).run(dry_run=True)
    assert (report.missed, report.published, publisher.messages) == (1, 0, [])
    assert await store.cursors.get("events:main/test") == "2026-11-23T10:00:00+00:00"


async def test_the_cursor_stays_where_the_broker_has_not_confirmed(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    before = (NOW - timedelta(hours=2)).isoformat()
    await store.cursors.set("events:main/test", before)
    publisher.failures = 1
    with pytest.raises(TransientError):
        await look_back(Account(30), publisher, store).run()
    assert await store.cursors.get("events:main/test") == before


async def test_a_gap_beyond_what_stripe_keeps_is_told(store: MemoryStore, publisher: MemoryPublisher) -> None:
    await store.cursors.set("events:main/test", (NOW - timedelta(days=40)).isoformat())
    report = await look_back(Account(30), publisher, store).run()
    assert report.gap
    assert report.since == NOW - timedelta(days=30)


async def test_two_do_not_look_back_at_once(store: MemoryStore, publisher: MemoryPublisher) -> None:
    look = look_back(Account(5), publisher, store)
    async with store.locks.exclusive("catch-up:main/test") as alone:
        assert alone
        report = await look.run()
    assert (report.skipped, publisher.messages, await cursor(store)) == (True, [], None)
    assert (await look.run()).published == 1


CURSOR = "events:main/test"


async def cursor(store: MemoryStore) -> datetime | None:
    value = await store.cursors.get(CURSOR)
    return datetime.fromisoformat(value) if value else None


async def test_it_is_the_same_message_as_a_webhook_would_have_brought(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    account = Account(5)
    await look_back(account, publisher, store).run()
    (message,) = publisher.messages
    assert (message.exchange, message.routing_key) == ("stripe.events", "main.test.payment_intent.succeeded")
    assert message.message_type == "stripe.event.v1"
    assert message.body.endswith(b',"data":' + account.given[0].body + b"}")


async def test_the_first_look_back_without_a_cursor_sets_one(store: MemoryStore, publisher: MemoryPublisher) -> None:
    report = await look_back(Account(60, 5), publisher, store).run()
    assert [message.message_id for message in publisher.messages] == ["evt_5"]
    assert await cursor(store) == report.cursor == NOW - timedelta(minutes=5)


async def test_what_is_asked_for_after_the_cursor_does_not_jump_over_what_lies_between(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    before = NOW - timedelta(hours=5)
    await store.cursors.set(CURSOR, before.isoformat())
    look = look_back(Account(200, 30), publisher, store)
    await look.run(NOW - timedelta(hours=1))
    assert await cursor(store) == before
    await look.run()
    assert {message.message_id for message in publisher.messages} == {"evt_200", "evt_30"}


async def test_a_look_far_back_does_not_move_the_cursor_back(store: MemoryStore, publisher: MemoryPublisher) -> None:
    before = NOW - timedelta(minutes=1)
    await store.cursors.set(CURSOR, before.isoformat())
    report = await look_back(Account(600, 30), publisher, store).run(NOW - timedelta(days=1))
    assert (report.published, report.oldest) == (2, NOW - timedelta(minutes=600))
    assert await cursor(store) == before


async def test_after_a_failure_half_way_it_goes_on_from_there(store: MemoryStore, publisher: MemoryPublisher) -> None:
    await store.cursors.set(CURSOR, (NOW - timedelta(days=1)).isoformat())
    account = Account(*range(20, 520))
    publisher.capacity = 300
    look = look_back(account, publisher, store)
    with pytest.raises(TransientError):
        await look.run()
    assert await cursor(store) == NOW - timedelta(minutes=320)  # the 200th of 500, oldest first
    publisher.capacity = None
    await look.run()
    assert {message.message_id for message in publisher.messages} == {f"evt_{minutes}" for minutes in range(20, 520)}


async def test_an_event_that_cannot_be_wrapped_does_not_hide_those_after_it(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    account = Account(9, 8, 7)
    odd = account.given[1]
    account.given[1] = odd.model_copy(update={"body": odd.body.replace(b'"livemode":false', b'"livemode":true')})
    report = await look_back(account, publisher, store).run()
    assert (report.missed, report.published, report.unreadable) == (3, 2, 1)
    assert [message.message_id for message in publisher.messages] == ["evt_9", "evt_7"]


async def test_running_it_again_publishes_only_what_is_still_not_done(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    look = look_back(Account(5, 3), publisher, store)
    await look.run()
    for message in publisher.messages:
        await store.inbox.mark_done("stripe-events", SOURCE, message.message_id, NOW)
    report = await look.run()
    assert (report.listed, report.missed, len(publisher.messages)) == (2, 0, 2)


async def test_stripe_being_away_leaves_everything_as_it_was(store: MemoryStore, publisher: MemoryPublisher) -> None:
    class Away(Account):
        @override
        async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
            yield self.given[0]
            raise TransientError("stripe", "http_503")

    with pytest.raises(TransientError):
        await look_back(Away(5), publisher, store).run()
    assert (publisher.messages, await cursor(store)) == ([], None)
    async with store.locks.exclusive("catch-up:main/test") as free:
        assert free


async def test_the_newest_event_that_a_webhook_has_to_bring_is_told(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    account = Account(60, 30)
    unasked = account.given[-1].model_copy(update={"id": EventId("evt_1"), "type": "balance.available"})
    account.given.append(unasked.model_copy(update={"created": int((NOW - timedelta(minutes=1)).timestamp())}))
    look = CatchUp(
        account,
        publisher,
        store,
        StoppedClock(),
        overlap=timedelta(hours=2),
        consumers=(STRIPE_EVENTS,),
    )
    report = await look.run()
    assert (report.newest, report.newest_awaited) == (NOW - timedelta(minutes=1), NOW - timedelta(minutes=30))


async def test_a_look_back_is_shown_and_one_that_was_skipped_is_not(
    store: MemoryStore, publisher: MemoryPublisher
) -> None:
    registry = CollectorRegistry()
    metrics, labels = CatchUpMetrics(registry), {"account": "main", "mode": "test"}
    metrics.start(REF)
    assert registry.get_sample_value("sidecar_catch_up_gaps_total", labels) == 0
    await store.cursors.set("events:main/test", (NOW - timedelta(days=40)).isoformat())
    look = CatchUp(
        Account(90, 30),
        publisher,
        store,
        StoppedClock(),
        overlap=timedelta(minutes=10),
        consumers=(STRIPE_EVENTS,),
    )
    metrics.show(REF, await look.run())
    metrics.show(REF, CatchUpReport("main/test", NOW, listed=99, gap=True, skipped=True))
    value = registry.get_sample_value
    assert value("sidecar_catch_up_gaps_total", labels) == 1
    assert value("sidecar_catch_up_listed_events_total", labels) == 2
    assert value("sidecar_catch_up_missed_events_total", labels) == 2
    newest = (NOW - timedelta(minutes=30)).timestamp()
    assert value("sidecar_catch_up_newest_event_timestamp_seconds", labels) == newest
