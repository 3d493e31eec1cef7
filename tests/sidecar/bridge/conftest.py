"""A bridge over a broker in memory, on a port of this machine."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from prometheus_client import CollectorRegistry

from sidecar.bridge.app import Bridge, BridgeOptions
from sidecar.bridge.metrics import BridgeMetrics
from sidecar.bridge.serving import ServingOptions, serve_bridge
from sidecar.observability.health import health_app
from sidecar.ports.clock import Clock
from sidecar.ports.publisher import Publisher
from tests.fakes.publisher import MemoryPublisher
from tests.sidecar.bridge.stripe_side import ACCOUNTS, SetClock

LIMIT = 1_048_576


@dataclass
class Served:
    """A bridge that listens."""

    port: int
    registry: CollectorRegistry
    client: httpx.AsyncClient

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"sidecar_bridge_{name}", labels)


Serve = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def serve() -> Serve:
    """Serve a bridge for a block; patience is in seconds."""

    @asynccontextmanager
    async def serving(
        publisher: Publisher, *, head: float = 30, body: float = 30, clock: Clock | None = None
    ) -> AsyncIterator[Served]:
        registry = CollectorRegistry()
        options = BridgeOptions(accounts=ACCOUNTS, max_body_bytes=LIMIT, read_timeout=timedelta(seconds=body))
        other = health_app(registry, lambda: {"configured": True})
        app = Bridge(options, publisher, clock or SetClock(), BridgeMetrics(registry), other)
        serving = ServingOptions(port=0, head_timeout=timedelta(seconds=head))
        async with (
            serve_bridge(app, serving) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            yield Served(port, registry, client)

    return serving
