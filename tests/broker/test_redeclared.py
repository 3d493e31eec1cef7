"""Queues of an earlier release that have other arguments than this one's."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher, open_publisher
from sidecar.adapters.store_sql import migrate, open_store
from sidecar.dead_letters.desk import alone_at
from sidecar.discovery import all_consumers
from sidecar.topology import Names, Topology, topology_of


@dataclass
class Broker:
    """A broker as the release before left it: its dead-letter queues have no delivery limit."""

    url: str
    store_url: str
    names: Names
    topology: Topology
    config: Path
    publisher: AmqpPublisher

    @property
    def dead(self) -> str:
        return self.names.dead_letter("orders")

    async def park(self, body: bytes) -> None:
        await self.publisher.publish_raw(
            self.names.dead_letter_exchange(),
            self.names.work("orders"),
            body,
            message_id=body.decode(),
            message_type="t",
            headers={},
        )

    async def sidecar(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "sidecar", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env=os.environ | {"SIDECAR_CONFIG": str(self.config)},
        )

    async def differing(self) -> Sequence[str]:
        return [each.name for each in await declare.diff(self.url, self.topology)]


@pytest.fixture
async def broker(broker_url: str, topology_prefix: str, database_url: str, tmp_path: Path) -> AsyncIterator[Broker]:
    config = tmp_path / "sidecar.toml"
    config.touch(mode=0o600)
    config.write_text(
        f'[broker]\nurl = "{broker_url}"\nprefix = "{topology_prefix}"\n[store]\nurl = "{database_url}"\n'
        '[stripe.main]\nmode = "test"\nsecret_key = "sk_test_hidden"\n'
        '[magento.shop]\nbase_url = "http://127.0.0.1:1"\ntoken = "hidden"\n'
        '[[stores]]\ninstance = "shop"\nstripe = "main"\n'
    )
    await migrate(database_url)
    now, names = topology_of(all_consumers(), topology_prefix), Names(topology_prefix)
    old = [
        replace(queue, arguments={"x-queue-type": "quorum"}) if queue.dead_letters_of else queue for queue in now.queues
    ]
    await declare.apply(broker_url, replace(now, queues=tuple(old)))
    async with open_publisher(broker_url, names) as publisher:
        yield Broker(broker_url, database_url, names, now, config, publisher)
    await declare.remove(broker_url, now)


async def test_dead_letter_queues_that_are_empty_are_replaced(broker: Broker) -> None:
    theirs = [broker.names.dead_letter(consumer.queue) for consumer in all_consumers()]
    assert sorted(await broker.differing()) == sorted(theirs)
    ended = await broker.sidecar("topology", "apply", "--json")
    assert ended.returncode == 0, ended.stderr
    assert sorted(json.loads(ended.stdout)["replaced"]) == sorted(theirs)
    assert await broker.differing() == []
    await broker.park(b"after it")
    assert await declare.depth(broker.url, broker.dead) == 1
    again = await broker.sidecar("topology", "apply", "--json")
    assert json.loads(again.stdout)["replaced"] == []
    assert await declare.depth(broker.url, broker.dead) == 1


async def test_a_dead_letter_queue_with_letters_stays_as_it_is_and_the_commands_are_named(broker: Broker) -> None:
    await broker.park(b"one")
    ended = await broker.sidecar("topology", "apply")
    assert ended.returncode == 2
    assert f"queue {broker.dead} differs and holds 1 dead letters" in " ".join(ended.stderr.split())
    assert "sidecar dlq list --queue orders" in " ".join(ended.stderr.split())
    await broker.park(b"another")  # it is bound as before
    assert await declare.depth(broker.url, broker.dead) == 2
    assert broker.dead in await broker.differing()


async def test_nobody_loses_the_letters_that_he_has_in_hand(broker: Broker) -> None:
    """They are not in the broker's count, and would go with the queue."""
    async with open_store(broker.store_url) as store, alone_at(store, "orders"):
        ended = await broker.sidecar("topology", "apply")
    assert ended.returncode == 2
    assert "somebody is at the dead letters of orders" in " ".join(ended.stderr.split())
    assert broker.dead in await broker.differing()


async def test_no_other_queue_is_ever_deleted(broker: Broker) -> None:
    await broker.publisher.publish_raw(
        "", broker.names.work("orders"), b"x", message_id="x", message_type="t", headers={}
    )
    now = broker.topology
    other = [
        replace(queue, arguments={**queue.arguments, "x-delivery-limit": 7})
        if queue.name == broker.names.work("orders")
        else queue
        for queue in now.queues
    ]
    async with open_store(broker.store_url) as store:
        with pytest.raises(declare.TopologyConflictError, match=r"rabbitmqctl delete_queue \S+orders`, then"):
            await declare.apply(broker.url, replace(now, queues=tuple(other)), lambda of: alone_at(store, of))
    assert await declare.depth(broker.url, broker.names.work("orders")) == 1
    assert broker.dead in await broker.differing()  # and nothing else was touched
