"""What the exported definitions make of a broker, through its management API, and what each user may then do."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import orjson
import pytest
from aio_pika.exceptions import AMQPError
from typer.testing import CliRunner
from yarl import URL

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.broker_amqp.publisher import open_publisher
from sidecar.broker_access import password_hash, users_of
from sidecar.cli.app import app
from sidecar.discovery import all_consumers
from sidecar.ports.delivery import Delivery, Lane
from sidecar.sandbox.demo.stage import Plan, answering, role, set_stage
from sidecar.system_clock import SystemClock
from sidecar.topology import Names, topology_of
from tests.acceptance.play import playing
from tests.services.server import Server

ROLES = ("module", "bridge", "consumers", "timers", "setup", "watch")


def export(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["topology", "export", *arguments])
    return ended.exit_code, ended.output


@pytest.fixture
def passwords(tmp_path: Path) -> dict[str, str]:
    """A password for each part, as files in `tmp_path / "passwords"`."""
    folder = tmp_path / "passwords"
    folder.mkdir()
    made = {part: secrets.token_urlsafe(16) for part in ROLES}
    for part, password in made.items():
        (folder / part).write_text(password + "\n")
    return made


@dataclass(frozen=True)
class Console:
    """The management API."""

    http: httpx.AsyncClient

    async def import_(self, definitions: bytes) -> None:
        answer = await self.http.post("/definitions", content=definitions, headers={"Content-Type": "application/json"})
        assert answer.is_success, answer.text

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    async def policy_of(self, queue: str) -> dict[str, Any]:
        """What the policies say of a queue; they are applied a moment after an import."""
        async with asyncio.timeout(30):
            while True:
                policy: dict[str, Any] = (await self.get(f"/queues/%2F/{queue}")).get("effective_policy_definition")
                if policy:
                    return policy
                await asyncio.sleep(0.1)


@pytest.fixture
async def console(management_url: str) -> AsyncIterator[Console]:
    address = URL(management_url)
    login = (address.user or "", address.password or "")
    base = str(address.with_user(None))
    async with httpx.AsyncClient(base_url=base, auth=login, trust_env=False, timeout=30) as http:
        await _until_it_answers(http)
        yield Console(http)


async def _until_it_answers(http: httpx.AsyncClient) -> None:
    """The API may come a moment after AMQP."""
    async with asyncio.timeout(60):
        while True:
            try:
                if (await http.get("/overview")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


def exported(tmp_path: Path, prefix: str, *arguments: str) -> bytes:
    file = tmp_path / "definitions.json"
    code, told = export("--prefix", prefix, "--to", str(file), *arguments)
    assert code == 0, told
    return file.read_bytes()


def login(broker: Server, prefix: str, part: str, passwords: dict[str, str]) -> str:
    return str(URL(broker.url).with_user(f"{prefix}sidecar-{part}").with_password(passwords[part]))


async def test_does_an_import_make_what_this_release_needs(
    private_broker: Server, console: Console, tmp_path: Path, topology_prefix: str
) -> None:
    await console.import_(exported(tmp_path, topology_prefix))
    topology = topology_of(all_consumers(), topology_prefix)
    assert await declare.diff(private_broker.url, topology) == []
    bindings = {
        (each["source"], each["destination"], each["routing_key"])
        for each in await console.get("/bindings/%2F")
        if each["source"]
    }
    assert {(each.exchange, each.queue, each.routing_key) for each in topology.bindings} <= bindings
    await declare.remove(private_broker.url, topology)


async def test_does_a_policy_spread_the_leaders_of_queues(
    private_broker: Server, console: Console, tmp_path: Path, topology_prefix: str
) -> None:
    await console.import_(exported(tmp_path, topology_prefix))
    topology = topology_of(all_consumers(), topology_prefix)
    for queue in topology.queues:
        policy = await console.policy_of(queue.name)
        assert policy["queue-leader-locator"] == "balanced"
    await declare.remove(private_broker.url, topology)


ALLOWED = {
    "module": {"write": {"magento.events"}},
    "bridge": {"write": {"stripe.events"}},
    "timers": {
        "write": {"stripe.events", "commerce.events"},
        "read": {f"{consumer.queue}.dead-letter" for consumer in all_consumers()},
    },
    "consumers": {
        "write": {
            "commerce.events",
            "sidecar.dead-letter",
            "sidecar.surplus",
            *(f"sidecar.retry.{rung}" for rung in ("1s", "10s", "1m", "10m", "1h")),
        },
        "read": {f"{consumer.queue}{end}" for consumer in all_consumers() for end in ("", ".surplus")},
    },
    "watch": {},
}


async def test_may_each_user_do_what_it_has_to_and_nothing_else(
    private_broker: Server, console: Console, tmp_path: Path, topology_prefix: str, passwords: dict[str, str]
) -> None:
    arguments = ("--users", "--passwords", str(tmp_path / "passwords"))
    await console.import_(exported(tmp_path, topology_prefix, *arguments))
    topology = topology_of(all_consumers(), topology_prefix)
    exchanges = [each.name for each in topology.exchanges] + ["amq.topic"]
    queues = [each.name for each in topology.queues]
    for part, allowed in ALLOWED.items():
        url = login(private_broker, topology_prefix, part, passwords)
        written = {name for name in exchanges if await may_publish(url, name)}
        assert written == {f"{topology_prefix}{name}" for name in allowed.get("write", ())}, part
        read = {name for name in queues if await may_get(url, name)}
        assert read == {f"{topology_prefix}{name}" for name in allowed.get("read", ())}, part
        assert not await may_declare(url, f"{topology_prefix}mine"), part
        # By the default exchange one could write into any queue.
        assert not await may_publish(url, ""), part
    await declare.remove(private_broker.url, topology)


async def may_publish(url: str, exchange: str) -> bool:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=False)
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        try:
            await target.publish(aio_pika.Message(b"{}"), routing_key="nobody.reads.this")
        except AMQPError:
            return False
        return True


async def may_get(url: str, queue: str) -> bool:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        try:
            await (await channel.get_queue(queue, ensure=False)).get(fail=False, no_ack=False)
        except AMQPError:
            return False
        return True


async def may_declare(url: str, queue: str) -> bool:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        try:
            await channel.declare_queue(queue, auto_delete=True)
        except AMQPError:
            return False
        return True


async def test_may_the_setup_apply_the_topology_from_nothing_and_ask_whether_it_fits(
    private_broker: Server, console: Console, tmp_path: Path, topology_prefix: str, passwords: dict[str, str]
) -> None:
    definitions = orjson.loads(
        exported(tmp_path, topology_prefix, "--users", "--passwords", str(tmp_path / "passwords"))
    )
    bare = {name: [] if name in {"exchanges", "queues", "bindings"} else each for name, each in definitions.items()}
    await console.import_(orjson.dumps(bare))
    url = login(private_broker, topology_prefix, "setup", passwords)
    topology = topology_of(all_consumers(), topology_prefix)
    await declare.apply(url, topology)
    assert await declare.diff(url, topology) == []
    assert not await may_declare(url, "somebody-elses")
    # What `sidecar dlq` does: it reads dead letters, and puts them back to work or in again.
    names = Names(topology_prefix)
    assert await may_get(url, names.dead_letter("orders"))
    assert await may_publish(url, "")
    assert await may_publish(url, names.dead_letter_exchange())
    await declare.remove(url, topology)


async def test_is_an_order_paid_when_every_process_has_the_least_permissions(
    private_broker: Server,
    console: Console,
    store_server_url: str,
    tmp_path: Path,
    passwords: dict[str, str],
) -> None:
    plan = Plan(roles=(), disorder=0.0)
    async with set_stage(private_broker.url, store_server_url, plan) as stage, playing(stage) as play:
        arguments = ("--users", "--passwords", str(tmp_path / "passwords"))
        await console.import_(exported(tmp_path, stage.prefix, *arguments))
        parts = {"bridge": "bridge", "run": "consumers", "timers": "timers"}
        async with AsyncExitStack() as stack:
            for name, part in parts.items():
                url = login(private_broker, stage.prefix, part, passwords)
                await stack.enter_async_context(role(stage, name, SIDECAR_BROKER__URL=url))  # type: ignore[arg-type]  # the roles of the stage
            await answering(f"{stage.bridge_url}/readyz")
            await answering(f"{stage.metrics_url}/readyz")
            await play.magento_fails("/capture", status=503, times=1)  # so that something goes over the ladder
            paid = await play.paid(await play.place())
            await play.agrees(paid.order_id)
        logs = "".join((stage.folder / f"{name}.log").read_text() for name in parts)
    assert "message waits" in logs
    assert "ACCESS_REFUSED" not in logs
    assert "ChannelAccessRefused" not in logs


async def test_do_consumers_with_the_permissions_of_the_release_before_go_on(
    private_broker: Server, console: Console, tmp_path: Path, topology_prefix: str, passwords: dict[str, str]
) -> None:
    """They may not read the queue that a release brought: they go without it."""
    arguments = ("--users", "--passwords", str(tmp_path / "passwords"))
    definitions = orjson.loads(exported(tmp_path, topology_prefix, *arguments))
    for permission in definitions["permissions"]:
        permission["read"] = permission["read"].replace(r"orders\.surplus", "nothing")
    await console.import_(orjson.dumps(definitions))
    received, lacking = asyncio.Event(), list[Lane]()

    class Window:
        def size(self, lane: Lane) -> int:
            return {"main": 4, "surplus": 2}[lane]

        async def changed(self) -> None:
            await asyncio.Event().wait()

        def lacks(self, lane: Lane) -> None:
            lacking.append(lane)

    async def receive(delivery: Delivery) -> None:
        await delivery.acknowledge()
        received.set()

    url, names, stop = (
        login(private_broker, topology_prefix, "consumers", passwords),
        Names(topology_prefix),
        asyncio.Event(),
    )
    async with open_publisher(private_broker.url, names) as publisher:
        running = asyncio.create_task(
            consume(
                url,
                "orders",
                receive,
                stop,
                names=names,
                publisher=publisher,
                clock=SystemClock(),
                options=ConsumeOptions(),
                on_connected=_told,
                window=Window(),
            )
        )
        await publisher.publish("magento.events", "order.placed.v1", b"{}", message_id="1", message_type="t")
        async with asyncio.timeout(30):
            await received.wait()
        stop.set()
        await running
    assert lacking == ["surplus"]
    await declare.remove(private_broker.url, topology_of(all_consumers(), topology_prefix))


def _told(*, connected: bool) -> None:
    del connected


async def test_may_who_watches_see_the_queues_in_the_console_and_read_no_message(
    management_url: str, console: Console, tmp_path: Path, topology_prefix: str, passwords: dict[str, str]
) -> None:
    arguments = ("--users", "--passwords", str(tmp_path / "passwords"))
    await console.import_(exported(tmp_path, topology_prefix, *arguments))
    watcher = (f"{topology_prefix}sidecar-watch", passwords["watch"])
    base = str(URL(management_url).with_user(None))
    async with httpx.AsyncClient(base_url=base, auth=watcher, trust_env=False, timeout=30) as http:
        seen = (await http.get("/queues/%2F")).json()
        assert f"{topology_prefix}orders" in {each["name"] for each in seen}
        get = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
        refused = await http.post(f"/queues/%2F/{topology_prefix}orders/get", json=get)
        assert not refused.is_success
        assert not (await http.get("/users")).is_success


def test_is_a_password_hashed_as_rabbitmq_does() -> None:
    salt = bytes.fromhex("908dc60a")  # the example of rabbitmq.com/docs/passwords
    assert password_hash("test12", salt) == base64.b64encode(salt + hashlib.sha256(salt + b"test12").digest()).decode()
    assert password_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert password_hash("test12") != password_hash("test12")


def test_are_there_no_users_unless_they_are_asked_for(tmp_path: Path, passwords: dict[str, str]) -> None:
    plain = orjson.loads(export()[1])
    assert not {"users", "permissions"} & set(plain)
    code, told = export("--users", "--passwords", str(tmp_path / "passwords"))
    assert code == 0
    assert not [password for password in passwords.values() if password in told]
    assert {user["name"] for user in orjson.loads(told)["users"]} == {user.name for user in users_of(all_consumers())}


def test_can_a_user_without_a_password_not_log_in_by_one() -> None:
    users = orjson.loads(export("--users")[1])["users"]
    assert {user["password_hash"] for user in users} == {""}


def test_is_a_wrong_folder_of_passwords_one_line(tmp_path: Path) -> None:
    assert export("--users", "--passwords", str(tmp_path / "none"))[0] == 2
    (tmp_path / "nobody").write_text("x")
    assert export("--users", "--passwords", str(tmp_path))[0] == 2
    (tmp_path / "nobody").rename(tmp_path / "bridge").write_text(" \n")
    assert export("--users", "--passwords", str(tmp_path))[0] == 2
    assert export("--passwords", str(tmp_path))[0] == 2
