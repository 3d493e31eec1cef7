"""Cancel an order that nobody paid in time."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import WriteBack


class CancelOrder(MagentoEffect):
    """Cancels the order in Magento. Only asked for once nothing in Stripe can be paid any more."""

    comment: str

    @property
    @override
    def key(self) -> str:
        return self._key("cancel", "unpaid")

    @property
    @override
    def summary(self) -> str:
        return "Magento cancels the order: it was not paid in time"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).cancel_order(self.order.order_id, self.comment)
