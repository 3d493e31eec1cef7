"""`sidecar dlq` as an operator types it, on a real broker and a real database."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
from sidecar.adapters.broker_amqp.publisher import open_publisher
from sidecar.adapters.store_sql import SqlStore, migrate, open_store
from sidecar.dead_letters.letter import DeadLetter
from sidecar.discovery import all_consumers
from sidecar.topology import Names, topology_of
from tests.consumers.builders import ORDER
from tests.sidecar.dead_letters.letters import a_body, a_letter

WHY = "the store is named now"
AGE = timedelta(hours=2)


@dataclass
class Shop:
    """A broker and a store, set up as the settings say, and the command."""

    config: Path
    queues: AmqpDeadLetters
    names: Names
    broker_url: str
    store: SqlStore

    async def park(self, *letters: DeadLetter) -> None:
        for letter in letters:
            await self.queues.put_in(letter)

    def dlq(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "sidecar", "dlq", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env=os.environ | environment | {"SIDECAR_CONFIG": str(self.config)},
            stdin=subprocess.DEVNULL,
        )

    def json(self, *arguments: str) -> Any:
        ended = self.dlq(*arguments, "--json")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    async def lying(self) -> list[DeadLetter]:
        async with self.queues.reading("orders") as pages:
            return [held.letter async for page in pages for held in page]

    async def at_work(self) -> int:
        return await declare.depth(self.broker_url, self.names.work("orders"))


@pytest.fixture
async def shop(broker_url: str, topology_prefix: str, database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    config = tmp_path / "sidecar.toml"
    config.write_text(
        f'[broker]\nurl = "{broker_url}"\nprefix = "{topology_prefix}"\n[store]\nurl = "{database_url}"\n'
        '[stripe.main]\nmode = "test"\nsecret_key = "sk_test_hidden"\n'
        '[magento.shop]\nbase_url = "http://127.0.0.1:1"\ntoken = "hidden"\n'
        '[[stores]]\ninstance = "shop"\nstripe = "main"\n'
    )
    topology = topology_of(all_consumers(), topology_prefix)
    await declare.apply(broker_url, topology)
    await migrate(database_url)
    names = Names(topology_prefix)
    async with open_publisher(broker_url, names) as publisher, open_store(database_url) as store:
        yield Shop(config, AmqpDeadLetters(broker_url, names, publisher), names, broker_url, store)
    await declare.remove(broker_url, topology)


def _parked(order_id: int, reason: str = "unknown_store", **headers: Any) -> DeadLetter:
    at = (datetime.now(UTC) - AGE).isoformat()
    return a_letter(order_id, reason=reason, **{"parked_at": at, **headers})


async def test_letters_are_listed_and_filtered(shop: Shop) -> None:
    now = datetime.now(UTC).isoformat()
    await shop.park(
        _parked(1), _parked(2, "http_503"), _parked(3, parked_at=now), _parked(4, subject="shop/customer/7")
    )
    listed = shop.json("list")["letters"]
    assert [(each["event"], each["queue"], each["reason"]) for each in listed] == [
        ("e1", "orders", "unknown_store"),
        ("e2", "orders", "http_503"),
        ("e4", "orders", "unknown_store"),
        ("e3", "orders", "unknown_store"),
    ]
    assert listed[0]["about"] == "shop/1"

    def ids(*arguments: str) -> list[str]:
        return [each["event"] for each in shop.json("list", *arguments)["letters"]]

    assert ids("--queue", "orders", "--reason", "http_503") == ["e2"]
    assert ids("--queue", "stripe-events") == []
    assert ids("--older-than", "1h") == ["e1", "e2", "e4"]
    assert ids("--newer-than", "1h") == ["e3"]
    assert ids("--order", "shop/2") == ["e2"]
    assert ids("--customer", "shop/customer/7") == ["e4"]
    assert ids("--type", "magento.order.canceled.v1") == []
    assert ids("--limit", "2") == ["e1", "e2"]
    table = shop.dlq("list")
    assert "unknown_store" in table.stdout
    assert "4 dead letters" in table.stdout
    assert "grace@example.com" not in table.stdout
    summaries = {each.reason: each.count for each in await shop.store.parked.summaries()}
    assert summaries == {"unknown_store": 3, "http_503": 1}


async def test_a_letter_is_shown_whole(shop: Shop) -> None:
    await shop.park(_parked(42))
    shown = shop.dlq("show", "e42")
    assert "grace@example.com" in shown.stdout
    assert "x-sidecar-reason" in shown.stdout
    assert shop.json("show", a_letter().ref[:5])["message"]["data"]["order_id"] == 42
    missing = shop.dlq("show", "e43")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "there is no dead letter 'e43'" in missing.stderr


async def test_a_replay_asks_says_and_does(shop: Shop) -> None:
    await shop.park(_parked(1), _parked(2, "http_503"), _parked(42))
    for refused, complaint in (
        (("replay", "--why", WHY), "--all"),
        (("replay", "--all"), "--why"),
        (("replay", "--all", "--why", " "), "--why"),
        (("replay", "--all", "--why", WHY), "--yes"),
        (("replay", "--queue", "oders", "--why", WHY, "--yes"), "oders"),
        (("replay", "--older-than", "soon", "--why", WHY, "--yes"), "no span of time"),
        (("replay", "--order", "42", "--why", WHY, "--yes"), "is not an order"),
    ):
        ended = shop.dlq(*refused)
        assert ended.returncode == 2, refused
        assert complaint in ended.stderr
    dry = shop.json("replay", "--reason", "unknown_store", "--why", WHY, "--dry-run")
    assert (dry["chosen"], dry["done"], len(dry["refs"])) == (2, 0, 2)
    assert await shop.at_work() == 0
    done = shop.json("replay", "--reason", "unknown_store", "--why", WHY, "--yes", "--actor", "jane")
    assert done == {"chosen": 2, "done": 2}
    assert await shop.at_work() == 2
    assert [letter.event.id for letter in await shop.lying()] == ["e2"]
    (line,) = await shop.store.timeline.read(ORDER)
    assert (line.kind, line.summary) == ("message.replayed", f"A parked message was replayed by jane: {WHY}")
    assert (line.detail["event"], line.detail["was"]) == ("e42", "unknown_store")


async def test_what_cannot_be_assigned_to_anyone_is_logged(shop: Shop) -> None:
    await shop.park(a_letter(body=b"{"))
    ended = shop.dlq("discard", "--all", "--why", WHY, "--yes", "--actor", "jane")
    assert "Discard: 1 of 1" in ended.stdout
    logged = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    assert [(each["event"], each["by"], each["why"]) for each in logged] == [("dead letter dealt with", "jane", WHY)]
    assert await shop.lying() == []


async def test_a_correction_is_checked_and_sent(shop: Shop) -> None:
    await shop.park(_parked(42))
    wrong = shop.dlq("edit", "e42", "--set", "data.totals.total_due:=1.5", "--why", WHY)
    assert wrong.returncode == 2
    assert "data.totals.total_due" in wrong.stderr
    assert shop.json("edit", "e42", "--set", "data.store.store_code=de", "--why", WHY, "--dry-run")["edited"] is False
    assert (await shop.lying())[0].body == a_body()
    assert shop.dlq("edit", "e42", "--set", "id=e43", "--why", WHY).returncode == 2
    edited = shop.json("edit", "e42", "--set", "data.store.store_code=de", "--why", WHY)
    (letter,) = await shop.lying()
    assert letter.ref == edited["ref"]
    assert b'"store_code":"de"' in letter.body
    assert shop.json("edit", "e42", "--unset", "subject", "--set", "subject=order/42", "--replay", "--why", WHY)[
        "replayed"
    ]
    assert await shop.at_work() == 1
    assert [line.kind for line in await shop.store.timeline.read(ORDER)] == ["message.edited", "message.edited"]


async def test_an_editor_opens_with_the_message(shop: Shop, tmp_path: Path) -> None:
    await shop.park(_parked(42))
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nimport pathlib, sys\nfile = pathlib.Path(sys.argv[1])\n"
                      'file.write_text(file.read_text().replace(\'"default"\', \'"de"\'))\n')  # fmt: skip
    editor.chmod(0o700)
    unchanged = shop.dlq("edit", "e42", "--why", WHY, EDITOR="true")
    assert (unchanged.returncode, "nothing was changed" in unchanged.stderr) == (2, True)
    assert shop.dlq("edit", "e42", "--why", WHY, EDITOR="no-such-editor").returncode == 2
    assert shop.dlq("edit", "e42", "--why", WHY, EDITOR=str(editor)).returncode == 0
    (letter,) = await shop.lying()
    assert b'"store_code": "de"' in letter.body


async def test_an_export_can_be_read_by_nobody_else(shop: Shop, tmp_path: Path) -> None:
    await shop.park(_parked(1), a_letter(2, body=b"\xff not JSON"))
    file = tmp_path / "parked.jsonl"
    assert shop.dlq("export", "--to", str(file)).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["message"] if isinstance(line["message"], str) else line["message"]["id"] for line in lines} == {
        "e1",
        "\ufffd not JSON",
    }
    assert all(line["headers"]["x-sidecar-reason"] for line in lines)


async def test_a_letter_in_somebody_elses_hand_is_exit_code_2(shop: Shop) -> None:
    async with shop.store.locks.exclusive("dead-letters:orders"):
        ended = shop.dlq("list")
    assert ended.returncode == 2
    assert ended.stderr.startswith("sidecar: somebody else is at the dead letters of orders")
