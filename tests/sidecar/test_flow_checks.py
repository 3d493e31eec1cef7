"""What the doctor says when nothing happens, and why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast

import aio_pika
import httpx
import orjson
import pytest
from typing_extensions import override

from schemas.ids import EventId
from sidecar.compose import OpenPorts, open_ports
from sidecar.doctor import Finding, examine
from sidecar.flow_checks import flow_checks
from sidecar.policy import Policies
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import MagentoStatus, OutboxBacklog
from sidecar.ports.payments import RawEvent
from sidecar.sandbox.demo.stage import Plan, Stage, set_stage
from sidecar.settings.load import load_settings
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from tests.acceptance.play import playing
from tests.consumers.builders import ORDER, STRIPE
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.sidecar.bridge.test_app import an_event

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Magento(FakeMagento):
    """An instance that says this of itself."""

    def __init__(self, status: MagentoStatus) -> None:
        super().__init__(ORDER.instance)
        self.says = status

    @override
    async def status(self) -> MagentoStatus:
        return self.says


class Account(FakePayments):
    """An account with events of so many minutes ago."""

    def __init__(self, *minutes_ago: int, kind: str = "payment_intent.succeeded") -> None:
        super().__init__(STRIPE, lambda: NOW)
        self.given = [
            RawEvent(
                id=EventId(f"evt_{minutes}"),
                type=kind,
                created=int((NOW - timedelta(minutes=minutes)).timestamp()),
                livemode=False,
                body=orjson.dumps(an_event()),
            )
            for minutes in minutes_ago
        ]

    @override
    async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        for event in self.given:
            yield event


def a_settings(**stripe: Any) -> Settings:
    return Settings.model_validate(
        {
            "broker": {"url": "amqp://guest:guest@127.0.0.1:1/"},
            "store": {"url": "mysql://store/sidecar"},
            "stripe": {"main": {"mode": "test", "secret_key": "sk_test_1", **stripe}},
            "magento": {"shop": {"base_url": "http://127.0.0.1:1", "token": "t"}},
            "stores": [{"instance": "shop", "stripe": "main"}],
        }
    )


async def found(
    check: str, *, settings: Settings | None = None, magento: Magento | None = None, account: Account | None = None,
    store: MemoryStore | None = None,
) -> Finding:  # fmt: skip
    """What one check finds, with everything else in memory."""
    ports = Ports(
        store=store or MemoryStore(),
        payments={STRIPE: account or Account()},
        magento={ORDER.instance: magento or Magento(MagentoStatus())},
        publisher=MemoryPublisher(),
        policies=Policies({}),
        clock=StoppedClock(),
    )
    (wanted,) = [each for each in flow_checks(settings or a_settings(), cast("OpenPorts", ports)) if each.name == check]
    (finding,) = [finding async for finding in examine([wanted])]
    return finding


@pytest.mark.parametrize(
    ("status", "verdict", "said"),
    [
        (MagentoStatus(outbox=OutboxBacklog(pending=2, parked=0, oldest_seconds=300)), "ok", "2 events wait"),
        (MagentoStatus(outbox=OutboxBacklog(pending=2, parked=0, oldest_seconds=301)), "failed", "oldest for 0:05:01"),
        (MagentoStatus(outbox=OutboxBacklog(pending=0, parked=1)), "failed", "1 events cannot be published"),
        (MagentoStatus(instance="shop"), "ok", "nothing tells"),
        (MagentoStatus(instance="Shop 1"), "failed", "'Shop 1'"),
    ],
)
async def test_the_outbox_is_looked_into(status: MagentoStatus, verdict: str, said: str) -> None:
    finding = await found("magento shop: outbox", magento=Magento(status))
    assert (finding.verdict, said in finding.detail) == (verdict, True)
    assert bool(finding.remedy) is (verdict == "failed")


async def test_events_that_are_not_done_are_counted_and_the_newest_are_given_time() -> None:
    store = MemoryStore()
    await store.inbox.mark_done("stripe-events", "/stripe/main/test", "evt_30", NOW)
    finding = await found("stripe main/test: events", account=Account(40, 30, 20, 1), store=store)
    assert finding.verdict == "warning"
    assert "2 of 3 events" in finding.detail


async def test_events_that_nobody_reads_are_no_worry() -> None:
    finding = await found("stripe main/test: events", account=Account(30, kind="balance.available"))
    assert (finding.verdict, finding.detail) == ("ok", "all 0 events of the last hour are done")


@asynccontextmanager
async def a_stripe(date: str) -> AsyncIterator[Settings]:
    """Something that answers with this date."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 401 Unauthorized\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield a_settings(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize(("seconds", "verdict"), [(10, "ok"), (-31, "warning"), (31, "warning"), (301, "failed")])
async def test_a_clock_that_is_wrong_is_seen_by_stripes(seconds: int, verdict: str) -> None:
    async with a_stripe(format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)) as settings:
        finding = await found("stripe main/test: clock", settings=settings)
    assert finding.verdict == verdict
    assert bool(finding.remedy) is (verdict != "ok")


async def test_a_broker_that_is_away_is_a_finding() -> None:
    assert (await found("broker: consumers")).verdict == "failed"


@asynccontextmanager
async def examined(config: Path) -> AsyncIterator[dict[str, Finding]]:
    settings = load_settings(config, {})
    async with open_ports(settings) as ports:
        yield {finding.check: finding async for finding in examine(flow_checks(settings, ports))}


async def a_fault(stage: Stage, **fault: object) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        (await http.post(f"{stage.stripe_url}/_sandbox/faults", json=fault)).raise_for_status()


@pytest.mark.timeout(180)
async def test_everything_is_well_where_everything_flows(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=("bridge", "run"), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        await play.paid(await play.place())
        async with examined(stage.config) as findings:
            assert {check: each for check, each in findings.items() if each.verdict != "ok"} == {}
            assert "2 store views" in findings["magento main: stores"].detail


@pytest.mark.timeout(180)
async def test_what_is_missing_is_named_with_what_to_do(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=(), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage:
        connection = await aio_pika.connect(broker_url)
        async with connection:
            channel = await connection.channel()
            dead = Names(stage.prefix).dead_letter("orders")
            await channel.default_exchange.publish(aio_pika.Message(b"{}"), dead)
        await a_fault(stage, kind="status", path="/v1/refunds", status=403)
        stage.config.write_text(
            stage.config.read_text().replace('store = "wholesale"', 'store = "whole-sale"')
        )  # a small file
        async with examined(stage.config) as findings:
            alone = findings["broker: consumers"]
            assert (alone.verdict, "orders (0 waiting)" in alone.detail) == ("failed", True)
            assert "sidecar run" in alone.remedy
            assert findings["broker: dead letters"].detail == "parked: 1 of orders"
            assert "whole-sale" in findings["magento main: stores"].detail
            permissions = findings["stripe main/test: permissions"]
            assert (permissions.verdict, "GET /v1/refunds" in permissions.detail) == ("failed", True)


@pytest.mark.timeout(180)
async def test_stores_without_a_rule_are_named(broker_url: str, store_server_url: str) -> None:
    async with set_stage(broker_url, store_server_url, Plan(roles=(), disorder=0)) as stage:
        only = '[[stores]]\ninstance = "main"\nstore = "wholesale"\nstripe = "main"\n'
        head, _, _ = stage.config.read_text().partition("[[stores]]")  # a small file
        stage.config.write_text(head + only)
        async with examined(stage.config) as findings:
            finding = findings["magento main: stores"]
    assert (finding.verdict, "orders of default are parked" in finding.detail) == ("warning", True)
