"""Migrations run while consumers work on real orders, on tables with many rows."""

import asyncio

import pytest

from sidecar.adapters.store_sql import Migration, migrate
from sidecar.adapters.store_sql.migration import read_all
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.sandbox.demo.stage import Plan, set_stage
from tests.acceptance.play import Play, playing

ROWS = 50_000
"""Of each table: enough that a change takes longer than an order."""
NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %(rows)s)"
EFFECTS = f"""
INSERT INTO effect_ledger (effect_key, kind, instance, order_id, state, params, attempts, started_at, done_at)
{NUMBERS}
SELECT CONCAT('filler/', i), 'Filler', 'filler', i, 'done', REPEAT('x', 200), 1, '2026-11-01', '2026-11-01' FROM n
"""  # noqa: S608  # our own words
LINES = f"""
INSERT INTO timeline (at, instance, order_id, source, kind, summary, detail)
{NUMBERS}
SELECT '2026-11-01', 'filler', i, 'filler', 'filler', REPEAT('x', 50), '{{}}' FROM n
"""  # noqa: S608  # our own words
EACH_KIND = """
CREATE TABLE of_tomorrow (id INT PRIMARY KEY, a TEXT NULL);
ALTER TABLE effect_ledger ADD COLUMN nullable VARCHAR(64) NULL;
ALTER TABLE effect_ledger ADD COLUMN with_default INT UNSIGNED NOT NULL DEFAULT 7;
ALTER TABLE effect_ledger ADD KEY by_kind (kind, started_at);
ALTER TABLE timeline ADD COLUMN nullable TEXT NULL, ADD KEY by_kind (kind, at);
ALTER TABLE orders ADD COLUMN nullable TEXT NULL, ADD KEY by_buyer (buyer);
ALTER TABLE effect_ledger DROP KEY by_kind;
ALTER TABLE timeline DROP COLUMN nullable;
DROP TABLE of_tomorrow;
"""
TOMORROW = Migration.read(f"{len(read_all()) + 1:04}_each_kind", EACH_KIND)


@pytest.mark.timeout(300)
async def test_consumers_go_on_while_every_kind_of_change_is_made_under_them(
    broker_url: str, store_server_url: str
) -> None:
    plan = Plan(roles=("bridge", "run"), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        await _fill(stage.store_url)
        over = asyncio.Event()
        placing = asyncio.create_task(_place_until(over, play))
        applied = await migrate(stage.store_url, migrations=[*read_all(), TOMORROW])
        over.set()
        placed = await placing
        assert applied == [TOMORROW.name]
        for order in placed:
            await play.paid(order)
        await play.agrees(*placed)
        for order in placed:
            assert len(await play.intents_of(order)) == 1
        assert await play.parked() == 0


async def _fill(url: str) -> None:
    async with Pool(parse(url), size=1) as pool, pool.session() as session:
        await session.execute("SET SESSION max_recursive_iterations = 10000000")
        for statement in (EFFECTS, LINES):
            assert await session.execute(statement, {"rows": ROWS}) == ROWS


async def _place_until(over: asyncio.Event, play: Play) -> list[int]:
    placed = [await play.place()]
    while not over.is_set():
        placed.append(await play.place())
        await asyncio.sleep(0.1)  # as shoppers do
    return [*placed, await play.place()]
