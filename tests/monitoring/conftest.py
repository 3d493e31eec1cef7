"""A whole sidecar with stand-ins, its broker's plugin, and a Prometheus that scrapes them all."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from sidecar.sandbox.demo.stage import Plan, Stage, answering, role, set_stage
from tests.monitoring.rules import ALERTS
from tests.services import discover
from tests.services.debian.home import free_port
from tests.services.debian.packages import RABBITMQ
from tests.services.debian.rabbitmq import private_rabbitmq
from tests.services.process import Process
from tests.sidecar.observability.collector import Collector, collecting


@dataclass(frozen=True, slots=True)
class Prometheus:
    """Its API (prometheus.io/docs/prometheus/latest/querying/api)."""

    url: str
    http: httpx.AsyncClient

    async def ask(self, path: str, **parameters: str) -> Any:
        """The data of an answer."""
        answer = await self.http.get(f"{self.url}/api/v1/{path}", params=parameters)
        document = answer.json()
        assert document["status"] == "success", (parameters, document)
        return document["data"]

    async def query(self, expression: str) -> list[dict[str, Any]]:
        """The series that an expression gives now."""
        found: list[dict[str, Any]] = (await self.ask("query", query=expression))["result"]
        return found


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything, running."""

    stage: Stage
    prometheus: Prometheus
    pages: Mapping[str, str]
    collector: Collector


@asynccontextmanager
async def _prometheus(folder: Path, pages: Mapping[str, str]) -> AsyncIterator[Prometheus]:
    port = free_port()
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(path) for path in ALERTS],
        "scrape_configs": [
            {
                "job_name": name,
                "metrics_path": httpx.URL(url).path,
                "static_configs": [{"targets": [httpx.URL(url).netloc.decode()]}],
            }
            for name, url in pages.items()
        ],
    }
    await asyncio.to_thread((folder / "prometheus.yml").write_text, yaml.safe_dump(config))
    process = Process(
        url=f"http://127.0.0.1:{port}",
        home=folder,
        command=[
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=exemplar-storage",
            "--log.level=warn",
        ],
        environment=os.environ,
        answers=_is_ready,
        user=None,
    )
    await asyncio.to_thread(process.start)
    try:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            yield Prometheus(process.url, http)
    finally:
        await asyncio.to_thread(process.kill)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
async def watched(store_server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """A broker of its own, for its plugin; all roles; a Prometheus with our alerts; a collector of traces."""
    if shutil.which("prometheus") is None or not RABBITMQ.installed:
        pytest.skip("needs Debian's prometheus and rabbitmq-server")
    rabbit = private_rabbitmq(discover.ROOT / f"private-monitoring-{os.getpid()}")
    await asyncio.to_thread(rabbit.server.start)
    stack = ExitStack()
    try:
        plan = Plan(roles=("bridge", "run"), disorder=0)
        timers_port = free_port()
        collector = stack.enter_context(collecting())
        monkeypatch.setenv("SIDECAR_TRACING__OTLP_ENDPOINT", collector.url)  # the processes inherit it
        async with (
            set_stage(rabbit.server.url, store_server_url, plan) as stage,
            role(stage, "timers", SIDECAR_RUNTIME__HTTP_PORT=str(timers_port), SIDECAR_TIMERS__WATCH_EVERY="PT1S"),
        ):
            pages = {
                "run": f"{stage.metrics_url}/metrics",
                "bridge": f"{stage.bridge_url}/metrics",
                "timers": f"http://127.0.0.1:{timers_port}/metrics",
                "rabbitmq": rabbit.prometheus_url,
            }
            await answering(f"http://127.0.0.1:{timers_port}/readyz")
            async with _prometheus(tmp_path, pages) as prometheus:
                yield Watched(stage, prometheus, pages, collector)
    finally:
        stack.close()
        await asyncio.to_thread(rabbit.server.remove)
