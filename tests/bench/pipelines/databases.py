"""A store and a Magento in databases of their own, with one order that has been cloned as often as a run needs."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiomysql
from yarl import URL

Replacements = dict[str, str]
"""What stands in the template, and the prefix behind which a clone has its own number: `{"pi_3Q…": "pi_"}`."""


@dataclass(frozen=True, slots=True)
class Cloned:
    """A table whose template rows are copied.

    Attributes:
        condition: which rows are the template's.
        keys: whole-number columns that hold the order's number.
        without: columns that the server fills by itself.
    """

    table: str
    condition: str
    keys: Sequence[str] = ()
    without: Sequence[str] = ()


@asynccontextmanager
async def new_database(server: str) -> AsyncIterator[str]:
    """A database of the run's own, dropped afterwards."""
    address, name = URL(server), f"sidecar_bench_{secrets.token_hex(6)}"
    async with connected(server) as cursor:
        await cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield str(address.with_path(f"/{name}"))
    finally:
        async with connected(server) as cursor:
            await cursor.execute(f"DROP DATABASE {name}")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[aiomysql.Cursor]:
    """A cursor on a connection of its own."""
    connection = await connect(url)
    try:
        async with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


async def connect(url: str, **options: object) -> aiomysql.Connection:
    """A bare connection, in autocommit."""
    address = URL(url)
    return await aiomysql.connect(
        host=address.host,
        port=address.port or 3306,
        user=address.user or "root",
        password=address.password or "",
        db=address.path.strip("/") or None,
        charset="utf8mb4",
        autocommit=True,
        **options,
    )


async def clone(url: str, tables: Sequence[Cloned], numbers: range, template: int, tokens: Replacements) -> None:
    """Copy the template's rows once for each number, in one statement for each table."""
    async with connected(url) as cursor:
        await cursor.execute("CREATE TEMPORARY TABLE bench_number (n BIGINT UNSIGNED PRIMARY KEY)")
        await cursor.executemany("INSERT INTO bench_number VALUES (%s)", [(number,) for number in numbers])
        for cloned in tables:
            await cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = DATABASE() AND table_name = %s",
                (cloned.table,),
            )
            columns = {name: kind for name, kind in await cursor.fetchall() if name not in cloned.without}
            values = [_value(name, kind, cloned.keys, template, tokens) for name, kind in columns.items()]
            await cursor.execute(
                f"INSERT INTO {cloned.table} ({', '.join(columns)})"  # noqa: S608  # names of ours
                f" SELECT {', '.join(values)} FROM {cloned.table} AS t, bench_number WHERE {cloned.condition}"
            )


def _value(name: str, kind: str, keys: Sequence[str], template: int, tokens: Replacements) -> str:
    if name in keys:
        return "n"
    if "char" not in kind and "text" not in kind:
        return f"t.{name}"
    value = f"REPLACE(t.{name}, '{template}', n)"
    for token, prefix in tokens.items():
        value = f"REPLACE({value}, '{token}', CONCAT('{prefix}', n))"
    return value
