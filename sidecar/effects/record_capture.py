"""Tell Magento that the order is paid."""

from datetime import datetime

from typing_extensions import override

from schemas.ids import OrderRef, PaymentIntentId
from sidecar.effects.magento_effect import MagentoEffect, key_on
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import PaymentDetails, WriteBack


def capture_key(order: OrderRef, intent: PaymentIntentId, *, reopened: bool) -> str:
    """The key of the effect, to ask what became of it without having it."""
    return key_on(order, "capture", f"{intent}{'/reopened' if reopened else ''}")


class RecordCapture(MagentoEffect):
    """Invoice, capture transaction and state `processing`.

    Attributes:
        placed_at: when the order was placed, for the metric that tells how long shoppers wait.
        reopened: whether the order had to be reopened for it; what Magento answered before does not count then.
    """

    payment: PaymentDetails
    placed_at: datetime
    reopened: bool = False

    @property
    @override
    def key(self) -> str:
        return capture_key(self.order, self.payment.payment_intent_id, reopened=self.reopened)

    @property
    @override
    def summary(self) -> str:
        return f"Magento records the payment of {self.payment.amount} {self.payment.currency}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        return await self.magento(ports).record_capture(self.order.order_id, self.payment)
