"""Transactions on Magento's database."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiomysql
from pymysql.constants import CLIENT

from sidecar.adapters.magento_db.failures import translated
from sidecar.adapters.store_sql.packet import Statement, send
from sidecar.adapters.store_sql.url import StoreUrlError, parse
from sidecar.breaker.guard import Guard, Unguarded
from sidecar.errors import TransientError
from sidecar.observability.tracing import span

Row = dict[str, Any]
"""A row by column name, as Magento's tables have it."""

OnTransaction = Callable[[str, str, float], None]
"""Told `transaction`, `ok` or the error's code, and the seconds that it took."""

_TABLE: Final = re.compile(r"\{([a-z_]+)\}")
_CONNECTIONS: Final = 10
_PATIENCE: Final = 5.0
_STATEMENT: Final = 15.0
_IDLE: Final = 3600
_SETTINGS: Final = (
    "SET SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 10,"
    " SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
)


class Session:
    """One transaction. Table names stand in braces and get the prefix."""

    def __init__(self, cursor: Any, prefix: str) -> None:  # noqa: ANN401  # aiomysql has no types
        self._cursor = cursor
        self._prefix = prefix
        self._put_off: list[Statement] = [("BEGIN", None)]

    def put_off(self, statement: str, values: Mapping[str, object]) -> None:
        """Write together with what follows, in one round trip."""
        self._put_off.append((self._named(statement), values))

    async def rows(self, statement: str, values: Mapping[str, object]) -> list[Row]:
        """Read."""
        await self.run(statement, values)
        return list(await self._cursor.fetchall())

    async def run(self, statement: str, values: Mapping[str, object]) -> int:
        """Write, and return how many rows the condition fitted, whether they had these values already or not."""
        self.put_off(statement, values)
        await self._send()
        return int(self._cursor.rowcount)

    async def commit(self) -> None:
        """End the transaction, with what was put off."""
        self._put_off.append(("COMMIT", None))
        await self._send()

    async def _send(self) -> None:
        statements, self._put_off = self._put_off, []
        async with asyncio.timeout(_STATEMENT):
            await send(self._cursor, statements)

    def _named(self, statement: str) -> str:
        return _TABLE.sub(rf"`{self._prefix}\1`", statement)


class Database:
    """A pool of connections."""

    def __init__(self, pool: Any, prefix: str, told: OnTransaction, guard: Guard) -> None:  # noqa: ANN401  # aiomysql has no types
        self._pool = pool
        self._prefix = prefix
        self._told = told
        self._guard = guard
        # The driver's pool forgets to wake those who wait when a broken connection comes back: nobody waits in there.
        self._slots = asyncio.Semaphore(_CONNECTIONS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """`_transaction`, measured: what the port's own rules refuse is no failure of the database."""
        started, code = time.perf_counter(), "ok"
        try:
            with span("transaction", "client", db__system__name="mysql"):
                async with self._transaction() as session:
                    yield session
        except TransientError as error:
            code = error.code
            raise
        finally:
            self._told("transaction", code, time.perf_counter() - started)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Session]:
        """One transaction, committed at the end of the block.

        Raises:
            TransientError: nothing was written: a deadlock, a lock, no connection.
            UnknownOutcomeError: the connection was lost during the commit; every write may be repeated.
            UnauthorizedError: the login or a grant is missing.
            RefusedError: the database does not take a value.
        """
        async with self._guard.call(), self._connection() as connection:
            try:
                async with connection.cursor(aiomysql.DictCursor) as cursor:
                    session = Session(cursor, self._prefix)
                    with translated(committing=False):
                        yield session
                    with translated(committing=True):
                        await session.commit()
            except BaseException:
                connection.close()  # the server rolls back, and nobody inherits a broken connection
                raise

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        try:
            async with asyncio.timeout(_PATIENCE * 2):
                await self._slots.acquire()
        except TimeoutError:
            raise TransientError("magento", "pool_exhausted", f"all {_CONNECTIONS} connections are taken") from None
        try:
            with translated(committing=False):
                async with asyncio.timeout(_PATIENCE):
                    connection = await self._pool.acquire()
            try:
                yield connection
            finally:
                await self._pool.release(connection)
        finally:
            self._slots.release()


@asynccontextmanager
async def open_database(
    url: str, prefix: str, told: OnTransaction = lambda *_: None, guard: Guard | None = None
) -> AsyncIterator[Database]:
    """Open the database at `mysql://user:password@host:3306/name?ssl=…`; connections are made when they are needed.

    Raises:
        StoreUrlError: the address is incomplete; says what is missing and never repeats it, as it holds a password.
    """
    try:
        address = parse(url)
    except StoreUrlError as error:
        raise StoreUrlError(f"[magento] database_url: {error}") from None
    pool = await aiomysql.create_pool(
        minsize=0,
        maxsize=_CONNECTIONS,
        pool_recycle=_IDLE,
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password.get_secret_value(),
        db=address.database,
        ssl=address.tls,
        charset="utf8mb4",
        connect_timeout=_PATIENCE,
        init_command=_SETTINGS,
        client_flag=CLIENT.FOUND_ROWS,
    )
    try:
        yield Database(pool, prefix, told, guard or Unguarded())
    finally:
        pool.close()
        await pool.wait_closed()
