"""A topology of the test's own on a real RabbitMQ."""

from collections.abc import AsyncIterator

import pytest

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher, open_publisher
from sidecar.discovery import all_consumers
from sidecar.topology import Names, Topology, topology_of


@pytest.fixture
def names(topology_prefix: str) -> Names:
    return Names(topology_prefix)


@pytest.fixture
async def topology(broker_url: str, topology_prefix: str) -> AsyncIterator[Topology]:
    declared = topology_of(all_consumers(), topology_prefix)
    await declare.apply(broker_url, declared)
    yield declared
    await declare.remove(broker_url, declared)


@pytest.fixture
async def publisher(broker_url: str, names: Names, topology: Topology) -> AsyncIterator[AmqpPublisher]:
    async with open_publisher(broker_url, names) as opened:
        yield opened
