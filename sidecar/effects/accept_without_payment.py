"""Let an order go on that costs nothing."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import WriteBack


class AcceptWithoutPayment(MagentoEffect):
    """Invoice and state `processing`; Stripe is not asked, since it charges nothing under its minimum."""

    @property
    @override
    def key(self) -> str:
        return self._key("accept", "zero")

    @property
    @override
    def summary(self) -> str:
        return "Magento accepts the order without a payment: its total is zero"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).accept_without_payment(self.order.order_id)
