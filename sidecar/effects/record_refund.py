"""Tell Magento of money that went back in Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.contract import Frozen
from sidecar.effects.creditmemo_effect import LINKED, CreditmemoEffect, told
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, OrderCanceledObserved, RefundLinked
from sidecar.ports.magento import RefundWriteBack, StripeRefund


class RefundRecorded(Frozen):
    """What Magento answered to what it was told."""

    answer: RefundWriteBack
    told: StripeRefund


class RecordRefund(CreditmemoEffect):
    """Has Magento make a credit memo for a refund.

    Attributes:
        refund: with the lines that come back, as far as they could be told from the amount.
        instead: whether these lines are told instead of others that came to another sum in Magento.
    """

    refund: StripeRefund
    instead: bool = False

    @property
    @override
    def key(self) -> str:
        return self._key("refund", f"{self.refund.refund_id}{'/instead' if self.instead else ''}")

    @property
    @override
    def summary(self) -> str:
        return f"Magento is told of a refund of {self.refund.amount} {self.refund.currency} ({self.refund.lines})"

    @override
    async def perform(self, ports: Ports) -> RefundRecorded:
        answer = await self.magento(ports).record_refund(self.order.order_id, self.refund)
        return RefundRecorded(answer=answer, told=self.refund)

    @override
    def facts(self, result: RefundRecorded, at: datetime) -> Sequence[Fact]:
        answer = result.answer
        if answer.outcome == "order_canceled":
            return [OrderCanceledObserved(self.order, at)]
        if answer.outcome in LINKED and answer.creditmemo_id is not None:
            return [RefundLinked(self.refund.stripe, self.order, self.refund.refund_id, answer.creditmemo_id)]
        return []

    @override
    def detail(self, result: RefundRecorded) -> Mapping[str, str]:
        return {"refund": self.refund.refund_id, **told(result.answer)}
