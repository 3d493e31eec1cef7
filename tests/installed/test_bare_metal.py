"""Does who follows docs/install.md, on a bare machine, end with a paid order?"""

import asyncio
import re
import secrets
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import aiomysql
import pytest
from yarl import URL

from sidecar.adapters.broker_amqp import declare
from sidecar.discovery import all_consumers
from sidecar.sandbox.demo.stage import INSTANCE, MAGENTO_TOKEN, STRIPE_KEY, WEBHOOK_SECRET, Plan, answering, set_stage
from sidecar.topology import topology_of
from tests.acceptance.play import playing
from tests.installed.guide import blocks, section, with_yours
from tests.installed.room import missing, room
from tests.services.debian.home import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def archive(release: Path) -> Path:
    (found,) = release.glob("*-bare-metal.tar.gz")
    return found


@pytest.fixture
async def store_url(store_server_url: str) -> AsyncIterator[str]:
    """An empty database, and a user with the permissions that the page gives it and no others."""
    server, name = URL(store_server_url), f"installed_{secrets.token_hex(6)}"
    password = secrets.token_hex(12)
    (statements,) = blocks(section("Before you begin"), "sql")
    granted = with_yours(statements, {"sidecar": name, "…": password, "CREATE USER": "CREATE USER"})
    connection = await aiomysql.connect(
        host=server.host, port=server.port or 3306, user=server.user, password=server.password or "", autocommit=True
    )
    async with connection.cursor() as cursor:
        for statement in filter(str.strip, granted.split(";")):
            await cursor.execute(statement)
        yield str(server.with_user(name).with_password(password).with_path(f"/{name}"))
        await cursor.execute(f"DROP DATABASE {name}")
        await cursor.execute(f"DROP USER {name}")
    await connection.ensure_closed()


@pytest.mark.timeout(400)
async def test_does_the_page_end_with_a_paid_order(
    archive: Path, store_url: str, broker_url: str, store_server_url: str, tmp_path: Path
) -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)
    # Only the stand-ins run here; what the stage has declared is taken away again, since the page declares it.
    async with set_stage(broker_url, store_server_url, Plan(roles=(), disorder=0.0)) as stage, playing(stage) as play:
        topology = topology_of(all_consumers(), stage.prefix)
        await declare.remove(broker_url, topology)
        pages = free_port()
        text = with_yours(
            section("Bare metal"),
            {
                "amqp://sidecar:PASSWORD@broker.example:5672/shop": broker_url,
                "mysql://sidecar:PASSWORD@database.example:3306/sidecar": store_url,
                "rk_live_KEY": STRIPE_KEY,
                "whsec_SECRET": WEBHOOK_SECRET,
                "   TOKEN\n": f"   {MAGENTO_TOKEN}\n",
                "[broker]": f'[broker]\n   prefix = "{stage.prefix}"',
                'mode = "live"': f'mode = "test"\n   base_url = "{stage.stripe_url}"',
                "https://shop.example": stage.magento_url,
                "[magento.shop]": f"[magento.{INSTANCE}]",
                'instance = "shop"': f'instance = "{INSTANCE}"',
                "port = 8080": f"port = {URL(stage.bridge_url).port}",
                "consumers@9464": f"consumers@{pages}",
                "HTTP_PORT=9464": f"HTTP_PORT={pages}",
            },
        )
        async with room(tmp_path, [archive]) as machine:
            said = [await machine.run(block) for block in blocks(text, "sh")]
            assert "failed" not in said[-1], said[-1]
            assert await declare.diff(broker_url, topology) == []
            await answering(f"{stage.bridge_url}/readyz")
            await answering(f"http://127.0.0.1:{pages}/readyz")
            order = await play.place()
            try:
                async with asyncio.timeout(60):
                    await play.paid(order)
            except TimeoutError:
                pytest.fail(machine.logs())
            await play.agrees(order)
            shown = await machine.run(f"sidecar order show {INSTANCE}/{order}")
            assert "succeeded" in shown
            for secret in ("credentials/stripe.main.secret_key", "sidecar.toml"):
                await machine.run(f"! runuser --user nobody -- cat /etc/sidecar/{secret}")
            for secret in ("store.url", "stripe.main.secret_key", "magento.shop.token"):
                await machine.run(f"! runuser --user sidecar-bridge -- cat /etc/sidecar/credentials/{secret}")
            assert (await machine.run("ps -o user:20= -C sidecar | sort -u")).split() == ["sidecar", "sidecar-bridge"]


def test_is_the_version_of_the_page_that_of_the_project() -> None:
    page = (ROOT / "docs" / "install.md").read_text() + (ROOT / "docs" / "upgrade.md").read_text()
    named = set(re.findall(r"(?:sidecar|stripe)[-:_](\d+\.\d+\.\d+)", page))
    assert named == {tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]}
