"""Say in the order's history that money went back without a credit memo."""

from collections.abc import Sequence
from datetime import datetime

from typing_extensions import override

from schemas.ids import RefundId, StripeRef
from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, RefundDismissed
from sidecar.ports.magento import WriteBack


class DismissRefund(MagentoEffect):
    """Adds a line to the order's history, and keeps for ever that the refund gets no memo.

    Attributes:
        reason: a short constant, for example `not_refundable`.
    """

    stripe: StripeRef
    refund: RefundId
    reason: str
    comment: str

    @property
    @override
    def key(self) -> str:
        return self._key("dismiss", self.refund)

    @property
    @override
    def summary(self) -> str:
        return f"Magento's order history says: {self.comment}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        await self.magento(ports).add_comment(self.order.order_id, self.comment)
        return WriteBack(outcome="applied")

    @override
    def facts(self, result: WriteBack, at: datetime) -> Sequence[Fact]:
        return [RefundDismissed(self.stripe, self.refund, self.reason)]
