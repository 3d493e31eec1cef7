"""Forgetting what is old enough, in steps small enough that nobody waits for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sidecar.adapters.store_sql.partitions import drop_months
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import moment_or_none, to_column

OnProgress = Callable[[str, int], None]
"""Told a table and how many of its rows are gone so far."""

_STATEMENTS: Final = {
    "inbox": "DELETE FROM inbox WHERE done_at < %(limit)s ORDER BY done_at LIMIT %(batch)s",
    "effect_ledger": "DELETE FROM effect_ledger WHERE done_at < %(limit)s ORDER BY done_at LIMIT %(batch)s",
    "timeline": "DELETE FROM timeline WHERE at < %(limit)s LIMIT %(batch)s",
    "parked_messages": "DELETE FROM parked_messages WHERE ended_at < %(limit)s ORDER BY ended_at LIMIT %(batch)s",
    "replicas": "DELETE FROM replicas WHERE expires_at < %(limit)s LIMIT %(batch)s",
}

BEFORE_IT_WAS_PARKED: Final = timedelta(days=1)
"""A message may have had its first effects this long before it was parked; the ladder takes seven and a half hours."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is gone.

    Attributes:
        rows: how many rows, by table.
        months: the partitions of the timeline that were dropped whole; their rows are not counted.
    """

    rows: dict[str, int]
    months: tuple[str, ...]


async def prune(pool: Pool, older_than: datetime, batch: int, on_progress: OnProgress | None) -> Pruned:
    """Delete done events, done effects, lines of the timeline and dead replicas from before `older_than`.

    An effect that is pending or unknown is never forgotten, however old; nor is what a dead letter may have done.
    """
    rows = await pool.rows("SELECT MIN(parked_at) FROM parked_messages WHERE copies > 0")
    if oldest := moment_or_none(rows[0][0]):
        older_than = min(older_than, oldest - BEFORE_IT_WAS_PARKED)
    months = await drop_months(pool, older_than)
    gone = dict.fromkeys(_STATEMENTS, 0)
    for table, statement in _STATEMENTS.items():
        deleted = batch
        while deleted == batch:
            deleted = await pool.execute(statement, {"limit": to_column(older_than), "batch": batch})
            gone[table] += deleted
            if on_progress is not None and deleted:
                on_progress(table, gone[table])
    return Pruned(rows=gone, months=months)
