"""The months of the timeline: a month is dropped whole, at the same cost however much is in it."""

import re
from datetime import UTC, datetime

from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import text

_MONTH = re.compile(r"^p(\d{4})(\d{2})$")


async def add_months(pool: Pool, now: datetime, ahead: int = 3) -> tuple[str, ...]:
    """Split off the month of `now` and the `ahead` after it, as far as they are missing; gives their names.

    What was written without a month is moved, so do it before the months begin. Later ones cannot be put before
    earlier ones: months that passed without one stay together in the next.
    """
    have = await _months(pool)
    last = have[-1] if have else ""
    added: list[str] = []
    year, month = now.astimezone(UTC).year, now.astimezone(UTC).month
    for _ in range(ahead + 1):
        name = f"p{year:04}{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004  # months of a year
        if name <= last:
            continue
        await pool.execute(
            f"ALTER TABLE timeline REORGANIZE PARTITION p_rest INTO ("
            f"PARTITION {name} VALUES LESS THAN ('{year:04}-{month:02}-01'),"
            f" PARTITION p_rest VALUES LESS THAN (MAXVALUE))"
        )
        added.append(name)
    return tuple(added)


async def months_before(pool: Pool, limit: datetime) -> tuple[str, ...]:
    """Every month that was over at `limit`."""
    limit = limit.astimezone(UTC)
    return tuple(name for name in await _months(pool) if name < f"p{limit.year:04}{limit.month:02}")


async def drop_months(pool: Pool, limit: datetime) -> tuple[str, ...]:
    """Drop every month that was over at `limit`; gives their names."""
    dropped = await months_before(pool, limit)
    for name in dropped:
        await pool.execute(f"ALTER TABLE timeline DROP PARTITION {name}")
    return dropped


async def _months(pool: Pool) -> tuple[str, ...]:
    rows = await pool.rows(
        "SELECT PARTITION_NAME FROM information_schema.PARTITIONS"
        " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'timeline'"
    )
    return tuple(sorted(name for row in rows if _MONTH.match(name := text(row[0]))))
