"""Effects that are not done exactly once any more: ledger, keys, what is unknown, locks."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from schemas.ids import Subject
from sidecar.adapters.store_sql.ledger import SqlLedger
from sidecar.adapters.store_sql.locks import SqlLocks
from sidecar.adapters.stripe.payments import StripePayments
from sidecar.effects.record_capture import RecordCapture
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.errors import UnknownOutcomeError
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import WriteBack
from sidecar.ports.payments import Attempt, IdempotencyKey, NewPaymentIntent
from sidecar.ports.records import EffectToBegin, LedgerEntry
from sidecar.runtime.worker import Worker
from tests.chaos.breakages.breakage import Breakage, in_effect, put_in_place

TWICE = frozenset(("paid_twice", "made_twice", "refunded_twice"))


def no_ledger_row() -> None:
    """The row is written when the effect is done, and not before."""
    begin, close = SqlLedger.begin, SqlLedger.close
    begun: dict[str, EffectToBegin] = {}

    async def begins(self: SqlLedger, effect: EffectToBegin, now: datetime) -> LedgerEntry:
        found = await self.read(effect.key)
        begun[effect.key] = effect
        fresh = LedgerEntry(
            key=effect.key,
            kind=effect.kind,
            state="pending",
            params=effect.params,
            result=None,
            attempts=1,
            started_at=now,
            fresh=True,
        )
        return found if found is not None and found.state == "done" else fresh

    async def closes(
        self: SqlLedger,
        key: str,
        result: str,
        facts: Any,
        timeline: Any,
        now: datetime,
        *,
        following: EffectToBegin | None = None,
    ) -> None:
        del following
        await begin(self, begun[key], now)
        await close(self, key, result, facts, timeline, now)

    put_in_place(SqlLedger, "begin", begins)
    put_in_place(SqlLedger, "close", closes)


def unknown_is_failed() -> None:
    """What timed out counts as not done: its row is taken back."""

    async def mark_unknown(self: SqlLedger, key: str, error: str) -> None:
        del error
        await self.withdraw(key)

    put_in_place(SqlLedger, "mark_unknown", mark_unknown)


def attempt_scoped_key() -> None:
    """Each attempt has an idempotency key of its own."""

    def idempotency_key(self: StripeEffect) -> IdempotencyKey:
        return IdempotencyKey(f"{self.key}~{uuid4().hex}")

    put_in_place(StripeEffect, "idempotency_key", idempotency_key)


def timeout_is_success() -> None:
    """Whoever gets no answer from Magento takes the payment for recorded."""
    before = RecordCapture.perform

    async def perform(self: RecordCapture, ports: Ports) -> WriteBack:
        try:
            return await before(self, ports)
        except UnknownOutcomeError:
            in_effect("timeout_is_success")
            return WriteBack(outcome="applied")

    put_in_place(RecordCapture, "perform", perform, tells=False)


def declined_is_tried_again() -> None:
    """A declined card is charged again, under another key each time, as if the line had been busy."""
    before = StripePayments.create_payment_intent

    async def create_payment_intent(self: StripePayments, new: NewPaymentIntent, *, key: IdempotencyKey) -> Attempt:
        attempt = await before(self, new, key=key)
        for number in range(1, 3):
            if attempt.error is None:
                break
            in_effect("declined_is_tried_again")
            attempt = await before(self, new, key=IdempotencyKey(f"{key}/again/{number}"))
        return attempt

    put_in_place(StripePayments, "create_payment_intent", create_payment_intent, tells=False)


def order_lock_off() -> None:
    """Two messages about one order are worked on at once."""

    def hold(self: SqlLocks, subject: Subject, timeout: timedelta) -> AbstractAsyncContextManager[None]:
        del self, subject, timeout
        return nullcontext()

    @asynccontextmanager
    async def alone_with(self: Worker[Any], subject: Subject) -> AsyncIterator[None]:
        del self, subject
        yield

    put_in_place(SqlLocks, "hold", hold)
    put_in_place(Worker, "_alone_with", alone_with)


def nothing_is_told() -> None:
    """What was done is not written into the order's timeline."""
    before = SqlLedger.close

    async def close(  # as it is
        self: SqlLedger,
        key: str,
        result: str,
        facts: Any,
        timeline: Any,
        now: datetime,
        *,
        following: EffectToBegin | None = None,
    ) -> LedgerEntry | None:
        del timeline
        return await before(self, key, result, facts, (), now, following=following)

    put_in_place(SqlLedger, "close", close)


BREAKAGES = (
    Breakage(
        name="no_ledger_row",
        what="an effect is written down when it is done, not before",
        caught_by=TWICE,
        faults=("a_day_passes",),
        break_it=no_ledger_row,
    ),
    Breakage(
        name="unknown_is_failed",
        what="a call that timed out counts as not made",
        caught_by=TWICE,
        faults=("a_day_passes",),
        break_it=unknown_is_failed,
    ),
    Breakage(
        name="attempt_scoped_key",
        what="every attempt has an idempotency key of its own",
        caught_by=TWICE,
        faults=("stripe_timeout_after_commit", "stripe_500_after_commit"),
        break_it=attempt_scoped_key,
    ),
    Breakage(
        name="timeout_is_success",
        what="a write-back that timed out counts as done",
        caught_by=frozenset(("not_booked", "wrong_on_the_books")),
        faults=("magento_500", "magento_black_hole"),
        break_it=timeout_is_success,
    ),
    Breakage(
        name="declined_is_tried_again",
        what="a declined card is charged again, as if the line had been busy",
        caught_by=frozenset(("made_twice",)),
        kinds=("stolen card", "card"),
        break_it=declined_is_tried_again,
    ),
    Breakage(
        name="order_lock_off",
        what="several messages about one order are worked on at once",
        caught_by=frozenset(),
        kinds=("card", "cancelled while it is paid", "hosted page"),
        backs=(("memo_one", "memo_one"), ("memo_one", "dashboard_part")),
        faults=("consumers_stopped", "webhooks_duplicated", "stripe_delayed"),
        replicas=2,
        break_it=order_lock_off,
        why_harmless="effects are keyed and the writes idempotent: the lock saves work and conflicts",
    ),
    Breakage(
        name="nothing_is_told",
        what="effects are left out of the timeline",
        caught_by=frozenset(("not_told",)),
        break_it=nothing_is_told,
    ),
)
