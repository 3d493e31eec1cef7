"""What is seen of Magento's outbox."""

from prometheus_client import CollectorRegistry
from typing_extensions import override

from sidecar.observability.outbox_metrics import OutboxMetrics
from sidecar.ports.magento import MagentoStatus, OutboxBacklog
from sidecar.watch.outboxes import look_at_outbox
from tests.consumers.builders import ORDER
from tests.fakes.magento import FakeMagento

SHOP = {"magento": "shop"}


class Instance(FakeMagento):
    """An instance that says this of its outbox."""

    def __init__(self, outbox: OutboxBacklog | None) -> None:
        super().__init__(ORDER.instance)
        self.outbox = outbox

    @override
    async def status(self) -> MagentoStatus:
        return MagentoStatus(outbox=self.outbox)


async def test_the_backlog_is_shown_and_an_empty_outbox_is_no_second_old() -> None:
    registry = CollectorRegistry()
    metrics, value = OutboxMetrics(registry), registry.get_sample_value
    instance = Instance(OutboxBacklog(pending=7, parked=1, oldest_seconds=90))
    await look_at_outbox(instance, metrics)
    assert value("sidecar_outbox_pending_events", SHOP) == 7
    assert value("sidecar_outbox_parked_events", SHOP) == 1
    assert value("sidecar_outbox_oldest_pending_seconds", SHOP) == 90
    instance.outbox = OutboxBacklog(pending=0, parked=0)
    await look_at_outbox(instance, metrics)
    assert value("sidecar_outbox_oldest_pending_seconds", SHOP) == 0


async def test_who_does_not_tell_shows_nothing() -> None:
    registry = CollectorRegistry()
    await look_at_outbox(Instance(None), OutboxMetrics(registry))
    assert registry.get_sample_value("sidecar_outbox_pending_events", SHOP) is None
