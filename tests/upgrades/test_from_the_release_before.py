"""The whole of an upgrade: the code from before the newest migration is at work on real orders all the while."""

import asyncio
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.store_sql import level
from sidecar.adapters.store_sql.migration import read_all
from sidecar.discovery import all_consumers
from sidecar.sandbox.demo.stage import (
    ACCOUNT,
    INSTANCE,
    MAGENTO_TOKEN,
    STRIPE_KEY,
    WEBHOOK_SECRET,
    Plan,
    Stage,
    answering,
    process,
    set_stage,
)
from sidecar.topology import topology_of
from tests.acceptance.play import Play, playing
from tests.upgrades.release_before import NoHistoryError, commit_before, unpack


@dataclass(frozen=True)
class Release:
    """A release's code, and the settings that both releases understand."""

    environment: dict[str, str]

    async def sidecar(self, *arguments: str) -> str:
        ended = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "sidecar", *arguments],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture
def code_before(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    try:
        unpack(commit_before(read_all()[-1].name), folder)
    except NoHistoryError as error:
        pytest.skip(f"the history of the repository is not here: {error}")
    return folder


def _settings(stage: Stage, store_url: str) -> str:
    bridge_port = stage.bridge_url.rsplit(":", 1)[1]
    return (
        f'[broker]\nurl = "{stage.broker_url}"\nprefix = "{stage.prefix}"\n[store]\nurl = "{store_url}"\n'
        f'[stripe.{ACCOUNT}]\nmode = "test"\nsecret_key = "{STRIPE_KEY}"\nwebhook_secrets = ["{WEBHOOK_SECRET}"]\n'
        f'base_url = "{stage.stripe_url}"\nrequests_per_second = 100\n'
        f'[magento.{INSTANCE}]\nbase_url = "{stage.magento_url}"\ntoken = "{MAGENTO_TOKEN}"\n'
        f'[[stores]]\ninstance = "{INSTANCE}"\nstripe = "{ACCOUNT}"\n'
        f"[bridge]\nport = {bridge_port}\n[runtime]\nhttp_port = 0\n"
    )


@pytest.mark.timeout(300)
async def test_the_release_before_works_on_while_the_new_one_is_brought_in(
    broker_url: str, store_server_url: str, database_url: str, code_before: Path, tmp_path: Path
) -> None:
    config = tmp_path / "sidecar.toml"
    config.touch(mode=0o600)
    new = Release({"SIDECAR_CONFIG": str(config)})
    old = Release({"SIDECAR_CONFIG": str(config), "PYTHONPATH": str(code_before), "PYTHONSAFEPATH": "1"})
    async with (
        set_stage(broker_url, store_server_url, Plan(roles=(), disorder=0.3)) as stage,
        playing(stage) as play,
        AsyncExitStack() as old_bridge,
        AsyncExitStack() as old_run,
        AsyncExitStack() as new_ones,
    ):
        config.write_text(_settings(stage, database_url))
        await declare.remove(stage.broker_url, topology_of(all_consumers(), stage.prefix))
        await old.sidecar("migrate")
        await old.sidecar("topology", "apply")
        assert await level(database_url) == len(read_all()) - 1
        await old_bridge.enter_async_context(process("old-bridge", ["bridge"], old.environment, stage.folder))
        await old_run.enter_async_context(process("old-run", ["run"], old.environment, stage.folder))
        await answering(f"{stage.bridge_url}/readyz")
        over = asyncio.Event()
        placing = asyncio.create_task(_place_until(over, play))
        await play.paid(await play.place())

        assert read_all()[-1].name in await new.sidecar("migrate")
        await play.paid(await play.place())
        await new.sidecar("topology", "apply")
        await play.paid(await play.place())

        await new_ones.enter_async_context(process("new-run", ["run"], new.environment, stage.folder))
        await old_run.aclose()
        await old_bridge.aclose()
        await new_ones.enter_async_context(process("new-bridge", ["bridge"], new.environment, stage.folder))
        await play.paid(await play.place())
        over.set()
        placed = await placing
        for order in placed:
            await play.paid(order)
        await play.agrees(*placed)
        for order in placed:
            assert len(await play.intents_of(order)) == 1
        assert await play.parked() == 0


async def _place_until(over: asyncio.Event, play: Play) -> list[int]:
    placed = [await play.place()]
    while not over.is_set():
        placed.append(await play.place())
        await asyncio.sleep(1)  # as shoppers do, and no more than can be looked at in Stripe at the end
    return placed
