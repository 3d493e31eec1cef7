"""When the time to pay is over, it is said: for each order, under one id, until it is known."""

from datetime import datetime, timedelta

import pytest

from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.envelope import CloudEvent
from schemas.ids import Instance, MagentoOrderId, OrderRef
from sidecar.errors import TransientError
from sidecar.payment_window import close_payment_windows
from tests.consumers.builders import PLACED_AT, STRIPE, an_order
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.time = PLACED_AT + HOUR

    def now(self) -> datetime:
        return self.time


async def a_store(*orders: int, window: timedelta | None = HOUR) -> MemoryStore:
    store = MemoryStore()
    for order in orders:
        await store.orders.record_placed(an_order(order_id=order), STRIPE, window)
    return store


def ref(order: int) -> OrderRef:
    return OrderRef(instance=Instance("shop"), order_id=MagentoOrderId(order))


async def test_the_event_is_as_its_contract_says() -> None:
    publisher, clock = MemoryPublisher(), Clock()
    assert await close_payment_windows(await a_store(42), publisher, clock) == 1
    (message,) = publisher.messages
    assert (message.exchange, message.routing_key) == ("commerce.events", "payment.window_closed.v1")
    assert message.message_type == "commerce.payment.window_closed.v1"
    event = CloudEvent[PaymentWindowClosedV1].model_validate_json(message.body)
    assert event.id == message.message_id == "window-closed-shop-42"
    assert (event.source, event.subject, event.time) == ("/sidecar", "order/shop/42", clock.now())
    assert (event.data.ref, event.data.closed_at) == (ref(42), clock.now())
    assert event.traceparent is not None
    assert event.traceparent == message.traceparent


async def test_not_a_moment_early_and_never_without_a_window() -> None:
    publisher, clock = MemoryPublisher(), Clock()
    clock.time -= timedelta(seconds=1)
    assert await close_payment_windows(await a_store(1), publisher, clock) == 0
    clock.time += timedelta(days=1000)
    assert await close_payment_windows(await a_store(2, window=None), publisher, clock) == 0
    assert publisher.messages == []


async def test_it_is_said_again_under_the_same_id_until_it_is_known() -> None:
    store, publisher, clock = await a_store(42), MemoryPublisher(), Clock()
    await close_payment_windows(store, publisher, clock)
    clock.time += HOUR
    await close_payment_windows(store, publisher, clock)
    assert [message.message_id for message in publisher.messages] == ["window-closed-shop-42"] * 2
    await store.orders.record_window_closed(ref(42), clock.now())
    assert await close_payment_windows(store, publisher, clock) == 0


async def test_an_order_that_is_settled_is_left_alone() -> None:
    store, publisher = await a_store(1, 2), MemoryPublisher()
    await store.orders.settle_window(ref(1))
    await close_payment_windows(store, publisher, Clock())
    assert [message.message_id for message in publisher.messages] == ["window-closed-shop-2"]


async def test_a_broker_that_goes_away_half_way_loses_none() -> None:
    store, publisher, clock = await a_store(1, 2, 3), MemoryPublisher(capacity=1), Clock()
    with pytest.raises(TransientError):
        await close_payment_windows(store, publisher, clock)
    publisher.capacity = None
    await close_payment_windows(store, publisher, clock)
    assert {message.message_id for message in publisher.messages} == {f"window-closed-shop-{n}" for n in (1, 2, 3)}


async def test_one_process_does_it_at_a_time() -> None:
    store, publisher = await a_store(42), MemoryPublisher()
    async with store.locks.exclusive("payment-window") as alone:
        assert alone
        assert await close_payment_windows(store, publisher, Clock()) == 0
    assert publisher.messages == []
    assert await close_payment_windows(store, publisher, Clock()) == 1
