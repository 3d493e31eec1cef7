"""Who is alive, in SQL."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import text, to_column, whole


class SqlReplicas:
    """`sidecar.ports.store.Replicas` on MySQL or MariaDB."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def beat(self, group: str, replica: str, now: datetime, ttl: timedelta) -> int:
        """Two statements: one says that we live until `now + ttl`, one counts those who live now."""
        await self._pool.execute(
            "INSERT INTO replicas (group_name, replica, expires_at) VALUES (%(group)s, %(replica)s, %(expires)s)"
            " ON DUPLICATE KEY UPDATE expires_at = %(expires)s",
            {"group": group, "replica": replica, "expires": to_column(now + ttl)},
        )
        rows = await self._pool.rows(
            "SELECT COUNT(*) FROM replicas WHERE group_name = %(group)s AND expires_at > %(now)s",
            {"group": group, "now": to_column(now)},
        )
        return max(1, whole(rows[0][0]))

    async def leave(self, group: str, replica: str) -> None:
        """One statement."""
        await self._pool.execute(
            "DELETE FROM replicas WHERE group_name = %(group)s AND replica = %(replica)s",
            {"group": group, "replica": replica},
        )

    async def living(self, now: datetime) -> Mapping[str, tuple[str, ...]]:
        """One statement."""
        rows = await self._pool.rows(
            "SELECT group_name, replica FROM replicas WHERE expires_at > %(now)s ORDER BY group_name, replica",
            {"now": to_column(now)},
        )
        groups: dict[str, tuple[str, ...]] = {}
        for group, replica in rows:
            groups[text(group)] = (*groups.get(text(group), ()), text(replica))
        return groups
