"""The stand-in's database."""

import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomysql
from yarl import URL

Row = dict[str, Any]
"""A row by column name: what Magento's tables hold is for the handlers to know."""

SCHEMA = Path(__file__).with_name("schema.sql")


class Session:
    """One transaction."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401  # aiomysql has no types
        self._cursor = cursor

    async def rows(self, statement: str, *values: object) -> Sequence[Row]:
        """Read."""
        await self._cursor.execute(statement, values or None)
        read: Sequence[Row] = await self._cursor.fetchall()
        return read

    async def row(self, statement: str, *values: object) -> Row | None:
        """Read the first."""
        found = await self.rows(statement, *values)
        return found[0] if found else None

    async def run(self, statement: str, *values: object) -> int:
        """Write, and return how many rows were changed."""
        await self._cursor.execute(statement, values or None)
        return int(self._cursor.rowcount)

    async def insert(self, table: str, row: Row) -> int:
        """Insert a row and return its id."""
        columns = ", ".join(row)
        marks = ", ".join(["%s"] * len(row))
        await self._cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))  # noqa: S608  # names of ours
        return int(self._cursor.lastrowid)

    async def update(self, table: str, key: str, value: object, row: Row) -> None:
        """Change a row."""
        changes = ", ".join(f"{column} = %s" for column in row)
        await self._cursor.execute(f"UPDATE {table} SET {changes} WHERE {key} = %s", (*row.values(), value))  # noqa: S608  # names of ours


class Database:
    """A pool of connections, and transactions on them."""

    def __init__(self, pool: Any) -> None:  # noqa: ANN401  # aiomysql has no types
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: committed at the end of the block, rolled back if it raises."""
        async with self._pool.acquire() as connection:
            await connection.begin()
            try:
                async with connection.cursor(aiomysql.DictCursor) as cursor:
                    yield Session(cursor)
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()


@asynccontextmanager
async def open_database(url: str, size: int = 12) -> AsyncIterator[Database]:
    """Open the database, with its tables made where they are missing."""
    address = URL(url)
    pool = await aiomysql.create_pool(
        host=address.host,
        port=address.port or 3306,
        user=address.user or "root",
        password=address.password or "",
        db=address.path.strip("/"),
        minsize=1,
        maxsize=size,
        charset="utf8mb4",
        init_command="SET time_zone = '+00:00'",
    )
    try:
        database = Database(pool)
        async with database.transaction() as session:
            for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
                words = "\n".join(line for line in statement.splitlines() if not line.startswith("--")).strip()
                if words:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")  # "already exists" is what IF NOT EXISTS is for
                        await session.run(words.rstrip(";"))
        yield database
    finally:
        pool.close()
        await pool.wait_closed()
