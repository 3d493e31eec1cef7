"""Tell Magento, and through it the shopper, that an attempt failed."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import PaymentFailure, WriteBack


class RecordPaymentFailure(MagentoEffect):
    """Status `payment_failed`, with the reason in words."""

    failure: PaymentFailure

    @property
    @override
    def key(self) -> str:
        return self._key("failure", self.failure.failure_id)

    @property
    @override
    def summary(self) -> str:
        return f"Magento records a failed attempt: {self.failure.decline_code or self.failure.code}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).record_payment_failure(self.order.order_id, self.failure)
