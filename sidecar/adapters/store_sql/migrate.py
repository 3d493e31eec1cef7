"""Bringing a database up to the schema that this release needs, while the release before is at work.

A migration only adds, so that the release before goes on working beside it; what it no longer needs goes one release
later. A database that knows more migrations than this release does is therefore accepted.

Even a change that keeps nobody out has to wait, at its beginning and its end, until every transaction that has touched
the table is over, and whoever comes after it stands behind it. So it waits a second at a time and lets them pass.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from sidecar.adapters.store_sql.locks import name_of
from sidecar.adapters.store_sql.migration import Migration, read_all
from sidecar.adapters.store_sql.online import REFUSED, NotOnlineError, online
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.url import parse
from sidecar.adapters.store_sql.values import text, whole
from sidecar.errors import TransientError

_PATIENCE: Final = timedelta(minutes=2)
"""With whoever else is migrating."""
_STATEMENT: Final = timedelta(hours=6)
"""For one statement: a big table takes its time."""
_ALREADY: Final = frozenset(("mysql_1050", "mysql_1060", "mysql_1061", "mysql_1091"))
"""The table, column or index is there already, or is gone already."""
_WAIT: Final = "SET SESSION lock_wait_timeout = 1"
"""Seconds for which others may have to stand behind a change that waits for a transaction."""
_PAUSE: Final = 1.0
"""Seconds in which they pass."""
_ATTEMPTS: Final = 60

_CREATE = """
CREATE TABLE schema_migrations (
  version INT UNSIGNED NOT NULL,
  name VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  statements INT UNSIGNED NOT NULL,
  statements_done INT UNSIGNED NOT NULL,
  changed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (version)
) ENGINE = InnoDB
"""


class MigrationError(Exception):
    """The database and the migrations of this release contradict each other; says what to do."""


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """How far a migration has come.

    Attributes:
        name: the migration's file name without its ending.
        done: how many of its statements are done.
        statements: how many it has.
        gave_way: how often the next one has made room for others, because a transaction holds its table.
    """

    name: str
    done: int
    statements: int
    gave_way: int = 0


@dataclass(frozen=True, slots=True)
class _Applied:
    name: str
    checksum: str
    statements: int
    done: int


async def migrate(
    url: str,
    *,
    on_step: Callable[[MigrationStep], None] | None = None,
    migrations: Sequence[Migration] | None = None,
    attempts: int = _ATTEMPTS,
) -> list[str]:
    """Apply what is missing, in order, while nobody else does; gives the names of what was applied.

    The server cannot roll back a change of schema. Each statement is noted when it is done, so that a migration which
    was cut short goes on where it stopped.

    Args:
        url: as for `open_store`.
        on_step: told after each statement.
        migrations: other ones than this release's.
        attempts: how often a change waits a second for whoever holds its table.

    Raises:
        StoreUrlError: the URL does not name a database.
        MigrationError: a migration was changed after it was applied, one is missing before it, or one cannot be done
            while others write.
        TransientError: the database failed, somebody else has been migrating it for two minutes (`migrating`), or a
            transaction has held a table all the time (`table_in_use`).
    """
    wanted = read_all() if migrations is None else migrations
    for migration in wanted:
        _check(migration)
    applied: list[str] = []
    async with _session(url) as (session, database):
        lock = name_of(database, "migrate")
        waited = await session.rows(
            f"SELECT GET_LOCK(%(name)s, {_PATIENCE.seconds})", {"name": lock}, within=_PATIENCE * 2
        )
        if waited[0][0] != 1:
            raise TransientError("store", "migrating", "somebody else is migrating this database")
        try:
            if not await _has_table(session):
                await session.execute(_CREATE)
            known = await _applied(session)
            for migration in _missing(wanted, known):
                await _apply(session, migration, known.get(migration.version), on_step, attempts)
                applied.append(migration.name)
        finally:
            if session.alive:
                await session.rows("SELECT RELEASE_LOCK(%(name)s)", {"name": lock})
    return applied


async def pending(url: str, *, migrations: Sequence[Migration] | None = None) -> list[str]:
    """The names of the migrations that are not, or not wholly, applied.

    Raises:
        StoreUrlError: the URL does not name a database.
        MigrationError: as for `migrate`.
        TransientError: the database failed.
    """
    wanted = read_all() if migrations is None else migrations
    async with _session(url) as (session, _):
        known = await _applied(session) if await _has_table(session) else {}
    return [migration.name for migration in _missing(wanted, known)]


async def level(url: str) -> int:
    """The version of the last migration that was wholly applied; 0 for an empty database.

    Raises:
        StoreUrlError: the URL does not name a database.
        TransientError: the database failed.
    """
    async with _session(url) as (session, _):
        known = await _applied(session) if await _has_table(session) else {}
    return max((version for version, row in known.items() if row.done == row.statements), default=0)


def _missing(wanted: Sequence[Migration], known: Mapping[int, _Applied]) -> list[Migration]:
    missing: list[Migration] = []
    for migration in wanted:
        row = known.get(migration.version)
        if row is not None and row.checksum != migration.checksum:
            raise MigrationError(
                f"migration {migration.name} was changed after it was applied to this database as {row.name}: recorded "
                f"checksum {row.checksum[:12]}, the file's is {migration.checksum[:12]}. Restore the file, and put the "
                "change into a new migration."
            )
        if row is None or row.done < row.statements:
            missing.append(migration)
    newest = max(known, default=0)
    for migration in missing:
        if migration.version < newest and migration.version not in known:
            raise MigrationError(
                f"migration {migration.name} is not applied, but number {newest} is: migrations are applied in order. "
                "Give it a number after the last one."
            )
    return missing


async def _apply(
    session: Session,
    migration: Migration,
    row: _Applied | None,
    on_step: Callable[[MigrationStep], None] | None,
    attempts: int,
) -> None:
    total = len(migration.statements)
    if row is None:
        await session.execute(
            "INSERT INTO schema_migrations (version, name, checksum, statements, statements_done)"
            " VALUES (%(version)s, %(name)s, %(checksum)s, %(statements)s, 0)",
            {
                "version": migration.version,
                "name": migration.name,
                "checksum": migration.checksum,
                "statements": total,
            },
        )
    start = 0 if row is None else row.done
    for done, statement in enumerate(migration.statements[start:], start + 1):
        try:
            tell = partial(_tell, on_step, migration.name, done - 1, total)
            await _send(session, migration.name, statement, tell, attempts)
        except TransientError as error:
            # Cut short after the statement and before its note: only the first one of a second run can be in that case.
            if row is None or done != start + 1 or error.code not in _ALREADY:
                raise
        await session.execute(
            "UPDATE schema_migrations SET statements_done = %(done)s WHERE version = %(version)s",
            {"done": done, "version": migration.version},
        )
        _tell(on_step, migration.name, done, total)


def _tell(
    on_step: Callable[[MigrationStep], None] | None, name: str, done: int, statements: int, gave_way: int = 0
) -> None:
    if on_step is not None:
        on_step(MigrationStep(name, done, statements, gave_way))


def _check(migration: Migration) -> None:
    for statement in migration.statements:
        try:
            online(statement)
        except NotOnlineError as error:
            raise MigrationError(f"migration {migration.name}: {error}") from None


async def _send(
    session: Session, name: str, statement: str, on_giving_way: Callable[[int], None], attempts: int
) -> None:
    """Change the schema as soon as no transaction holds the table, without keeping others from it meanwhile."""
    await session.execute(_WAIT)
    for attempt in range(1, attempts + 1):
        try:
            await session.execute(online(statement), within=_STATEMENT)
        except TransientError as error:
            if error.code in REFUSED:
                raise MigrationError(
                    f"migration {name}: the database cannot do this while others write ({error.detail}): "
                    f"{' '.join(statement.split())[:100]}"
                ) from None
            if error.code != "lock_wait_timeout":
                raise
        else:
            return
        on_giving_way(attempt)
        await asyncio.sleep(_PAUSE)
    raise TransientError(
        "store",
        "table_in_use",
        f"migration {name}: a transaction has held its table {attempts} times, perhaps a backup: run it later",
    )


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[tuple[Session, str]]:
    async with Pool(parse(url), size=1) as pool, pool.session() as session:
        yield session, pool.address.database


async def _has_table(session: Session) -> bool:
    rows = await session.rows(
        "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'schema_migrations'"
    )
    return bool(rows)


async def _applied(session: Session) -> dict[int, _Applied]:
    rows = await session.rows("SELECT version, name, checksum, statements, statements_done FROM schema_migrations")
    return {
        whole(version): _Applied(text(name), text(checksum), whole(statements), whole(done))
        for version, name, checksum, statements, done in rows
    }
