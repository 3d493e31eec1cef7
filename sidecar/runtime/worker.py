"""Handles one delivery: parse, inbox, lock, execute, settle."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic
from weakref import WeakValueDictionary

import structlog

from schemas.ids import Subject
from sidecar.breaker.breaker import Breaker
from sidecar.breaker.subject import calling_for
from sidecar.consumer import Consumer, Event, S
from sidecar.crash_point import crash_point
from sidecar.dead_letters.letter import ref_of
from sidecar.errors import TransientError, UpstreamError
from sidecar.executor import execute
from sidecar.limiter.priority import with_priority
from sidecar.observability.in_hand import InHand, exemplar_of, holding
from sidecar.observability.metrics import Metrics
from sidecar.observability.trace import trace_id_of
from sidecar.observability.tracing import Span, is_recording, passed, span
from sidecar.outcome import Done, Outcome, Park, Retry, Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.delivery import Delivery
from sidecar.ports.parked import ParkedMessage
from sidecar.ports.records import TimelineEntry
from sidecar.retry import Wait, plan
from sidecar.runtime.classify import classify
from sidecar.runtime.parse import parent_of, parse, peek

log = structlog.get_logger("sidecar.runtime")
MAGENTO = "/magento/"
"""How the sources of Magento's events begin: see `schemas.envelope`."""


RELATED_LINES = 20
"""So many lines of a subject's story are looked at for the traces that belong to it."""

LONGEST_PAUSE = 16
"""So many times the first pause lies between two tries of a settlement at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker works.

    Attributes:
        max_attempts: then a message is parked.
        lock_timeout: how long to wait for another process that has the same order or customer in hand.
        settle_again_after: how long to wait before a settlement that failed is tried again; each time twice as long,
            up to sixteen times.
    """

    max_attempts: int = 12
    lock_timeout: timedelta = timedelta(seconds=5)
    settle_again_after: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class About:
    """What a message turned out to be about, for logs and the timeline.

    Attributes:
        type: its contract; `unknown` while it cannot be read.
    """

    subject: Subject | None = None
    trace_id: str | None = None
    type: str = "unknown"

    @property
    def named(self) -> dict[str, str | None]:
        """For a line of the log."""
        who = {self.subject.kind: str(self.subject)} if self.subject else {}
        return who | {"trace_id": self.trace_id}


class Worker(Generic[S]):
    """Handles deliveries of one consumer; any number at once."""

    def __init__(
        self,
        consumer: Consumer[S],
        ports: Ports,
        metrics: Metrics,
        options: WorkerOptions,
        store_breaker: Breaker | None = None,
    ) -> None:
        """`store_breaker` learns whether the store is there from how messages end."""
        self._store_breaker = store_breaker
        self._consumer = consumer
        self._ports = ports
        self._metrics = metrics
        metrics.start(consumer.queue)
        self._options = options
        self._rng = random.Random()  # noqa: S311  # jitter is no secret
        self._in_hand: WeakValueDictionary[Subject, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, delivery: Delivery) -> None:
        """Handle one delivery to its settlement.

        Cancelled in the middle, it gives the message back, since what was done is in the ledger; the settlement itself
        cannot be cancelled.
        """
        queue, started = self._consumer.queue, time.perf_counter()
        with (
            span(
                f"process {queue}",
                "consumer",
                parent=parent_of(delivery.body),
                messaging__system="rabbitmq",
                messaging__destination__name=queue,
                messaging__operation__type="process",
                sidecar__attempt=delivery.attempt,
            ) as work,
            self._metrics.in_flight.labels(queue).track_inprogress(),
            structlog.contextvars.bound_contextvars(queue=queue),
        ):
            try:
                outcome, about = await self._outcome(delivery, work)
            except asyncio.CancelledError:
                with suppress(TransientError):  # then its link is lost, and it comes again by itself
                    await asyncio.shield(delivery.requeue())
                raise
            await asyncio.shield(self._settle(delivery, outcome, about))
            _note(work, outcome)
        took = time.perf_counter() - started
        self._metrics.message_seconds.labels(queue).observe(took, exemplar_of(about.trace_id))

    async def _outcome(self, delivery: Delivery, work: Span) -> tuple[Outcome, About]:
        about = About()
        outcome: Outcome
        try:
            event = parse(delivery.body, self._consumer)
            about = About(None, work.trace_id or trace_id_of(event.traceparent), event.type)
            work.note(messaging__message__id=event.id, sidecar__type=event.type)
            self._tell_of_the_way(event, delivery)
            with holding(InHand(trace_id=about.trace_id or "", happened_at=event.time)):
                self._metrics.taken(self._consumer.queue, self._ports.clock.now() - event.time)
                with calling_for(event.id):
                    located = await self._consumer.locate(event, self._ports)
                if isinstance(located, Skip):
                    await self._mark_done(event)
                    return located, about
                about = replace(about, subject=located)
                if is_recording():
                    await self._relate(work, located)
                with structlog.contextvars.bound_contextvars(**about.named):
                    outcome = await self._execute(event, located, about.trace_id)
        except Exception as error:  # every kind of error is an outcome: see classify
            await self._judge_store(error, about, delivery)
            outcome = classify(error)
            if isinstance(outcome, Retry) and outcome.reason == "bug":
                log.exception("unexpected error", **about.named)
        else:
            await self._judge_store(None, about, delivery)
        return outcome, about

    def _tell_of_the_way(self, event: Event, delivery: Delivery) -> None:
        """The way of Magento's event through its outbox and the broker, which no process could record by itself."""
        if event.traceparent and event.source.startswith(MAGENTO) and delivery.first_seen is None:
            now = self._ports.clock.now()
            passed("outbox and queue", parent=event.traceparent, since=event.time, until=now, sidecar__type=event.type)

    async def _judge_store(self, error: Exception | None, about: About, delivery: Delivery) -> None:
        """Every message asks the store: what became of it says whether the store is there."""
        breaker = self._store_breaker
        if breaker is None:
            return
        if isinstance(error, UpstreamError) and error.upstream == "store":
            whom = str(about.subject or ref_of(self._consumer.queue, delivery.body))
            await breaker.failed(error, probing=breaker.probes_here, about=whom)
        elif error is None or about.subject is not None:
            await breaker.passed()

    async def _execute(self, event: Event, subject: S, trace_id: str | None) -> Outcome:
        """Execute the event under the subject's lock, unless every effect of it is recorded done."""
        queue = self._consumer.queue
        async with self._alone_with(subject):
            if await self._ports.store.inbox.is_done(queue, event.source, event.id):
                self._metrics.inbox_hits.labels(queue).inc()
                return Skip("done_already")
            with with_priority(self._consumer.priority), calling_for(subject):
                done = await execute(self._consumer, event, subject, self._ports, self._metrics, trace_id=trace_id)
            await self._mark_done(event)
        crash_point("after_inbox")
        return done

    async def _relate(self, work: Span, subject: Subject) -> None:
        """Name the subject and link the traces of its story: Stripe's events come without one (decision 8)."""
        work.note(sidecar__subject=str(subject))
        try:
            lines = await self._ports.store.timeline.read(subject, RELATED_LINES)
        except UpstreamError:
            return  # the message's own work will say what is wrong with the store
        for trace_id in dict.fromkeys(line.trace_id for line in lines if line.trace_id):
            if trace_id != work.trace_id:
                work.link(trace_id)

    async def _mark_done(self, event: Event) -> None:
        """What is skipped is done with as well: a look-back need not bring it again."""
        now = self._ports.clock.now()
        await self._ports.store.inbox.mark_done(self._consumer.queue, event.source, event.id, now)

    @asynccontextmanager
    async def _alone_with(self, subject: Subject) -> AsyncIterator[None]:
        """Hold the order or customer, first within this process, so that waiting costs no database connection."""
        lock = self._in_hand.setdefault(subject, asyncio.Lock())
        async with lock, self._ports.store.locks.hold(subject, self._options.lock_timeout):
            yield

    async def _settle(self, delivery: Delivery, outcome: Outcome, about: About) -> None:
        crash_point("before_settle")
        planned: Done | Skip | Park | Wait
        if isinstance(outcome, Retry):
            planned = plan(outcome, delivery.attempt, self._options.max_attempts, self._rng, delivery.waits)
        else:
            planned = outcome
        pauses = 1
        while not await self._end(delivery, outcome, planned, about):
            # What was to be published was not taken, though the link that the message came by may be well: it would
            # stay in hand, and keep a place of the prefetch, until the broker's consumer timeout (30 minutes).
            for _ in range(pauses):
                if delivery.is_gone:
                    return
                await asyncio.sleep(self._options.settle_again_after.total_seconds())
            pauses = min(pauses * 2, LONGEST_PAUSE)

    async def _end(
        self, delivery: Delivery, outcome: Outcome, planned: Done | Skip | Park | Wait, about: About
    ) -> bool:
        """Do with the message as planned; False when the broker would not."""
        queue = self._consumer.queue
        known = about.named
        reason = getattr(outcome, "reason", "")
        detail = getattr(outcome, "detail", "")
        try:
            match planned:
                case Done():
                    await delivery.acknowledge()
                    log.info("message done", attempt=delivery.attempt, **known)
                case Skip():
                    await delivery.acknowledge()
                    log.debug("message skipped", reason=reason, **known)
                case Wait(rung=rung):
                    limited = not isinstance(outcome, Retry) or outcome.limited
                    await delivery.retry(planned, reason, detail, counted=limited)
                    self._metrics.retries.labels(queue, rung.name, reason).inc()
                    log.warning("message waits", reason=reason, detail=detail, rung=rung.name, **known)
                    if limited or delivery.waits == 0:  # Once is enough where it may go on for hours.
                        await self._tell(about, "message.waits", f"A message waits {rung.name}: {reason}", detail)
                case Park(detail=why):
                    await delivery.park(reason, why, about.subject)
                    self._metrics.parked.labels(queue, reason).inc(exemplar=exemplar_of(about.trace_id))
                    log.error("message parked", reason=reason, detail=why, **known, **_named(delivery))
                    await self._tell(about, "message.parked", f"A message was parked: {reason}", why)
                    await self._note_parked(delivery, about, reason)
        except TransientError as error:
            log.warning("settlement failed", detail=str(error), comes_again=delivery.is_gone, **known)
            return False
        ended = "retry" if isinstance(planned, Wait) else type(planned).__name__.lower()
        self._metrics.messages.labels(queue, about.type, ended, reason).inc()
        crash_point("after_settle")
        return True

    async def _tell(self, about: About, kind: str, summary: str, detail: str) -> None:
        """Add to the subject's story, if it can be done: the message is settled either way."""
        if about.subject is None:
            return
        entry = TimelineEntry(
            subject=about.subject,
            at=self._ports.clock.now(),
            source=self._consumer.queue,
            kind=kind,
            summary=summary,
            detail={"detail": detail[:500]},
            trace_id=about.trace_id,
        )
        try:
            await self._ports.store.timeline.append([entry])
        except UpstreamError as error:
            log.warning("the timeline could not be written", detail=str(error))

    async def _note_parked(self, delivery: Delivery, about: About, reason: str) -> None:
        """Add to the record of dead letters, if it can be done: it is put right when the queue is read."""
        event = peek(delivery.body)
        message = ParkedMessage(
            queue=self._consumer.queue,
            ref=ref_of(self._consumer.queue, delivery.body),
            event_id=event.get("id"),
            source=event.get("source"),
            type=event.get("type"),
            reason=reason,
            subject=about.subject,
            parked_at=self._ports.clock.now(),
        )
        try:
            await self._ports.store.parked.record(message)
        except UpstreamError as error:
            log.warning("the parked message could not be recorded", detail=str(error))


def _note(work: Span, outcome: Outcome) -> None:
    """How it ended; what is skipped, or waits for its turn, has not failed."""
    work.note(sidecar__outcome=type(outcome).__name__.lower())
    if isinstance(outcome, Retry | Park):
        work.failed(outcome.reason)


def _named(delivery: Delivery) -> dict[str, str]:
    return {f"message_{name}": value for name, value in peek(delivery.body).items()}
