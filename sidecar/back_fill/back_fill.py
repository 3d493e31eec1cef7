"""Walks over Magento's customers, and does for each what its own event would have led to."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from typing_extensions import override

from schemas.contract import Frozen
from schemas.ids import CustomerRef, Instance, MagentoCustomerId
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.back_fill.cursor import Cursor
from sidecar.back_fill.patience import Sleep, patiently
from sidecar.back_fill.unwritten import unwritten
from sidecar.back_fill.words import words
from sidecar.consumer import Consumer
from sidecar.effects.effect import Effect
from sidecar.errors import NotYetError, RefusedError, UnmappableError, UpstreamError
from sidecar.executor import EffectObserver, settle
from sidecar.limiter.priority import Priority, with_priority
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerSeen

BATCH = 100
"""Customers that Magento is asked for at once; the cursor moves when all of them are done."""
AT_ONCE = 8
"""Customers in hand at once: Stripe's rate limit is what they wait for."""
LOCK_PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Failure:
    """A customer that could not be done, and why; nothing of the person."""

    customer: CustomerRef
    reason: str


@dataclass(slots=True)
class BackFillReport:
    """What a walk has done, or would do.

    Attributes:
        instance: whose customers.
        began_after: the account that it went on from; 0 if it began anew.
        seen: accounts that Magento listed.
        unchanged: of them, those for which nothing was to be done.
        other_stores: of them, those of stores that the settings do not name.
        effects: how many of each kind were done, or would be.
        would: in a dry run, what would be done for whom, in words and in the order of the accounts.
        failures: who could not be done.
        finished: whether it came to the end.
        alone: false where somebody else walks over the same instance: then nothing was done.
    """

    instance: str
    began_after: int = 0
    seen: int = 0
    unchanged: int = 0
    other_stores: int = 0
    effects: Counter[str] = field(default_factory=Counter)
    would: list[tuple[CustomerRef, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    finished: bool = False
    alone: bool = True

    def as_json(self) -> Mapping[str, object]:
        """For machines."""
        return {
            "instance": self.instance,
            "began_after": self.began_after,
            "seen": self.seen,
            "unchanged": self.unchanged,
            "other_stores": self.other_stores,
            "effects": dict(sorted(self.effects.items())),
            "would": [{"customer": str(customer), "do": what} for customer, what in self.would],
            "failures": [{"customer": str(each.customer), "reason": each.reason} for each in self.failures],
            "finished": self.finished,
            "alone": self.alone,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFillOptions:
    """How to walk.

    Attributes:
        since: only accounts that were changed since then.
        dry_run: write nothing, neither here nor there, and say what would be done.
        restart: begin anew instead of where the last walk with the same `since` stopped.
        verify: look at every linked customer in Stripe as well, and make those that Stripe has never heard of.
    """

    since: datetime | None = None
    dry_run: bool = False
    restart: bool = False
    verify: bool = False


class _Counting(EffectObserver):
    """Counts what was done for one customer."""

    def __init__(self) -> None:
        self.done: list[str] = []

    @override
    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None:
        self.done.append(type(effect).__name__)

    @override
    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None:
        del effect, error, seconds


async def back_fill(
    instance: Instance,
    ports: Ports,
    consumer: Consumer,
    options: BackFillOptions,
    *,
    on_progress: Callable[[BackFillReport], None] | None = None,
    sleep: Sleep = asyncio.sleep,
) -> BackFillReport:
    """Walk over an instance's customers by their ids, as bulk work.

    Raises:
        UpstreamError: Magento, Stripe or the store is away for longer than a minute. What is done stays done, and the
            next walk goes on from the last batch that was finished.
    """
    walk = _Walk(instance, ports, consumer, options, on_progress=on_progress or (lambda _: None), sleep=sleep)
    async with ports.store.locks.exclusive(f"customers:{instance}") as walk.report.alone:
        if walk.report.alone:
            with with_priority(Priority.BULK):
                await walk.run()
    return walk.report


class _Walk:
    def __init__(
        self,
        instance: Instance,
        ports: Ports,
        consumer: Consumer,
        options: BackFillOptions,
        *,
        on_progress: Callable[[BackFillReport], None],
        sleep: Sleep,
    ) -> None:
        self.report = BackFillReport(instance)
        self._instance = instance
        self._ports = ports
        self._consumer = consumer
        self._options = options
        self._on_progress = on_progress
        self._sleep = sleep
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        options, cursor = self._options, Cursor(self._ports.store.cursors, self._instance)
        after = MagentoCustomerId(0)
        if not (options.dry_run or options.restart):
            after = await cursor.resume(options.since)
        self.report.began_after = after
        accounts = self._ports.magento_customers[self._instance]
        while batch := await patiently(partial(accounts.list_customers, after, options.since, BATCH), self._sleep):
            await self._all(batch)
            self.report.would.sort(key=lambda each: each[0].customer_id)
            after = batch[-1].customer_id
            if not options.dry_run:
                await cursor.move(after, options.since)
        if not options.dry_run:
            await cursor.finish()
        self.report.finished = True

    async def _all(self, batch: Sequence[CustomerSnapshot]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for snapshot in batch:
                    tasks.create_task(self._one(snapshot))
        except ExceptionGroup as group:
            away, bugs = group.split(UpstreamError)
            if away is None or bugs is not None:
                raise
            first = away.exceptions[0]
        else:
            return
        raise first  # Of many that were in hand, one says what is the matter.

    async def _one(self, snapshot: CustomerSnapshot) -> None:
        async with self._places:
            report, customer = self.report, snapshot.ref
            if self._ports.policies.of(customer, snapshot.store) is None:
                report.other_stores += 1
            else:
                do = self._try_out if self._options.dry_run else self._do
                try:
                    done = await patiently(partial(do, snapshot), self._sleep)
                except (RefusedError, UnmappableError, NotYetError) as error:
                    report.failures.append(Failure(customer, f"{type(error).__name__}: {error}"))
                else:
                    report.effects.update(done)
                    report.unchanged += not done
            report.seen += 1
            self._on_progress(report)

    async def _do(self, snapshot: CustomerSnapshot) -> list[str]:
        customer, counting, store = snapshot.ref, _Counting(), self._ports.store
        async with store.locks.hold(customer, LOCK_PATIENCE):
            record = await store.customers.load(customer)
            company = snapshot.company or (record.magento.company if record.magento else None)
            await store.customers.record_saved(snapshot.model_copy(update={"company": company}))
            if self._options.verify:
                now = self._ports.clock.now()
                living = [link for link in record.links if link.gone_at is None]
                unread = [CustomerSeen(link.stripe, link.customer, None, now) for link in living]
                await store.customers.record_facts(unread)
            await settle(self._consumer, customer, self._ports, counting, trace_id=None)
        return counting.done

    async def _try_out(self, snapshot: CustomerSnapshot) -> list[str]:
        ports = replace(self._ports, store=unwritten(self._ports.store, snapshot))
        decision = await self._consumer.handle(snapshot.ref, ports, None)
        self.report.would += [(snapshot.ref, words(effect)) for effect in decision.effects]
        return [type(effect).__name__ for effect in decision.effects]
