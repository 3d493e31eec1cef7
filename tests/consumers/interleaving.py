"""A life in which anything comes twice, late, out of order or half done, and in the end everything is delivered.

A subclass says what people do and what has to hold; the messages that follow from it are delivered here, in any order
and any number of times.
"""

import asyncio
import os
from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from typing_extensions import override

from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.ids import StripeRef, Subject
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer, Event
from sidecar.errors import NotYetError, TransientError, UnknownOutcomeError, UpstreamError
from sidecar.executor import execute
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import RawEvent
from sidecar.runtime.parse import parse
from tests.consumers.builders import PLACED_AT
from tests.fakes.unobserved import Unobserved

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

INTERLEAVINGS = settings(
    max_examples=int(os.environ.get("INTERLEAVINGS", "300")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # A new question at every run is for the desk; what lands is asked the same ones each time.
    derandomize="CI" in os.environ,
)


class Clock:
    """`sidecar.ports.clock.Clock` that stands until it is moved."""

    def __init__(self) -> None:
        self.time = PLACED_AT

    def now(self) -> datetime:
        return self.time


class Interleaving(RuleBasedStateMachine):
    """The messages of one life.

    Attributes:
        ports: everything outside; set before anything is delivered.
        about: whom messages concern, where that is one.
        skips: whether messages of a type that is read may concern nobody.
    """

    ports: Ports
    about: Subject | None = None
    skips: bool = True

    def begin(self) -> None:
        """To be called first by what initializes a life."""
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.messages: list[tuple[Consumer, Event]] = []
        self.done: set[int] = set()

    @override
    def teardown(self) -> None:
        if hasattr(self, "loop"):
            try:
                self.deliver_everything()
                self.check()
            finally:
                self.loop.close()

    @abstractmethod
    def collect(self) -> None:
        """Put what both sides have said since the last time among the messages."""

    @abstractmethod
    def check(self) -> None:
        """What has to hold once everything is delivered."""

    @rule(data=st.data())
    def deliver_one(self, data: st.DataObject) -> None:
        """Any message, also one that was delivered before."""
        self.collect()
        if self.messages:
            self.deliver(data.draw(st.integers(0, len(self.messages) - 1)))

    def event(self, name: str, data: Frozen) -> Event:
        """Something that Magento or a timer says now."""
        return CloudEvent[Any](id=name, source="/test", type="test", time=self.clock.now(), data=data)

    def add_stripe_event(self, raw: RawEvent, account: StripeRef, consumer: Consumer) -> None:
        """Stripe says something, and the bridge puts it onto the broker."""
        if consumer.reads_stripe_event(raw.type):
            self.messages.append((consumer, parse(wrap(raw.body, account, TRACE).body, consumer)))

    def deliver(self, number: int) -> bool:
        """Deliver one message; whether it was handled."""
        consumer, event = self.messages[number]
        try:
            self.loop.run_until_complete(self._handle(consumer, event))
        except (UpstreamError, NotYetError):
            return False
        self.done.add(number)
        return True

    def deliver_everything(self) -> None:
        """Deliver what was not handled, a minute apart, until nothing is left."""
        for _ in range(60):
            self.collect()
            self.clock.time += timedelta(minutes=1)
            waiting = [number for number in range(len(self.messages)) if number not in self.done]
            if not waiting:
                return
            for number in waiting:
                self.deliver(number)
        raise AssertionError("the messages do not come to an end")

    async def _handle(self, consumer: Consumer, event: Event) -> None:
        located = await consumer.locate(event, self.ports)
        if isinstance(located, Skip):
            assert self.skips or located.reason == "unhandled_type", located
            return
        assert self.about in {None, located}
        await execute(consumer, event, located, self.ports, Unobserved(), trace_id=None)


def failure_of_stripe(when: str) -> UpstreamError:
    """What a call raises that failed before or after it was done."""
    return TransientError("stripe", "http_503") if when == "before" else UnknownOutcomeError("stripe", "timeout")
