"""Looks at what waits in Magento's outbox."""

from sidecar.observability.outbox_metrics import OutboxMetrics
from sidecar.ports.magento import MagentoOrders


async def look_at_outbox(magento: MagentoOrders, metrics: OutboxMetrics) -> None:
    """Ask the module and show what it says; a module that does not say, and a database, show nothing.

    Raises:
        UpstreamError: Magento is away; what was shown last stays.
    """
    status = await magento.status()
    if status.outbox is not None:
        metrics.show(str(magento.instance), status.outbox)
