"""Where readers of streams have come to, in SQL."""

from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import text


class SqlCursors:
    """`sidecar.ports.store.Cursors` on MySQL or MariaDB. Every method sends one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, name: str) -> str | None:
        """The cursor, if it was ever set."""
        rows = await self._pool.rows("SELECT value FROM cursors WHERE name = %(name)s", {"name": name})
        return text(rows[0][0]) if rows else None

    async def set(self, name: str, value: str) -> None:
        """Move the cursor."""
        await self._pool.execute(
            "INSERT INTO cursors (name, value) VALUES (%(name)s, %(value)s) ON DUPLICATE KEY UPDATE value = %(value)s",
            {"name": name, "value": value},
        )
