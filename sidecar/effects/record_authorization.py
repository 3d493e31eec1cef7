"""Tell Magento that the money is reserved."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import PaymentDetails, WriteBack


class RecordAuthorization(MagentoEffect):
    """Authorisation transaction and state `processing`; no invoice."""

    payment: PaymentDetails

    @property
    @override
    def key(self) -> str:
        return self._key("authorization", self.payment.payment_intent_id)

    @property
    @override
    def summary(self) -> str:
        return f"Magento records the authorisation of {self.payment.amount} {self.payment.currency}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).record_authorization(self.order.order_id, self.payment)
