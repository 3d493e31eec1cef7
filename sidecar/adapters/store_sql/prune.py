"""Forgetting what is old enough, in steps small enough that nobody waits for them.

What is never forgotten: orders, payments, refunds, credit memos, customers and what links them, since a refund or a
dispute may come years later; which of several payments is on Magento's books; an effect that is not done; what a dead
letter may have done. So the store grows with the shop, as the shop's own tables do, and not with the messages.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sidecar.adapters.store_sql.partitions import drop_months, months_before
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import Params, Value, moment, moment_or_none, text, to_column, whole

OnProgress = Callable[[str, int], None]
"""Told a table and how many of its rows are gone so far."""

LEAST: Final = timedelta(days=31)
"""What is kept at least: Stripe lists events of 30 days, and a look-back brings them again."""
BEFORE_IT_WAS_PARKED: Final = timedelta(days=1)
"""A message may have had its first effects this long before it was parked; the ladder takes seven and a half hours."""
AFTER_A_REPLICA_DIED: Final = timedelta(days=1)

_OLD: Final = {
    "inbox": "FROM inbox WHERE done_at < %(limit)s",
    "parked_messages": "FROM parked_messages WHERE ended_at < %(limit)s",
}
_ORDER: Final = {"inbox": "done_at", "parked_messages": "ended_at"}

# The done effects of whoever has had none done since and none left open, by when they were done. Where somebody is left
# out the next look goes on behind, so that those who live long are read once a run and not once a batch. By that index
# they come in this order; a server that thinks otherwise sorts all that is old for each batch.
_OLD_EFFECTS: Final = """
SELECT old.effect_key, old.done_at, EXISTS (
  SELECT 1 FROM effect_ledger AS other
  WHERE {whose} AND (other.done_at IS NULL OR other.done_at >= %(limit)s)
)
FROM effect_ledger AS old FORCE INDEX (by_done_at)
WHERE old.done_at < %(limit)s AND (old.done_at > %(at)s OR (old.done_at = %(at)s AND old.effect_key > %(key)s))
  AND old.subject IS {is_null}{but}
ORDER BY old.done_at, old.effect_key LIMIT %(batch)s
"""
# Of several payments of an order, one is on Magento's books and the others went back: only this effect tells which.
_BOOKED: Final = """
  AND NOT (old.kind = 'RecordCapture' AND (
    SELECT COUNT(*) FROM payment_intents AS paid
    WHERE paid.instance = old.instance AND paid.order_id = old.order_id
  ) > 1)"""
_OF_ORDERS: Final = _OLD_EFFECTS.format(
    whose="other.instance = old.instance AND other.order_id = old.order_id", is_null="NULL", but=_BOOKED
)
_OF_OTHERS: Final = _OLD_EFFECTS.format(whose="other.subject = old.subject", is_null="NOT NULL", but="")
_BEGIN: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # as the column keeps it


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is gone, or would be.

    Attributes:
        before: what is younger stays.
        rows: how many rows, by table.
        months: the partitions of the timeline that were dropped whole; their rows are not counted.
    """

    before: datetime
    rows: dict[str, int]
    months: tuple[str, ...]


async def prune(
    pool: Pool, now: datetime, keep: timedelta, batch: int, on_progress: OnProgress | None, *, dry_run: bool
) -> Pruned:
    """Forget done events, done effects, dead letters that were dealt with, and whole months of the timeline."""
    limit = now - keep
    rows = await pool.rows("SELECT MIN(parked_at) FROM parked_messages WHERE copies > 0")
    if oldest := moment_or_none(rows[0][0]):
        limit = min(limit, oldest - BEFORE_IT_WAS_PARKED)
    months = await months_before(pool, limit) if dry_run else await drop_months(pool, limit)
    steps: dict[str, AsyncIterator[int]] = {
        "inbox": _by_time(pool, "inbox", limit, batch, dry_run=dry_run),
        "effect_ledger": _effects(pool, limit, batch, dry_run=dry_run),
        "parked_messages": _by_time(pool, "parked_messages", limit, batch, dry_run=dry_run),
        "replicas": _replicas(pool, now - AFTER_A_REPLICA_DIED, dry_run=dry_run),
    }
    gone = dict.fromkeys(steps, 0)
    for table, deleting in steps.items():
        began = time.monotonic()
        async for deleted in deleting:
            gone[table] += deleted
            if on_progress is not None and deleted:
                on_progress(table, gone[table])
            # As long as it took: whoever works meanwhile, and a replica that follows, has at least every other moment.
            await asyncio.sleep(time.monotonic() - began)
            began = time.monotonic()
    return Pruned(before=limit, rows=gone, months=months)


async def _by_time(pool: Pool, table: str, limit: datetime, batch: int, *, dry_run: bool) -> AsyncIterator[int]:
    params: Params = {"limit": to_column(limit), "batch": batch}
    if dry_run:
        yield whole((await pool.rows(f"SELECT COUNT(*) {_OLD[table]}", params))[0][0])
        return
    deleted = batch
    while deleted == batch:
        deleted = await pool.execute(f"DELETE {_OLD[table]} ORDER BY {_ORDER[table]} LIMIT %(batch)s", params)
        yield deleted


async def _effects(pool: Pool, limit: datetime, batch: int, *, dry_run: bool) -> AsyncIterator[int]:
    for statement in (_OF_ORDERS, _OF_OTHERS):
        at, key = _BEGIN, ""
        found = batch
        while found == batch:
            rows = await pool.rows(statement, {"limit": to_column(limit), "at": at, "key": key, "batch": batch})
            found = len(rows)
            if rows:
                key, at = text(rows[-1][0]), to_column(moment(rows[-1][1]))
            keys = [text(row[0]) for row in rows if not row[2]]
            yield len(keys) if dry_run or not keys else await _delete_effects(pool, keys, limit)


async def _delete_effects(pool: Pool, keys: list[str], limit: datetime) -> int:
    params: dict[str, Value] = {f"k{n}": key for n, key in enumerate(keys)}
    places = ", ".join(f"%({name})s" for name in params)
    return await pool.execute(
        f"DELETE FROM effect_ledger WHERE effect_key IN ({places}) AND done_at < %(limit)s",  # noqa: S608  # places, not values
        {**params, "limit": to_column(limit)},
    )


async def _replicas(pool: Pool, limit: datetime, *, dry_run: bool) -> AsyncIterator[int]:
    params: Params = {"limit": to_column(limit)}
    if dry_run:
        yield whole((await pool.rows("SELECT COUNT(*) FROM replicas WHERE expires_at < %(limit)s", params))[0][0])
    else:
        yield await pool.execute("DELETE FROM replicas WHERE expires_at < %(limit)s", params)
