"""Connections: opened late, reused, thrown away when in doubt; nothing here waits for ever."""

import asyncio
import random
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, Self, TypeVar

import aiomysql

from sidecar.adapters.store_sql.failures import DEADLOCK, translated
from sidecar.adapters.store_sql.packet import Statement, send
from sidecar.adapters.store_sql.url import Address
from sidecar.adapters.store_sql.values import Params, Row
from sidecar.errors import TransientError

T = TypeVar("T")
OnStatement = Callable[[str], None]
"""Told what is sent at once, a statement a line group, without its values: each call is a round trip."""

_ATTEMPTS: Final = 5
"""How often a transaction that the server chose as a deadlock's victim is tried in all."""
_SETTINGS: Final = (
    "SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', SESSION time_zone = '+00:00', "
    "SESSION innodb_lock_wait_timeout = 5, SESSION lock_wait_timeout = 10, SESSION wait_timeout = %(idle)s"
)
_ISOLATION: Final = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
"""Upserts under the default level lock gaps between keys, and so wait for strangers."""


class Session:
    """One connection, for a while."""

    def __init__(self, connection: aiomysql.Connection, timeout: timedelta, on_statement: OnStatement | None) -> None:
        self._connection = connection
        self._timeout = timeout
        self._on_statement = on_statement
        self._put_off: list[Statement] = []

    def put_off(self, sql: str, params: Params | None = None) -> None:
        """Send a statement together with the next one, whose answer is the only one that comes back."""
        self._put_off.append((sql, params))

    async def execute(self, sql: str, params: Params | None = None, *, within: timedelta | None = None) -> int:
        """Send one statement; gives the number of rows that changed (2 for a row that an upsert found).

        Raises:
            TransientError: the database did not do it, or did not answer in time.
        """
        changed, _ = await self._send([(sql, params)], within)
        return changed[-1]

    async def together(self, *statements: Statement) -> list[int]:
        """Send several at once; gives the numbers of rows that each of these changed.

        Raises:
            TransientError: the database did not do all of them.
        """
        changed, _ = await self._send(statements, None)
        return changed[-len(statements) :]

    async def rows(self, sql: str, params: Params | None = None, *, within: timedelta | None = None) -> Sequence[Row]:
        """Send one question and give the answer.

        Raises:
            TransientError: the database did not answer, or not in time.
        """
        _, rows = await self._send([(sql, params)], within)
        return rows

    def discard(self) -> None:
        """Close the connection, so that nobody gets it after us."""
        self._connection.close()

    @property
    def alive(self) -> bool:
        """Whether the connection is open, as far as this side knows."""
        return not self._connection.closed

    async def _send(self, asked: Sequence[Statement], within: timedelta | None) -> tuple[list[int], Sequence[Row]]:
        statements, self._put_off = [*self._put_off, *asked], []
        if self._on_statement is not None:
            self._on_statement(";\n".join(statement for statement, _ in statements))
        try:
            with translated():
                async with (
                    asyncio.timeout((within or self._timeout).total_seconds()),
                    self._connection.cursor() as cursor,
                ):
                    changed = await send(cursor, statements)
                    rows: Sequence[Row] = await cursor.fetchall() if cursor.description else ()
                    return changed, rows
        except TransientError as error:
            if error.code == "timeout":
                self.discard()  # its answer may still come, and would be taken for the next one's
            raise
        except RuntimeError:  # what uvloop says to whoever writes into a closed connection; asyncio keeps silent
            self.discard()
            raise TransientError("store", "connection_lost", "it was closed before the statement was sent") from None
        except BaseException:
            self.discard()
            raise


class Pool:
    """A bounded number of connections to one database, closed at the end of `async with`."""

    def __init__(
        self,
        address: Address,
        *,
        size: int,
        connect_timeout: timedelta = timedelta(seconds=5),
        statement_timeout: timedelta = timedelta(seconds=15),
        idle_after: timedelta = timedelta(hours=1),
        on_statement: OnStatement | None = None,
    ) -> None:
        self.address = address
        self._connect_timeout = connect_timeout
        self._statement_timeout = statement_timeout
        self._idle_after = idle_after
        self._on_statement = on_statement
        # The driver's pool forgets to wake those who wait when a broken connection comes back: nobody waits in there.
        self._slots = asyncio.Semaphore(size)
        self._ready: weakref.WeakSet[aiomysql.Connection] = weakref.WeakSet()
        self._size = size
        self._pool: aiomysql.Pool | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def session(self, patience: timedelta | None = None) -> AsyncIterator[Session]:
        """Lend a connection.

        Args:
            patience: how long to wait for a free one, if all are taken; the connect timeout unless given.

        Raises:
            TransientError: none is free (`pool_exhausted`), or none can be made (`unreachable`, `timeout`, …).
        """
        wait = self._connect_timeout if patience is None else patience
        try:
            async with asyncio.timeout(wait.total_seconds()):
                await self._slots.acquire()
        except TimeoutError:
            raise TransientError("store", "pool_exhausted", f"all {self._size} connections are taken") from None
        try:
            pool = await self._driver_pool()
            with translated():
                async with asyncio.timeout(self._connect_timeout.total_seconds()):
                    connection = await pool.acquire()
            try:
                session = Session(connection, self._statement_timeout, self._on_statement)
                await self._prepare(connection)
                yield session
            finally:
                await pool.release(connection)  # which keeps neither a closed one nor one inside a transaction
        finally:
            self._slots.release()

    async def execute(self, sql: str, params: Params | None = None) -> int:
        """Send one statement that commits by itself; tried again when it is a deadlock's victim.

        Raises:
            TransientError: the database did not do it.
        """

        async def attempt() -> int:
            async with self.session() as session:
                return await session.execute(sql, params)

        return await _survive_deadlocks(attempt)

    async def rows(self, sql: str, params: Params | None = None) -> Sequence[Row]:
        """Ask one question, outside any transaction.

        Raises:
            TransientError: the database did not answer.
        """
        async with self.session() as session:
            return await session.rows(sql, params)

    async def rows_after(self, statements: Sequence[Statement], sql: str, params: Params) -> Sequence[Row]:
        """Do all of `statements` or nothing, and ask a question after it; all in one round trip.

        Raises:
            TransientError: the database did not answer; the statements may have been done all the same.
        """
        together = [("BEGIN", None), *statements, ("COMMIT", None)] if len(statements) > 1 else statements

        async def attempt() -> Sequence[Row]:
            async with self.session() as session:
                for statement in together:
                    session.put_off(*statement)
                try:
                    return await session.rows(sql, params)
                except BaseException:
                    session.discard()  # it may be inside the transaction
                    raise

        return await _survive_deadlocks(attempt)

    async def transaction(self, body: Callable[[Session], Awaitable[T]]) -> T:
        """Do all of `body` or nothing; tried again from its beginning when it is a deadlock's victim.

        `BEGIN` goes with the first statement, and what `body` puts off goes with `COMMIT`.

        Raises:
            TransientError: nothing was done, or the connection was lost while the server said whether it was.
        """

        async def attempt() -> T:
            async with self.session() as session:
                session.put_off("BEGIN")
                try:
                    result = await body(session)
                    await session.execute("COMMIT")
                except BaseException:
                    session.discard()  # the server rolls back what a closed connection had begun
                    raise
                return result

        return await _survive_deadlocks(attempt)

    async def close(self) -> None:
        """Take leave of the server; whoever still holds a connection loses it after five seconds."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.close()
        try:
            with translated():
                async with asyncio.timeout(5):
                    await pool.clear()
                    await pool.wait_closed()
        except TransientError:
            pool.terminate()
            await pool.wait_closed()

    async def _driver_pool(self) -> aiomysql.Pool:
        if self._pool is None:
            address = self.address
            self._pool = await aiomysql.create_pool(
                minsize=0,
                maxsize=self._size,
                pool_recycle=int(self._idle_after.total_seconds() / 2),
                host=address.host,
                port=address.port,
                user=address.user,
                password=address.password.get_secret_value(),
                db=address.database,
                ssl=address.tls,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=self._connect_timeout.total_seconds(),
                program_name="sidecar",
            )
        return self._pool

    async def _prepare(self, connection: aiomysql.Connection) -> None:
        if connection in self._ready:
            return
        session = Session(connection, self._connect_timeout, None)
        await session.execute(_SETTINGS, {"idle": int(self._idle_after.total_seconds())})
        await session.execute(_ISOLATION)
        if self.address.tls is not None:
            # The driver goes on in the clear when the server, or someone in between, says that it has no TLS.
            rows = await session.rows("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            if not rows or not rows[0][1]:
                session.discard()
                raise TransientError("store", "tls", "the server does not offer TLS, which the URL asks for")
        self._ready.add(connection)


async def _survive_deadlocks(attempt: Callable[[], Awaitable[T]]) -> T:
    for nth in range(_ATTEMPTS - 1):
        try:
            return await attempt()
        except TransientError as error:
            if error.code != DEADLOCK:
                raise
        await asyncio.sleep(random.uniform(0, 0.02 * 2**nth))  # noqa: S311  # jitter, not a secret
    return await attempt()
