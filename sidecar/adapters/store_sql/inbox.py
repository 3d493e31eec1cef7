"""Which events are done, in SQL."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import Value, text, to_column

_AT_ONCE: Final = 500
"""Events asked after in one statement."""


class SqlInbox:
    """`sidecar.ports.store.Inbox` on MySQL or MariaDB. Every method sends one statement unless it says otherwise."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def is_done(self, consumer: str, source: str, event_id: str) -> bool:
        """Whether every effect of the event was recorded done."""
        rows = await self._pool.rows(
            "SELECT 1 FROM inbox WHERE consumer = %(consumer)s AND event_hash = UNHEX(%(hash)s)",
            {"consumer": consumer, "hash": hash_of(source, event_id)},
        )
        return bool(rows)

    async def mark_done(self, consumer: str, source: str, event_id: str, now: datetime) -> None:
        """Keep when it was first done."""
        await self._pool.execute(
            "INSERT INTO inbox (consumer, event_hash, done_at) VALUES (%(consumer)s, UNHEX(%(hash)s), %(now)s)"
            " ON DUPLICATE KEY UPDATE done_at = done_at",
            {"consumer": consumer, "hash": hash_of(source, event_id), "now": to_column(now)},
        )

    async def missing(self, consumer: str, source: str, event_ids: Sequence[str]) -> frozenset[str]:
        """Those of the events that are not done; one statement for every 500."""
        by_hash = {hash_of(source, event_id): event_id for event_id in event_ids}
        hashes = list(by_hash)
        for first in range(0, len(hashes), _AT_ONCE):
            params: dict[str, Value] = {f"h{n}": value for n, value in enumerate(hashes[first : first + _AT_ONCE])}
            places = ", ".join(f"UNHEX(%({name})s)" for name in params)
            rows = await self._pool.rows(
                f"SELECT LOWER(HEX(event_hash)) FROM inbox WHERE consumer = %(consumer)s AND event_hash IN ({places})",  # noqa: S608  # places, not values
                {**params, "consumer": consumer},
            )
            for (done,) in rows:
                del by_hash[text(done)]
        return frozenset(by_hash.values())


def hash_of(source: str, event_id: str) -> str:
    """Sixteen bytes that stand for the event, in hexadecimal; among 2⁶⁴ events two would share them.

    Hexadecimal because aiomysql 0.3.2 cannot send bytes with PyMySQL 1.2.
    """
    return hashlib.sha256(f"{source}\0{event_id}".encode()).hexdigest()[:32]
