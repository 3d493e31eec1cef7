"""Performs what a consumer decided, and asks again until there is nothing left to do.

Each effect is written to the ledger before it is done and closed after it, with what it brought. A process that dies
in between leaves an entry that the next one finds: it repeats the recorded effect under the same key, or, when the
upstream may have forgotten the key, looks for the result first.
"""

import time
from datetime import timedelta
from itertools import zip_longest
from typing import Protocol

from schemas.contract import Frozen
from schemas.ids import Subject
from sidecar.consumer import Consumer, Decision, Event, S
from sidecar.crash_point import crash_point
from sidecar.effects.effect import Effect
from sidecar.effects.registry import effect_class
from sidecar.errors import NotYetError, RefusedError, SpentKeyError, TransientError, UnknownOutcomeError, UpstreamError
from sidecar.observability.tracing import span
from sidecar.outcome import Done
from sidecar.ports.bundle import Ports
from sidecar.ports.records import EffectToBegin, LedgerEntry, TimelineEntry

KEY_RETENTION = timedelta(hours=12)
"""Half of the 24 hours for which Stripe keeps idempotency keys at least (docs.stripe.com/api/idempotent_requests).

The other half is for clocks: whoever wrote the effect down and whoever finds it may be that far apart.
"""

LONG_AGO = timedelta(days=30)
"""How far back an effect is looked for of which nobody knows when it was begun."""

MAX_ROUNDS = 12
"""Handle is asked at most this often for one message; the longest honest path takes six."""


UNDER_WAY = timedelta(minutes=2)
"""For so long a call that nobody waits for any more may still have its effect: four times our own patience."""

MAX_KEYS = 5
"""How many keys may be spent on one effect before it waits."""


class EffectObserver(Protocol):
    """Told how effects go, for metrics."""

    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None:
        """It is done and recorded."""
        ...

    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None:
        """It was not done, or nobody knows."""
        ...


class UnsettledError(Exception):
    """The decisions did not come to an end: a defect in a consumer."""


async def execute(
    consumer: Consumer[S], event: Event, subject: S, ports: Ports, observer: EffectObserver, *, trace_id: str | None
) -> Done:
    """Handle one event, holding the subject's lock.

    Raises:
        UpstreamError: an effect could not be done; what was done before it is recorded.
        UnmappableError: the subject asks for something that cannot be expressed.
        NotYetError: something that must come first has not come.
        UnsettledError: the decisions did not come to an end.
    """
    known = await consumer.observe(event, subject, ports)
    crash_point("after_observe")
    return await settle(consumer, subject, ports, observer, trace_id=trace_id, known=known)


async def settle(
    consumer: Consumer,
    subject: Subject,
    ports: Ports,
    observer: EffectObserver,
    *,
    trace_id: str | None,
    known: object = None,
) -> Done:
    """Do what the facts that are known want done, until nothing is left. The subject's lock is held.

    `known` is what the store has of the subject, if it was read after the last fact was kept.

    Raises:
        UpstreamError, UnmappableError, NotYetError, UnsettledError: as `execute`.
    """
    decision = Decision()
    for _ in range(MAX_ROUNDS):
        decision = await consumer.handle(subject, ports, known)
        known = None
        entry: LedgerEntry | None = None
        for effect, following in zip_longest(decision.effects, decision.effects[1:]):
            entry = entry or await ports.store.ledger.begin(_to_begin(effect), ports.clock.now())
            done, entry = await perform(effect, entry, subject, ports, observer, following=following, trace_id=trace_id)
            if not done:
                break
        if decision.effects:
            continue
        if not decision.left_open:
            return Done()
        for key in sorted(decision.left_open):
            await find_out(key, subject, ports, trace_id=trace_id)
    open_keys = [effect.key for effect in decision.effects] or sorted(decision.left_open)
    raise UnsettledError(f"{consumer.queue}: {subject} still wants {open_keys}")


async def find_out(key: str, subject: Subject, ports: Ports, *, trace_id: str | None) -> None:
    """Close an effect that is not wanted any more but may have been done, or forget it if it was not.

    Raises:
        NotYetError: nothing is to be seen of it, but the call may still be under way.
        UpstreamError: the upstream could not be asked.
    """
    entry = await ports.store.ledger.read(key)
    if entry is None or entry.state == "done":
        return
    effect = effect_class(entry.kind).model_validate_json(entry.params)
    found = await effect.find(ports, entry.started_at)
    if found is not None:
        await _close(effect, found, subject, ports, trace_id=trace_id)
    elif ports.clock.now() - entry.started_at < UNDER_WAY:
        raise NotYetError("effect_under_way", f"{key} may still be under way")
    else:
        await ports.store.ledger.withdraw(key)


def _to_begin(effect: Effect) -> EffectToBegin:
    return EffectToBegin(effect.key, type(effect).__name__, effect.subject, effect.model_dump_json())


async def perform(
    effect: Effect,
    entry: LedgerEntry,
    subject: Subject,
    ports: Ports,
    observer: EffectObserver,
    *,
    following: Effect | None,
    trace_id: str | None,
) -> tuple[bool, LedgerEntry | None]:
    """Do one effect exactly once, whatever was tried before and whoever else wants it.

    False when it was refused for a reason that the store did not know and does now: what is wanted is to be asked anew.
    With it the entry of the following effect, if it was written down when this one was closed.

    Args:
        effect: what is to be done.
        entry: as it was written down.
        following: what is to be done next, if this goes well.
        subject: whose message asked for it; the effect may belong to another, as an order's customer does.
        ports: everything outside.
        observer: told how it went.
        trace_id: of the message.

    Raises:
        UpstreamError: it could not be done now, or not at all; the ledger says which.
    """
    ledger = ports.store.ledger
    if entry.state == "done":
        return True, None
    crash_point("after_begin")
    recorded = effect if entry.fresh else type(effect).model_validate_json(entry.params)
    started = time.perf_counter()
    try:
        with span(type(effect).__name__, sidecar__effect__key=effect.key, sidecar__effect__attempt=entry.attempts):
            result = await _find_or_do(recorded, entry, ports)
    except RefusedError as error:
        await ledger.withdraw(effect.key)
        observer.effect_failed(effect, error, time.perf_counter() - started)
        learnt = recorded.learns(error, ports.clock.now())
        if not learnt:
            raise
        await ports.store.orders.record_facts(learnt)
        return False, None
    except UnknownOutcomeError as error:
        await ledger.mark_unknown(effect.key, str(error))
        observer.effect_failed(effect, error, time.perf_counter() - started)
        raise
    except TransientError as error:
        if entry.fresh and recorded.forgets_keys:
            # Nothing was done, now or before. Were the entry left, then an effect that could not be done for a day
            # would have to be looked for, in a list of all that was made since; thousands of them after an outage.
            await ledger.withdraw(effect.key, attempts=1)
        else:
            await ledger.note_error(effect.key, str(error))
        observer.effect_failed(effect, error, time.perf_counter() - started)
        raise
    crash_point("after_effect")
    began = await _close(recorded, result, subject, ports, following=following, trace_id=trace_id)
    crash_point("after_close")
    observer.effect_done(recorded, result, time.perf_counter() - started)
    return True, began


async def _close(
    effect: Effect,
    result: Frozen,
    asked_by: Subject,
    ports: Ports,
    *,
    following: Effect | None = None,
    trace_id: str | None,
) -> LedgerEntry | None:
    """Record the effect done, with what it brought and its line in the story of each whom it concerns.

    What follows it is written down with it, a commit less: it would be the next thing to be written anyway.
    """
    now = ports.clock.now()
    lines = [
        TimelineEntry(
            subject=each,
            at=now,
            source="sidecar",
            kind=type(effect).__name__,
            summary=effect.summary,
            detail=effect.detail(result),
            trace_id=trace_id,
        )
        for each in dict.fromkeys((effect.subject, asked_by))
    ]
    return await ports.store.ledger.close(
        effect.key,
        result.model_dump_json(),
        effect.facts(result, now),
        lines,
        now,
        following=None if following is None else _to_begin(following),
    )


async def _find_or_do(effect: Effect, entry: LedgerEntry, ports: Ports) -> Frozen:
    """Look first where the key may be forgotten; else do it, under the key that it has always had."""
    now = ports.clock.now()
    # An effect from the future was written down by a clock that is ahead of ours: nobody knows how old it is.
    from_the_future = entry.started_at - now > UNDER_WAY
    since = now - LONG_AGO if from_the_future else entry.started_at
    old = from_the_future or now - entry.started_at > KEY_RETENTION
    if effect.forgets_keys and not entry.fresh and old:
        found = await effect.find(ports, since)
        if found is not None:
            return found
    for _ in range(MAX_KEYS):
        try:
            result: Frozen = await effect.perform(ports)
        except (RefusedError, SpentKeyError) as error:
            if not isinstance(error, SpentKeyError) and error.code != "idempotency_mismatch":
                raise
            # The key was used before: with other parameters, since a release may have changed how they are encoded, or
            # for a call that failed and is repeated to us. Either way the deed may have been done.
            found = await effect.find(ports, since)
            if found is not None:
                return found
            if not isinstance(error, SpentKeyError):
                raise
            effect = effect.with_next_key()
        else:
            return result
    raise UnknownOutcomeError(effect.upstream, "spent_keys", f"{MAX_KEYS} keys of {entry.key} are spent")
