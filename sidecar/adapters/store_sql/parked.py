"""The record of dead letters, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.timeline import insert_of
from sidecar.adapters.store_sql.values import Params, Value, moment, text, to_column, whole
from sidecar.ports.parked import Closing, ParkedMessage, ParkedSummary

_AT_ONCE: Final = 500
"""Events asked after in one statement."""
_WHY_LENGTH: Final = 500
_BY_LENGTH: Final = 128

_INSERT = """
INSERT INTO parked_messages
  (queue, ref, copies, event_id, source, type, reason, subject, parked_at, ended_at, ended_as, ended_by, ended_why)
VALUES
  (%(queue)s, %(ref)s, %(copies)s, %(event_id)s, %(source)s, %(type)s, %(reason)s, %(subject)s, %(parked_at)s,
   %(ended_at)s, %(ended_as)s, %(ended_by)s, %(ended_why)s)
"""
# The time of parking is that of the first copy that lies there. It is assigned first, because an assignment sees those
# before it.
_RECORD = f"""{_INSERT}
ON DUPLICATE KEY UPDATE
  parked_at = IF(copies > 0, LEAST(parked_at, %(parked_at)s), %(parked_at)s),
  copies = copies + 1, reason = %(reason)s, subject = %(subject)s,
  ended_at = NULL, ended_as = NULL, ended_by = NULL, ended_why = NULL
"""
_FOUND = f"""{_INSERT}
ON DUPLICATE KEY UPDATE
  parked_at = %(parked_at)s, copies = %(copies)s, reason = %(reason)s, subject = %(subject)s,
  ended_at = NULL, ended_as = NULL, ended_by = NULL, ended_why = NULL
"""
_CLOSE = f"""{_INSERT}
ON DUPLICATE KEY UPDATE
  copies = IF(copies > 0, copies - 1, 0), ended_at = %(ended_at)s, ended_as = %(ended_as)s, ended_by = %(ended_by)s,
  ended_why = %(ended_why)s
"""
_GONE = """
UPDATE parked_messages SET copies = 0, ended_at = %(now)s, ended_as = 'gone'
WHERE queue = %(queue)s AND ref = %(ref)s AND copies > 0 AND parked_at < %(since)s
"""


class SqlParkedMessages:
    """`sidecar.ports.parked.ParkedMessages` on MySQL or MariaDB."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def record(self, message: ParkedMessage) -> None:
        """One statement."""
        await self._pool.execute(_RECORD, _values(message, message.copies))

    async def close(self, message: ParkedMessage, closing: Closing) -> None:
        """One transaction of one statement, and one for all lines of the timeline."""

        async def body(session: Session) -> None:
            session.put_off(_CLOSE, _values(message, 0, closing))
            if closing.timeline:
                session.put_off(*insert_of(closing.timeline))

        await self._pool.transaction(body)

    async def found(self, queue: str, messages: Sequence[ParkedMessage], since: datetime, now: datetime) -> None:
        """One statement to know what was recorded, and one for each message that is not recorded as it was found."""
        rows = await self._pool.rows(
            "SELECT ref, copies, reason FROM parked_messages WHERE queue = %(queue)s AND copies > 0", {"queue": queue}
        )
        recorded = {text(ref): (whole(copies), text(reason)) for ref, copies, reason in rows}
        for message in messages:
            if recorded.get(message.ref) != (message.copies, message.reason):
                await self._pool.execute(_FOUND, _values(message, message.copies))
        for ref in recorded.keys() - {message.ref for message in messages}:
            params: Params = {"queue": queue, "ref": ref, "since": to_column(since), "now": to_column(now)}
            await self._pool.execute(_GONE, params)

    async def summaries(self) -> tuple[ParkedSummary, ...]:
        """One statement."""
        rows = await self._pool.rows(
            "SELECT queue, reason, CAST(SUM(copies) AS SIGNED), MIN(parked_at) FROM parked_messages WHERE copies > 0"
            " GROUP BY queue, reason ORDER BY queue, reason"
        )
        return tuple(
            ParkedSummary(text(queue), text(reason), whole(count), moment(oldest))
            for queue, reason, count, oldest in rows
        )

    async def parked_events(self, queue: str, source: str, event_ids: Collection[str]) -> frozenset[str]:
        """One statement for every 500."""
        asked, found = sorted(set(event_ids)), set[str]()
        for first in range(0, len(asked), _AT_ONCE):
            params: dict[str, Value] = {f"e{n}": value for n, value in enumerate(asked[first : first + _AT_ONCE])}
            places = ", ".join(f"%({name})s" for name in params)
            rows = await self._pool.rows(
                f"SELECT event_id FROM parked_messages WHERE queue = %(queue)s AND event_id IN ({places})"  # noqa: S608  # places, not values
                " AND source = %(source)s AND copies > 0",
                {**params, "queue": queue, "source": source},
            )
            found |= {text(row[0]) for row in rows}
        return frozenset(found)


def _values(message: ParkedMessage, copies: int, closing: Closing | None = None) -> Params:
    return {
        "subject": None if message.subject is None else str(message.subject),
        "queue": message.queue,
        "ref": message.ref,
        "copies": copies,
        "event_id": message.event_id,
        "source": message.source,
        "type": message.type,
        "reason": message.reason[:64],
        "parked_at": to_column(message.parked_at),
        "ended_at": to_column(closing.at) if closing else None,
        "ended_as": closing.ending if closing else None,
        "ended_by": closing.by[:_BY_LENGTH] if closing else None,
        "ended_why": closing.why[:_WHY_LENGTH] if closing else None,
    }
