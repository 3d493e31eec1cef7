"""What every record of dead letters has to do, asked of the one in SQL and of the one in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.ids import CustomerRef, MagentoCustomerId
from sidecar.ports.parked import Closing, Ending, ParkedMessage, ParkedSummary
from sidecar.ports.records import TimelineEntry
from sidecar.ports.store import Store
from tests.consumers.builders import ORDER

NOW = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_message(ref: str = "0123456789ab", **fields: Any) -> ParkedMessage:
    known: dict[str, Any] = {
        "queue": "orders",
        "event_id": f"evt-{ref}",
        "source": "/magento/shop",
        "type": "magento.order.placed.v1",
        "reason": "invalid_field",
        "subject": ORDER,
        "parked_at": NOW,
    }
    return ParkedMessage(ref=ref, **known | fields)


def a_closing(ending: Ending = "replayed", **fields: Any) -> Closing:
    known: dict[str, Any] = {"by": "jane@desk", "why": "the store is named now", "at": NOW + HOUR}
    return Closing(ending, **known | fields)


async def test_nothing_lies_there_at_first(store: Store) -> None:
    assert await store.parked.summaries() == ()


async def test_what_lies_there_is_counted_by_queue_and_reason(store: Store) -> None:
    await store.parked.record(a_message("a" * 12, parked_at=NOW))
    await store.parked.record(a_message("b" * 12, parked_at=NOW - HOUR))
    await store.parked.record(a_message("c" * 12, reason="bug"))
    await store.parked.record(
        a_message("d" * 12, queue="customers", subject=None, event_id=None, source=None, type=None)
    )
    assert await store.parked.summaries() == (
        ParkedSummary("customers", "invalid_field", 1, NOW),
        ParkedSummary("orders", "bug", 1, NOW),
        ParkedSummary("orders", "invalid_field", 2, NOW - HOUR),
    )


async def test_copies_of_a_message_are_counted_and_go_one_by_one(store: Store) -> None:
    await store.parked.record(a_message())
    await store.parked.record(a_message(parked_at=NOW + HOUR))
    assert await store.parked.summaries() == (ParkedSummary("orders", "invalid_field", 2, NOW),)
    await store.parked.close(a_message(), a_closing())
    assert await store.parked.summaries() == (ParkedSummary("orders", "invalid_field", 1, NOW),)
    await store.parked.close(a_message(), a_closing())
    assert await store.parked.summaries() == ()


async def test_what_was_replayed_and_comes_back_lies_there_since_then(store: Store) -> None:
    await store.parked.record(a_message())
    await store.parked.close(a_message(), a_closing())
    await store.parked.record(a_message(reason="bug", parked_at=NOW + HOUR))
    assert await store.parked.summaries() == (ParkedSummary("orders", "bug", 1, NOW + HOUR),)


async def test_an_act_is_told_in_the_story_of_whom_it_concerns(store: Store) -> None:
    customer = CustomerRef(instance=ORDER.instance, customer_id=MagentoCustomerId(42))
    line = TimelineEntry(subject=customer, at=NOW, source="dlq", kind="message.replayed", summary="Replayed")
    await store.parked.close(a_message(subject=customer), a_closing(timeline=[line]))
    assert await store.timeline.read(customer) == (line,)
    assert await store.timeline.read(ORDER) == ()


async def test_what_was_never_recorded_can_be_dealt_with(store: Store) -> None:
    await store.parked.close(a_message(), a_closing("discarded"))
    assert await store.parked.summaries() == ()


async def test_reading_a_queue_puts_the_record_right(store: Store) -> None:
    await store.parked.record(a_message("a" * 12))
    await store.parked.record(a_message("b" * 12))
    await store.parked.record(a_message("c" * 12, queue="customers"))
    found = [a_message("b" * 12, copies=3), a_message("d" * 12, reason="delivery_limit", subject=None)]
    await store.parked.found("orders", found, since=NOW + HOUR, now=NOW + HOUR)
    assert await store.parked.summaries() == (
        ParkedSummary("customers", "invalid_field", 1, NOW),
        ParkedSummary("orders", "delivery_limit", 1, NOW),
        ParkedSummary("orders", "invalid_field", 3, NOW),
    )


async def test_what_was_parked_while_the_queue_was_read_is_not_taken_for_gone(store: Store) -> None:
    await store.parked.record(a_message(parked_at=NOW))
    await store.parked.found("orders", [], since=NOW - HOUR, now=NOW)
    assert await store.parked.summaries() == (ParkedSummary("orders", "invalid_field", 1, NOW),)


async def test_events_that_lie_there_are_known_by_source_and_id(store: Store) -> None:
    await store.parked.record(a_message("a" * 12, event_id="evt_1", source="/stripe/main/test"))
    await store.parked.record(a_message("b" * 12, event_id="evt_2", source="/stripe/main/live"))
    await store.parked.record(a_message("c" * 12, event_id="evt_3", source="/stripe/main/test"))
    await store.parked.close(a_message("c" * 12), a_closing())
    asked = ["evt_1", "evt_2", "evt_3", *(f"evt_{n}" for n in range(10, 1200))]
    assert await store.parked.parked_events("orders", "/stripe/main/test", asked) == {"evt_1"}
    assert await store.parked.parked_events("stripe-events", "/stripe/main/test", asked) == frozenset()


async def test_words_of_any_length_and_alphabet_are_kept(store: Store) -> None:
    await store.parked.record(a_message(reason="r" * 200, event_id="é" * 128))
    await store.parked.close(a_message(), a_closing(by="ü" * 300, why="“" * 2000))
    assert await store.parked.summaries() == ()
