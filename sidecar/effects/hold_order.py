"""Stop an order whose money does not fit."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import Hold, WriteBack


class HoldOrder(MagentoEffect):
    """Puts the order on hold, so that a person looks before goods leave."""

    hold: Hold

    @property
    @override
    def key(self) -> str:
        return self._key("hold", f"{self.hold.payment_intent_id}/{self.hold.reason}")

    @property
    @override
    def summary(self) -> str:
        return f"Magento holds the order: {self.hold.message}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).hold_order(self.order.order_id, self.hold)
