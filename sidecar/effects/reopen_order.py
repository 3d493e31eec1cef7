"""Bring back a cancelled order whose payment has landed."""

from typing_extensions import override

from schemas.ids import PaymentIntentId
from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import WriteBack


class ReopenOrder(MagentoEffect):
    """Un-cancels the order: items, totals, stock."""

    payment_intent: PaymentIntentId

    @property
    @override
    def key(self) -> str:
        return self._key("reopen", self.payment_intent)

    @property
    @override
    def summary(self) -> str:
        return "Magento reopens the order, since its payment has landed"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).reopen_order(self.order.order_id, self.payment_intent)
