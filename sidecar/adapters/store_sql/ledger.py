"""The effect ledger, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from schemas.ids import Subject
from sidecar.adapters.store_sql.facts import statement_of
from sidecar.adapters.store_sql.packet import Statement
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.subjects import columns_of, condition_of
from sidecar.adapters.store_sql.timeline import insert_of
from sidecar.adapters.store_sql.values import moment, text, text_or_none, to_column, whole
from sidecar.ports.facts import Fact
from sidecar.ports.records import EffectState, EffectToBegin, LedgerEntry, TimelineEntry

_INSERTED: Final = 1
"""What the server answers to an upsert that found nothing; otherwise 2, or 0 when nothing changed."""
_ERROR_LENGTH: Final = 1000

_BEGIN = """
INSERT INTO effect_ledger (effect_key, kind, instance, order_id, subject, state, params, attempts, started_at)
VALUES
  (%(key)s, %(kind)s, %(instance)s, %(order_id)s, %(subject)s, 'pending', %(params)s, 1, %(now)s)
ON DUPLICATE KEY UPDATE attempts = attempts + IF(state = 'done', 0, 1)
"""

_CLOSE = (
    "UPDATE effect_ledger SET state = 'done', result = %(result)s, done_at = %(now)s, last_error = NULL"
    " WHERE effect_key = %(key)s AND state <> 'done'"
)


@dataclass(frozen=True, slots=True)
class UnfinishedEffects:
    """Effects of one kind that were begun and are not done."""

    kind: str
    state: EffectState
    number: int
    oldest: datetime


class SqlLedger:
    """`sidecar.ports.store.Ledger` on MySQL or MariaDB."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, effect: EffectToBegin, now: datetime) -> LedgerEntry:
        """One statement for a fresh effect, two for one that was there. An effect that is done counts no attempt.

        When the answer is lost after the server wrote it down, the next call finds an entry that is not fresh, though
        nothing left: the careful side to err on.
        """
        return await self._begun(effect, now, await self._pool.execute(*_beginning_of(effect, now)))

    async def _begun(self, effect: EffectToBegin, now: datetime, inserted: int) -> LedgerEntry:
        if inserted == _INSERTED:
            return LedgerEntry(
                key=effect.key,
                kind=effect.kind,
                state="pending",
                params=effect.params,
                result=None,
                attempts=1,
                started_at=now,
                fresh=True,
            )
        found = await self.read(effect.key)
        # Withdrawn between the two statements: write it down afresh.
        return found if found is not None else await self.begin(effect, now)

    async def read(self, key: str) -> LedgerEntry | None:
        """One statement."""
        rows = await self._pool.rows(
            "SELECT kind, state, params, result, attempts, started_at FROM effect_ledger WHERE effect_key = %(key)s",
            {"key": key},
        )
        if not rows:
            return None
        found = rows[0]
        return LedgerEntry(
            key=key,
            kind=text(found[0]),
            state=cast("EffectState", text(found[1])),
            params=text(found[2]),
            result=text_or_none(found[3]),
            attempts=whole(found[4]),
            started_at=moment(found[5]),
            fresh=False,
        )

    async def mark_unknown(self, key: str, error: str) -> None:
        """One statement; an effect that is done stays done."""
        await self._pool.execute(
            "UPDATE effect_ledger SET state = 'unknown', last_error = %(error)s"
            " WHERE effect_key = %(key)s AND state <> 'done'",
            {"key": key, "error": error[:_ERROR_LENGTH]},
        )

    async def note_error(self, key: str, error: str) -> None:
        """One statement. It stays what it was: an attempt that failed says nothing of an unknown one before it."""
        await self._pool.execute(
            "UPDATE effect_ledger SET last_error = %(error)s WHERE effect_key = %(key)s AND state <> 'done'",
            {"key": key, "error": error[:_ERROR_LENGTH]},
        )

    async def unfinished(self) -> tuple[UnfinishedEffects, ...]:
        """What was begun and is not done, by kind and state; one statement, on the index of `done_at`."""
        rows = await self._pool.rows(
            "SELECT kind, state, COUNT(*), MIN(started_at) FROM effect_ledger WHERE done_at IS NULL"
            " GROUP BY kind, state ORDER BY kind, state"
        )
        return tuple(
            UnfinishedEffects(text(kind), cast("EffectState", text(state)), whole(number), moment(oldest))
            for kind, state, number, oldest in rows
        )

    async def withdraw(self, key: str, *, attempts: int | None = None) -> None:
        """One statement; an effect that is done stays."""
        await self._pool.execute(
            "DELETE FROM effect_ledger WHERE effect_key = %(key)s AND state <> 'done'"
            " AND (%(attempts)s IS NULL OR attempts <= %(attempts)s)",
            {"key": key, "attempts": attempts},
        )

    async def forget(self, subject: Subject, kinds: frozenset[str]) -> None:
        """One statement for each kind."""
        for kind in sorted(kinds):
            await self._pool.execute(
                f"DELETE FROM effect_ledger WHERE {condition_of(subject)} AND kind = %(kind)s AND state = 'done'",  # noqa: S608  # constants
                {**columns_of(subject), "kind": kind},
            )

    async def close(
        self,
        key: str,
        result: str,
        facts: Sequence[Fact],
        timeline: Sequence[TimelineEntry],
        now: datetime,
        *,
        following: EffectToBegin | None = None,
    ) -> LedgerEntry | None:
        """One transaction in two round trips: the entries, and then one statement for each fact and one for all lines.

        When it is done already, the first result stays and no line is added; the facts are kept all the same.

        Raises:
            LookupError: the effect was never written down.
            TransientError: nothing was recorded, or the connection was lost while the server said whether it was.
        """
        entries: list[Statement] = [(_CLOSE, {"key": key, "result": result, "now": to_column(now)})]
        if following is not None:
            entries.append(_beginning_of(following, now))

        async def body(session: Session) -> int:
            changed = await session.together(*entries)
            closed, inserted = changed[0], changed[-1]
            if not closed and not await session.rows(
                "SELECT 1 FROM effect_ledger WHERE effect_key = %(key)s", {"key": key}
            ):
                raise LookupError(f"{key} is not in the ledger")
            for fact in facts:
                session.put_off(*statement_of(fact))
            if closed and timeline:
                session.put_off(*insert_of(timeline))
            return inserted

        inserted = await self._pool.transaction(body)
        return None if following is None else await self._begun(following, now, inserted)


def _beginning_of(effect: EffectToBegin, now: datetime) -> Statement:
    known = {"key": effect.key, "kind": effect.kind, "params": effect.params, "now": to_column(now)}
    return _BEGIN, {**columns_of(effect.subject), **known}
