"""The bundle of a sidecar that has seen orders, as the command makes it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import aio_pika
import pytest

from sidecar.sandbox.demo.stage import MAGENTO_TOKEN, STRIPE_KEY, WEBHOOK_SECRET, Plan, set_stage
from sidecar.topology import Names
from tests.acceptance.play import playing

JSON = {"about", "settings", "doctor", "topology", "queues", "migrations", "effects", "dead_letters", "circuits"}
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def bundle(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "sidecar", "support-bundle", "--config", str(config), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.timeout(240)
async def test_the_bundle_tells_much_and_gives_nothing_away(
    broker_url: str, store_server_url: str, tmp_path: Path
) -> None:
    plan = Plan(roles=("bridge", "run"), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        await play.paid(await play.place())
        connection = await aio_pika.connect(broker_url)
        async with connection:
            channel = await connection.channel()
            body = b'{"type": "grace@example.com", "id": "1"}'
            await channel.default_exchange.publish(aio_pika.Message(body), Names(stage.prefix).work("orders"))
        await play.has_parked(1)
        target = tmp_path / "bundle.zip"
        made = bundle(stage.config, "--to", str(target))
        assert made.returncode == 0, made.stderr
        again = bundle(stage.config, "--to", str(target))
        assert again.returncode == 2
        assert "is there already" in again.stderr
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as opened:
        files = {name: opened.read(name).decode() for name in opened.namelist()}
    assert {name.removesuffix(".json") for name in files if name.endswith(".json")} >= JSON
    everything = "\n".join(files.values())
    for secret in (STRIPE_KEY, WEBHOOK_SECRET, MAGENTO_TOKEN, "guest:guest"):
        assert secret not in everything
    assert MAIL.findall(everything) == []
    documents = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    assert [name for name, document in documents.items() if "not_had" in document] == []
    assert [each["reason"] for each in documents["dead_letters.json"]] == ["unknown_type"]
    assert documents["migrations.json"]["pending"] == []
    assert documents["topology.json"] == []
    assert {each["check"] for each in documents["doctor.json"]} >= {"store", "broker", "broker: consumers"}
    assert "sidecar_messages_total" in files["metrics-1.txt"]
    assert "sidecar_bridge_requests_total" in files["metrics-2.txt"]


def test_where_nothing_answers_the_bundle_says_so(tmp_path: Path) -> None:
    config = tmp_path / "sidecar.toml"
    config.write_text(
        '[broker]\nurl = "amqp://u:hidden-1@127.0.0.1:1/"\n[store]\nurl = "mysql://u:hidden-2@127.0.0.1:1/d"\n'
        '[stripe.main]\nmode = "test"\nsecret_key = "sk_test_hidden"\nbase_url = "http://127.0.0.1:1"\n'
        '[magento.shop]\nbase_url = "http://127.0.0.1:1"\ntoken = "hidden-3"\n'
        '[[stores]]\ninstance = "shop"\nstripe = "main"\n[runtime]\nhttp_port = 1\n[bridge]\nport = 1\n'
    )
    target = tmp_path / "bundle.zip"
    made = bundle(config, "--to", str(target))
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(target) as opened:
        files = {name: opened.read(name).decode() for name in opened.namelist()}
    assert "hidden" not in "\n".join(files.values())
    assert "not_had" in json.loads(files["queues.json"])
    assert "# not had: ConnectError" in files["metrics-1.txt"]
