"""Locks that the database server holds for a connection: docs/decisions/0003-order-lock.md."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

import structlog

from schemas.ids import Subject
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.values import Params
from sidecar.errors import TransientError

IDLE_AFTER: Final = timedelta(seconds=60)
"""How long the server keeps a lock whose holder's machine vanished without a word."""
_MARGIN: Final = timedelta(seconds=5)

_log = structlog.get_logger(__name__)


class SqlLocks:
    """`sidecar.ports.store.Locks` by `GET_LOCK`, each on a connection of its own out of a pool of their own."""

    def __init__(self, pool: Pool, beat: timedelta = IDLE_AFTER / 3) -> None:
        self._pool = pool
        self._beat = beat
        self._here: dict[str, _Turn] = {}

    def hold(self, subject: Subject, timeout: timedelta) -> AbstractAsyncContextManager[None]:
        """Hold the order or customer. Two statements, and a connection for as long as it is held.

        Tasks of this process queue here and not at the server, so that a hundred messages about one of them take one
        connection. MySQL rounds what is left of `timeout` to whole seconds.

        Raises:
            TransientError: `order_locked` or `customer_locked` after `timeout`; or the database's own failures.
        """
        return self._hold(subject, timeout)

    @asynccontextmanager
    async def _hold(self, subject: Subject, patience: timedelta) -> AsyncIterator[None]:
        what = f"{subject.kind}/{subject}"
        name = name_of(self._pool.address.database, what)
        deadline = asyncio.get_running_loop().time() + patience.total_seconds()
        async with self._turn(name, patience, subject):
            left = _until(deadline)
            async with self._pool.session(patience=left) as session:
                left = _until(deadline)
                if not await _get(session, name, left):
                    raise _locked(subject)
                async with _held(session, name, what, self._beat):
                    yield

    @asynccontextmanager
    async def exclusive(self, name: str) -> AsyncIterator[bool]:
        """Try to be the only one. Two statements when we are, one when we are not.

        Raises:
            TransientError: the database could not be asked.
        """
        lock = name_of(self._pool.address.database, f"exclusive/{name}")
        async with self._pool.session() as session:
            alone = await _get(session, lock, timedelta())
            if alone:
                async with _held(session, lock, name, self._beat):
                    yield True
        if not alone:
            yield False

    @asynccontextmanager
    async def _turn(self, name: str, patience: timedelta, subject: Subject) -> AsyncIterator[None]:
        turn = self._here.setdefault(name, _Turn())
        turn.wanted += 1
        try:
            try:
                async with asyncio.timeout(patience.total_seconds()):
                    await turn.lock.acquire()
            except TimeoutError:
                raise _locked(subject) from None
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._here[name]


class _Turn:
    """The queue of this process before one lock."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.wanted = 0


def name_of(database: str, what: str) -> str:
    """The lock's name: `GET_LOCK` is server-wide and takes at most 64 characters, so database and all are hashed."""
    digest = hashlib.sha256(f"{database}\0{what}".encode()).hexdigest()
    return f"sidecar:{digest[:48]}"


async def _get(session: Session, name: str, wait: timedelta) -> bool:
    seconds = f"{wait.total_seconds():.3f}"
    rows = await session.rows(
        f"SELECT GET_LOCK(%(name)s, {seconds})",  # a number; MySQL does not take a quoted one
        {"name": name},
        within=wait + _MARGIN,
    )
    return rows[0][0] == 1


@asynccontextmanager
async def _held(session: Session, name: str, what: str, beat: timedelta) -> AsyncIterator[None]:
    params: Params = {"name": name}
    beating = asyncio.create_task(_keep_alive(session, params, beat))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        released = False
        try:
            released = (await session.rows("SELECT RELEASE_LOCK(%(name)s)", params))[0][0] == 1
        except TransientError:
            pass
        finally:
            if not released:
                # Closing the connection releases it too. What was done meanwhile stands: its effects are in the ledger.
                session.discard()
                _log.warning("lock.lost", lock=what)


async def _keep_alive(session: Session, params: Params, beat: timedelta) -> None:
    """Speak now and then, so that the server can tell a holder that works from a machine that vanished."""
    with suppress(TransientError):  # found out, and told, on release
        while True:
            await asyncio.sleep(beat.total_seconds())
            await session.rows("SELECT IS_USED_LOCK(%(name)s)", params)


def _until(deadline: float) -> timedelta:
    return timedelta(seconds=max(0.0, deadline - asyncio.get_running_loop().time()))


def _locked(subject: Subject) -> TransientError:
    kind = subject.kind
    return TransientError("store", f"{kind}_locked", f"another message about {kind} {subject} is being worked on")
