"""Transactions on Magento's database, and what its errors mean."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiomysql
import pymysql
from yarl import URL

from sidecar.errors import TransientError, UnauthorizedError, UnknownOutcomeError

Row = dict[str, Any]
"""A row by column name, as Magento's tables have it."""

_TABLE = re.compile(r"\{([a-z_]+)\}")
_RETRY = {1205: "lock_wait_timeout", 1213: "deadlock", 1040: "too_many_connections"}
_LOST = frozenset((2006, 2013))
_REFUSED = frozenset((1044, 1045, 1142))
_PATIENCE = 5.0
_STATEMENT = 15.0


class Session:
    """One transaction. Table names stand in braces and get the prefix."""

    def __init__(self, cursor: Any, prefix: str) -> None:  # noqa: ANN401  # aiomysql has no types
        self._cursor = cursor
        self._prefix = prefix

    async def rows(self, statement: str, values: Mapping[str, object]) -> list[Row]:
        """Read."""
        await self.run(statement, values)
        return list(await self._cursor.fetchall())

    async def run(self, statement: str, values: Mapping[str, object]) -> int:
        """Write, and return how many rows were changed."""
        async with asyncio.timeout(_STATEMENT):
            await self._cursor.execute(_TABLE.sub(rf"`{self._prefix}\1`", statement), dict(values))
        return int(self._cursor.rowcount)


class Database:
    """A pool of connections."""

    def __init__(self, pool: Any, prefix: str) -> None:  # noqa: ANN401  # aiomysql has no types
        self._pool = pool
        self._prefix = prefix

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction, committed at the end of the block.

        Raises:
            TransientError: nothing was written: a deadlock, a lock, no connection.
            UnknownOutcomeError: the connection was lost, perhaps after the commit; every write may be repeated.
            UnauthorizedError: the login or a grant is missing.
        """
        with _translated():
            async with asyncio.timeout(_PATIENCE):
                connection = await self._pool.acquire()
            try:
                await connection.begin()
                async with connection.cursor(aiomysql.DictCursor) as cursor:
                    yield Session(cursor, self._prefix)
                await connection.commit()
            except BaseException:
                connection.close()  # the server rolls back, and nobody inherits a broken connection
                raise
            finally:
                self._pool.release(connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except pymysql.err.MySQLError as error:
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if code in _RETRY:
            raise TransientError("magento", _RETRY[code], f"MySQL {code}") from None
        if code in _REFUSED:
            raise UnauthorizedError("magento", f"mysql_{code}", "the login or a grant is missing") from None
        if code in _LOST:
            raise UnknownOutcomeError("magento", "connection_lost", f"MySQL {code}") from None
        raise TransientError("magento", f"mysql_{code}", "see the database's log") from None
    except (TimeoutError, OSError) as error:
        raise UnknownOutcomeError("magento", "no_answer", type(error).__name__) from None


@asynccontextmanager
async def open_database(url: str, prefix: str) -> AsyncIterator[Database]:
    """Open the database at `mysql://user:password@host:3306/name`; connections are made when they are needed."""
    address = URL(url)
    pool = await aiomysql.create_pool(
        minsize=0,
        maxsize=10,
        host=address.host,
        port=address.port or 3306,
        user=address.user or "",
        password=address.password or "",
        db=address.path.strip("/"),
        charset="utf8mb4",
        connect_timeout=_PATIENCE,
        init_command="SET time_zone = '+00:00'",
    )
    try:
        yield Database(pool, prefix)
    finally:
        pool.close()
        await pool.wait_closed()
