"""The store, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sidecar.adapters.store_sql.circuits import SqlCircuits
from sidecar.adapters.store_sql.cursors import SqlCursors
from sidecar.adapters.store_sql.customers import SqlCustomers
from sidecar.adapters.store_sql.inbox import SqlInbox
from sidecar.adapters.store_sql.ledger import SqlLedger
from sidecar.adapters.store_sql.locks import IDLE_AFTER, SqlLocks
from sidecar.adapters.store_sql.orders import SqlOrders
from sidecar.adapters.store_sql.parked import SqlParkedMessages
from sidecar.adapters.store_sql.partitions import add_months
from sidecar.adapters.store_sql.pool import OnStatement, Pool
from sidecar.adapters.store_sql.prune import LEAST, OnProgress, Pruned, prune
from sidecar.adapters.store_sql.replicas import SqlReplicas
from sidecar.adapters.store_sql.timeline import SqlTimeline
from sidecar.adapters.store_sql.url import parse


class SqlStore:
    """`sidecar.ports.store.Store` on MySQL 8 or MariaDB 10.6 and later.

    Every method may be repeated after a `TransientError`; a deadlock's victim was tried again five times before.
    """

    def __init__(self, pool: Pool, locks: Pool) -> None:
        self._pool = pool
        self.orders = SqlOrders(pool)
        self.customers = SqlCustomers(pool)
        self.ledger = SqlLedger(pool)
        self.inbox = SqlInbox(pool)
        self.timeline = SqlTimeline(pool)
        self.cursors = SqlCursors(pool)
        self.locks = SqlLocks(locks)
        self.replicas = SqlReplicas(pool)
        self.parked = SqlParkedMessages(pool)
        self.circuits = SqlCircuits(pool)

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            TransientError: it gave none.
        """
        await self._pool.rows("SELECT 1")

    async def maintain(self, now: datetime) -> tuple[str, ...]:
        """Make the timeline's partitions for this month and the three after it; gives the names of the new ones.

        Do it after a migration and once a day. Nothing fails when it is late: what has no month goes into the last
        partition, and is moved when its month is made.
        """
        async with self.locks.exclusive("timeline-partitions") as alone:
            return await add_months(self._pool, now) if alone else ()

    async def prune(
        self,
        now: datetime,
        keep: timedelta,
        *,
        batch: int = 500,
        on_progress: OnProgress | None = None,
        dry_run: bool = False,
    ) -> Pruned | None:
        """Forget done events, done effects, dead letters that were dealt with, and lines of the timeline.

        The effects of an order or customer are forgotten all at once, when the last of them was done longer ago than
        `keep`; the timeline by whole months, so that its lines stay up to a month longer. Dead letters are looked
        after: nothing is forgotten that is younger than the oldest of them by a day, so that it can be replayed.

        Args:
            now: the time.
            keep: what was done in so long is kept; 31 days at least, as a look-back over 30 may bring an event again.
            batch: the most rows that one statement reads or deletes.
            on_progress: told the table and how many of its rows are gone, after each batch.
            dry_run: only count.

        Returns:
            what is gone; None if another process is at it.

        Raises:
            ValueError: `keep` is too short.
        """
        if keep < LEAST:
            raise ValueError(f"{LEAST.days} days are kept at least: Stripe may bring events of 30 days again")
        async with self.locks.exclusive("prune") as alone:
            return await prune(self._pool, now, keep, batch, on_progress, dry_run=dry_run) if alone else None


@asynccontextmanager
async def open_store(
    url: str,
    *,
    connections: int = 10,
    lock_connections: int = 32,
    connect_timeout: timedelta = timedelta(seconds=5),
    statement_timeout: timedelta = timedelta(seconds=15),
    on_statement: OnStatement | None = None,
) -> AsyncIterator[SqlStore]:
    """Open the store at `mysql://user:password@host:3306/database?ssl=…`, and close it afterwards.

    No connection is made before one is needed, so that a database which is away does not keep a process from starting.

    Args:
        url: user and password percent-encoded; `ssl` is `off`, `on` or the path of a file of authorities.
        connections: the most that are open at once for reading and writing.
        lock_connections: the most locks that are held at once; the prefetch count at least.
        connect_timeout: for making a connection, and for waiting until one is free.
        statement_timeout: for the answer to one statement.
        on_statement: told each statement as it is sent, without its values.

    Raises:
        StoreUrlError: the URL does not name a database.
    """
    address = parse(url)
    pool = Pool(
        address,
        size=connections,
        connect_timeout=connect_timeout,
        statement_timeout=statement_timeout,
        on_statement=on_statement,
    )
    locks = Pool(
        address,
        size=lock_connections,
        connect_timeout=connect_timeout,
        statement_timeout=statement_timeout,
        idle_after=IDLE_AFTER,
        on_statement=on_statement,
    )
    async with pool, locks:
        yield SqlStore(pool, locks)
