"""Bringing databases up to date: empty ones, half-done ones, newer ones and contradictory ones."""

import asyncio
from dataclasses import replace

import pytest

from sidecar.adapters.store_sql import (
    Migration,
    MigrationError,
    MigrationStep,
    level,
    migrate,
    open_store,
    pending,
)
from sidecar.adapters.store_sql.migration import read_all
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.errors import TransientError
from tests.consumers.builders import ORDER

TWO = "-- why\nCREATE TABLE a (id INT);\n-- semicolons; in comments\nCREATE TABLE b (\n  id INT\n);\n"
FIRST = Migration.read("0001_two_tables", TWO)
SECOND = Migration.read("0002_column", "ALTER TABLE a ADD COLUMN c INT NULL;")


async def tables(url: str) -> set[object]:
    async with Pool(parse(url), size=1) as pool:
        rows = await pool.rows("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
    return {row[0] for row in rows}


async def test_an_empty_database_is_brought_to_the_newest_level(database_url: str) -> None:
    names = [migration.name for migration in read_all()]
    assert await level(database_url) == 0
    assert await pending(database_url) == names
    assert await migrate(database_url) == names
    assert await migrate(database_url) == []
    assert await pending(database_url) == []
    assert await level(database_url) == read_all()[-1].version


async def test_each_statement_is_told(database_url: str) -> None:
    steps: list[MigrationStep] = []
    assert await migrate(database_url, migrations=[FIRST, SECOND], on_step=steps.append) == [FIRST.name, SECOND.name]
    assert [(step.name, step.done, step.statements) for step in steps] == [
        ("0001_two_tables", 1, 2),
        ("0001_two_tables", 2, 2),
        ("0002_column", 1, 1),
    ]


async def test_several_at_once_apply_it_once(database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(database_url, migrations=[FIRST, SECOND]) for _ in range(5)))
    assert sorted(applied) == [[], [], [], [], [FIRST.name, SECOND.name]]


async def test_a_changed_migration_is_refused(database_url: str) -> None:
    await migrate(database_url, migrations=[FIRST])
    changed = Migration.read(FIRST.name, TWO.replace("INT", "BIGINT"))
    for ask in (migrate, pending):
        with pytest.raises(MigrationError, match=r"0001_two_tables was changed .* new migration"):
            await ask(database_url, migrations=[changed, SECOND])
    assert await pending(database_url, migrations=[FIRST, SECOND]) == [SECOND.name]


async def test_line_endings_are_no_change() -> None:
    assert Migration.read(FIRST.name, TWO.replace("\n", "\r\n")) == FIRST


@pytest.mark.parametrize("noted", [0, 1])
async def test_what_was_cut_short_goes_on(database_url: str, noted: int) -> None:
    broken = replace(FIRST, statements=(FIRST.statements[0], "CREATE TABLE NONSENSE ("))
    with pytest.raises(TransientError, match="PARSE_ERROR"):
        await migrate(database_url, migrations=[broken])
    assert await pending(database_url, migrations=[FIRST]) == [FIRST.name]
    assert await level(database_url) == 0
    async with Pool(parse(database_url), size=1) as pool:
        await pool.execute("UPDATE schema_migrations SET statements_done = %(noted)s", {"noted": noted})  # then killed
    assert await migrate(database_url, migrations=[FIRST]) == [FIRST.name]
    assert await level(database_url) == 1
    assert {"a", "b"} <= await tables(database_url)


async def test_a_table_that_is_there_for_another_reason_is_not_taken_for_ours(database_url: str) -> None:
    async with Pool(parse(database_url), size=1) as pool:
        await pool.execute("CREATE TABLE a (quite VARCHAR(9), another INT)")
    with pytest.raises(TransientError, match="TABLE_EXISTS"):
        await migrate(database_url, migrations=[FIRST])


async def test_the_release_before_accepts_a_newer_database(database_url: str) -> None:
    await migrate(database_url, migrations=[FIRST, SECOND])
    assert await migrate(database_url, migrations=[FIRST]) == []
    assert await pending(database_url, migrations=[FIRST]) == []


async def test_the_release_before_still_writes_down_effects_and_lines(database_url: str) -> None:
    """It names no customer: what it writes is an order's."""
    await migrate(database_url)
    async with Pool(parse(database_url), size=1) as pool:
        await pool.execute(
            "INSERT INTO effect_ledger (effect_key, kind, instance, order_id, state, params, attempts, started_at)"
            " VALUES ('k', 'X', 'shop', 42, 'pending', '{}', 1, '2026-11-23')"
        )
        await pool.execute(
            "INSERT INTO timeline (at, instance, order_id, source, kind, summary, detail, trace_id)"
            " VALUES ('2026-11-23', 'shop', 42, 'orders', 'effect.done', 'done', '{}', NULL)"
        )
    async with open_store(database_url) as store:
        assert dict((await store.orders.load(ORDER)).effects) == {"k": "pending"}
        assert [line.summary for line in await store.timeline.read(ORDER)] == ["done"]


async def test_none_is_slipped_in_before_one_that_is_applied(database_url: str) -> None:
    await migrate(database_url, migrations=[FIRST, Migration.read("0003_later", "CREATE TABLE c (id INT);")])
    with pytest.raises(MigrationError, match="applied in order"):
        await migrate(database_url, migrations=[FIRST, SECOND])


def test_names_say_their_number() -> None:
    with pytest.raises(ValueError, match="0001_what_it_does"):
        Migration.read("first", "SELECT 1;")


def test_numbers_are_given_once_and_without_gaps() -> None:
    assert [migration.version for migration in read_all()] == list(range(1, len(read_all()) + 1))
