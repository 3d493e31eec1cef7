"""What a migration may do to a database that the release before is still working with.

Tests of every migration there is, one after the other, on the real server: what the release before reads is there as it
was, and what it writes is taken.
"""

import asyncio
from dataclasses import dataclass, replace

import pytest

from sidecar.adapters.store_sql import Migration, MigrationError, MigrationStep, level, migrate
from sidecar.adapters.store_sql.migration import read_all
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.errors import TransientError

ALL = read_all()
NEXT = len(ALL) + 1


@dataclass(frozen=True)
class Column:
    """A column: what values it takes, and whether a row may be written that does not name it."""

    form: tuple[object, ...]
    may_be_left_out: bool


@dataclass(frozen=True)
class Schema:
    """Columns by table and name; and what else refuses rows: unique keys, checks, foreign keys and triggers."""

    columns: dict[tuple[str, str], Column]
    refusals: frozenset[tuple[object, ...]]

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns}


async def schema_of(url: str) -> Schema:
    async with Pool(parse(url), size=1) as pool:
        columns = await pool.rows(
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME, IS_NULLABLE, COLUMN_DEFAULT, EXTRA"
            " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
        )
        unique = await pool.rows(
            "SELECT TABLE_NAME, INDEX_NAME, GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) FROM"
            " information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0"
            " GROUP BY TABLE_NAME, INDEX_NAME"
        )
        others = await pool.rows(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE FROM information_schema.TABLE_CONSTRAINTS"
            " WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_TYPE IN ('CHECK', 'FOREIGN KEY')"
        )
        triggers = await pool.rows(
            "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
        )
    return Schema(
        {
            (str(table), str(name)): Column(
                (kind, collation, nullable, default, extra),
                nullable == "YES" or default is not None or "auto_increment" in str(extra).lower(),
            )
            for table, name, kind, collation, nullable, default, extra in columns
        },
        frozenset((*unique, *others, *triggers)),
    )


def trips_over(before: Schema, after: Schema) -> list[str]:
    """What whoever works with the schema as it was would trip over."""
    found = [
        f"{table}.{name} is gone or has changed"
        for (table, name), column in before.columns.items()
        if after.columns.get((table, name)) != column
    ]
    found += [
        f"{table}.{name} has to be written"
        for (table, name), column in after.columns.items()
        if table in before.tables and (table, name) not in before.columns and not column.may_be_left_out
    ]
    refusals = after.refusals - before.refusals
    return found + [f"{each[0]} refuses more rows: {each[1]}" for each in refusals if each[0] in before.tables]


@pytest.mark.parametrize("number", range(1, len(ALL)), ids=lambda number: ALL[number].name)
async def test_a_migration_only_adds_what_the_release_before_does_not_mind(database_url: str, number: int) -> None:
    await migrate(database_url, migrations=ALL[:number])
    before = await schema_of(database_url)
    await migrate(database_url, migrations=ALL[: number + 1])
    assert trips_over(before, await schema_of(database_url)) == []


def a_migration(sql: str, version: int = NEXT) -> Migration:
    return Migration.read(f"{version:04}_test", sql)


@pytest.mark.parametrize(
    ("sql", "tripped"),
    [
        ("ALTER TABLE orders DROP COLUMN buyer;", "orders.buyer is gone or has changed"),
        ("ALTER TABLE orders MODIFY buyer VARCHAR(65) CHARACTER SET ascii COLLATE ascii_bin NULL;", "orders.buyer"),
        ("ALTER TABLE orders ADD COLUMN a INT NOT NULL;", "orders.a has to be written"),
        ("ALTER TABLE orders ADD UNIQUE KEY one_each (increment_id);", "orders refuses more rows: one_each"),
        ("DROP TABLE cursors;", "cursors.name is gone"),
    ],
)
async def test_a_migration_that_breaks_the_release_before_is_noticed(database_url: str, sql: str, tripped: str) -> None:
    await migrate(database_url)
    before = await schema_of(database_url)
    await migrate(database_url, migrations=[*ALL, a_migration(sql)])
    assert any(tripped in each for each in trips_over(before, await schema_of(database_url)))


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE orders ADD FULLTEXT KEY words (snapshot);",
        "ALTER TABLE timeline MODIFY order_id VARCHAR(20) NOT NULL;",
        "ALTER TABLE orders ADD COLUMN total INT GENERATED ALWAYS AS (order_id + 1) STORED;",
    ],
)
async def test_a_change_that_would_keep_writers_out_is_refused_by_the_server(database_url: str, sql: str) -> None:
    await migrate(database_url)
    before = await schema_of(database_url)
    with pytest.raises(MigrationError, match="cannot do this while others write"):
        await migrate(database_url, migrations=[*ALL, a_migration(sql)])
    assert await schema_of(database_url) == before
    assert await level(database_url) == len(ALL)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE orders SET buyer = NULL;", "rows are moved by the code"),
        ("CREATE INDEX words ON orders (buyer);", "not CREATE, ALTER or DROP TABLE"),
        ("ALTER TABLE orders ADD COLUMN a INT NULL, ALGORITHM = COPY;", "says LOCK or ALGORITHM itself"),
    ],
)
async def test_what_is_no_change_of_a_table_is_refused_before_anything_is_done(
    database_url: str, sql: str, why: str
) -> None:
    with pytest.raises(MigrationError, match=why):
        await migrate(database_url, migrations=[*ALL, a_migration(sql)])
    assert await level(database_url) == 0


async def test_others_pass_while_a_change_waits_for_a_transaction(database_url: str) -> None:
    """As for a backup: the change has to wait, but nobody may have to wait for the change."""
    await migrate(database_url)
    steps: list[MigrationStep] = []
    column = a_migration("ALTER TABLE cursors ADD COLUMN a INT NULL;")
    write = "INSERT INTO cursors (name, value) VALUES (%(name)s, '')"
    async with Pool(parse(database_url), size=3) as pool, pool.session() as backup:
        await backup.execute("BEGIN")
        await backup.rows("SELECT COUNT(*) FROM cursors")
        passed = 0

        async def pass_by(step: MigrationStep) -> None:
            nonlocal passed
            await pool.execute(write, {"name": f"{step.gave_way}"})
            passed += 1
            if passed == 2:
                await backup.execute("COMMIT")

        async with asyncio.TaskGroup() as tasks:

            def told(step: MigrationStep) -> None:
                steps.append(step)
                if step.gave_way:
                    tasks.create_task(pass_by(step))

            assert await migrate(database_url, migrations=[*ALL, column], on_step=told) == [column.name]
    assert passed >= 2
    assert steps[-1] == MigrationStep(column.name, 1, 1)


async def test_a_transaction_that_never_ends_is_told(database_url: str) -> None:
    await migrate(database_url)
    wanted = [*ALL, a_migration("ALTER TABLE cursors ADD COLUMN a INT NULL;")]
    async with Pool(parse(database_url), size=1) as pool, pool.session() as backup:
        await backup.execute("BEGIN")
        await backup.rows("SELECT COUNT(*) FROM cursors")
        with pytest.raises(TransientError, match="table_in_use"):
            await migrate(database_url, migrations=wanted, attempts=1)
    assert await level(database_url) == len(ALL)
    assert await migrate(database_url, migrations=wanted) == [wanted[-1].name]


def test_a_change_of_the_rules_would_be_noticed() -> None:
    """The comparison itself finds nothing where nothing is."""
    column = Column(("int", None, "YES", None, ""), may_be_left_out=True)
    schema = Schema({("t", "a"): column}, frozenset())
    assert trips_over(schema, schema) == []
    assert trips_over(schema, replace(schema, columns=schema.columns | {("u", "b"): column})) == []
