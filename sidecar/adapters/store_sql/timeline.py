"""The story of an order or a customer, in SQL."""

from collections.abc import Sequence

import orjson

from schemas.ids import Subject
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.subjects import columns_of, condition_of
from sidecar.adapters.store_sql.values import Params, Row, Value, moment, text, text_or_none, to_column
from sidecar.ports.records import TimelineEntry

_COLUMNS = ("at", "instance", "order_id", "subject", "source", "kind", "summary", "detail", "trace_id")


class SqlTimeline:
    """`sidecar.ports.store.Timeline` on MySQL or MariaDB. Every method sends one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def append(self, entries: Sequence[TimelineEntry]) -> None:
        """Add lines, all or none."""
        if entries:
            await self._pool.execute(*insert_of(entries))

    async def read(self, subject: Subject, limit: int = 500) -> tuple[TimelineEntry, ...]:
        """The newest `limit` lines, oldest first; lines of one instant in the order in which they were added."""
        rows = await self._pool.rows(
            "SELECT at, source, kind, summary, detail, trace_id FROM timeline"  # noqa: S608  # constants
            f" WHERE {condition_of(subject)} ORDER BY at DESC, id DESC LIMIT %(limit)s",
            {**columns_of(subject), "limit": limit},
        )
        return tuple(_entry(subject, row) for row in reversed(rows))


def insert_of(entries: Sequence[TimelineEntry]) -> tuple[str, Params]:
    """The one statement that adds the lines, and its values."""
    params: dict[str, Value] = {}
    tuples: list[str] = []
    for nth, entry in enumerate(entries):
        whose = columns_of(entry.subject)
        values: tuple[Value, ...] = (
            to_column(entry.at),
            whose["instance"],
            whose["order_id"],
            whose["subject"],
            entry.source,
            entry.kind,
            entry.summary,
            orjson.dumps(dict(entry.detail)).decode(),
            entry.trace_id,
        )
        names = [f"{column}_{nth}" for column in _COLUMNS]
        params.update(zip(names, values, strict=True))
        tuples.append("(" + ", ".join(f"%({name})s" for name in names) + ")")
    return f"INSERT INTO timeline ({', '.join(_COLUMNS)}) VALUES {', '.join(tuples)}", params  # noqa: S608  # constants


def _entry(subject: Subject, row: Row) -> TimelineEntry:
    at, source, kind, summary, detail, trace_id = row
    return TimelineEntry(
        subject=subject,
        at=moment(at),
        source=text(source),
        kind=text(kind),
        summary=text(summary),
        detail=orjson.loads(text(detail)),
        trace_id=text_or_none(trace_id),
    )
