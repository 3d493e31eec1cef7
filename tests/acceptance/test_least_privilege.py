"""A whole sidecar works with exactly the grants that `docs/security.md` names."""

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiomysql
import pytest
from yarl import URL

from sidecar.adapters.store_sql import migrate, open_store
from sidecar.errors import TransientError
from sidecar.sandbox.demo.stage import Plan, Stage, answering, role, set_stage
from sidecar.system_clock import SystemClock
from tests.acceptance.play import playing

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text()


def grants(kind: str) -> list[str]:
    (block,) = re.findall(rf"```sql grants:{kind}\n(.*?)```", PAGE, re.DOTALL)
    return [line.rstrip(";") for line in block.strip().splitlines()]


class Users:
    """Logins of a test's own, by the names on the page."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._mark = secrets.token_hex(4)
        self._names: set[str] = set()

    async def make(self, kind: str, database: str) -> None:
        for grant in grants(kind):
            what, _, name = grant.rpartition(" TO ")
            if name not in self._names:
                await self.run(f"CREATE USER '{name}_{self._mark}'@'127.0.0.1' IDENTIFIED BY '{self._mark}'")
                self._names.add(name)
            here = re.sub(rf" ON {kind if kind == 'magento' else 'sidecar'}\.", f" ON `{database}`.", what)
            await self.run(f"{here} TO '{name}_{self._mark}'@'127.0.0.1'")

    def url(self, name: str, database_url: str) -> str:
        assert name in self._names
        return str(URL(database_url).with_user(f"{name}_{self._mark}").with_password(self._mark))

    async def drop(self) -> None:
        for name in self._names:
            await self.run(f"DROP USER '{name}_{self._mark}'@'127.0.0.1'")

    async def run(self, statement: str) -> None:
        connection = await aiomysql.connect(
            host=self._server.host,
            port=self._server.port or 3306,
            user=self._server.user or "root",
            password=self._server.password or "",
            autocommit=True,
        )
        async with connection.cursor() as cursor:
            await cursor.execute(statement)
        await connection.ensure_closed()


@pytest.fixture
async def users(store_server_url: str) -> AsyncIterator[Users]:
    users = Users(URL(store_server_url))
    yield users
    await users.drop()


@asynccontextmanager
async def consuming(stage: Stage, **variables: str) -> AsyncIterator[None]:
    async with role(stage, "bridge", **variables), role(stage, "run", **variables):
        await answering(f"{stage.bridge_url}/readyz")
        await answering(f"{stage.metrics_url}/readyz")
        yield


@pytest.mark.timeout(180)
async def test_orders_are_paid_with_the_grants_of_what_runs(
    broker_url: str, store_server_url: str, users: Users
) -> None:
    plan = Plan(roles=(), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        await users.make("store", URL(stage.store_url).path.strip("/"))
        run = users.url("sidecar_run", stage.store_url)
        async with consuming(stage, SIDECAR_STORE__URL=run):
            await play.paid(await play.place())
        async with open_store(run) as store:
            with pytest.raises(TransientError):
                await store.maintain(SystemClock().now())  # the months are the timers'


@pytest.mark.timeout(180)
async def test_orders_are_paid_with_a_bridge_that_has_no_key_no_token_and_no_database(
    broker_url: str, store_server_url: str, tmp_path: Path
) -> None:
    plan = Plan(roles=(), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        text, bare = stage.config.read_text(), tmp_path / "bridge.toml"
        for credential in (r"\[store\]\nurl = .*", "secret_key = .*", "token = .*"):
            text, count = re.subn(credential, "", text)
            assert count == 1
        bare.write_text(text)
        async with role(stage, "bridge", SIDECAR_CONFIG=str(bare)), role(stage, "run"):
            await answering(f"{stage.bridge_url}/readyz")
            await answering(f"{stage.metrics_url}/readyz")
            await play.paid(await play.place())


async def test_the_setup_may_migrate_and_the_timers_make_months_and_drop_them(
    store_server_url: str, database_url: str, users: Users
) -> None:
    await users.make("store", URL(database_url).path.strip("/"))
    with pytest.raises(TransientError):
        await migrate(users.url("sidecar_run", database_url))
    await migrate(users.url("sidecar_setup", database_url))
    async with open_store(users.url("sidecar_timers", database_url)) as store:
        now = SystemClock().now()
        assert await store.maintain(now - timedelta(days=100))
        pruned = await store.prune(now, timedelta(days=31))
        assert pruned is not None
        assert pruned.months


@pytest.mark.timeout(180)
async def test_orders_are_paid_with_the_grants_on_magentos_tables(
    broker_url: str, store_server_url: str, users: Users
) -> None:
    plan = Plan(roles=(), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        database = URL(stage.store_url).path.strip("/").replace("sidecar_demo_", "magento_demo_")
        await users.make("magento", database)
        url = users.url("sidecar_magento", str(URL(stage.store_url).with_path(f"/{database}")))
        config = stage.config.read_text()
        rest = re.search(r"\[magento\.main\]\n.*?\n\n", config, re.DOTALL)
        assert rest
        by_database = f'[magento.main]\nadapter = "db"\ndatabase_url = "{url}"\n\n'
        # By its database nobody changes Magento's accounts, so no rule may want them changed.
        rules = re.search(r"\[stores\.customers\]\n.*?\n\n", config, re.DOTALL)
        assert rules
        stage.config.write_text(config.replace(rest[0], by_database).replace(rules[0], ""))
        async with consuming(stage):
            order = await play.place()
            await play.when(order, lambda seen: seen.captures == 1 and seen.state == "processing")
