"""Tell Magento what became of a credit memo's money."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.ids import MagentoCreditmemoId
from sidecar.effects.creditmemo_effect import LINKED, CreditmemoEffect, told
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CreditmemoRefused, Fact, RefundLinked
from sidecar.ports.magento import CreditmemoRefund, RefundWriteBack


class RecordCreditmemoRefund(CreditmemoEffect):
    """Says on a credit memo that its refund waits, came through, failed, or was refused."""

    creditmemo: MagentoCreditmemoId
    refund: CreditmemoRefund

    @property
    @override
    def key(self) -> str:
        which = self.refund.refund_id or self.refund.code
        return self._key("creditmemo", f"{self.creditmemo}/{which}/{self.refund.status}")

    @property
    @override
    def summary(self) -> str:
        refund = self.refund
        why = f": {refund.code}" if refund.code else ""
        status = refund.status.replace("_", " ")
        return f"Credit memo {self.creditmemo}: its refund of {refund.amount} {refund.currency} is {status}{why}"

    @override
    async def perform(self, ports: Ports) -> RefundWriteBack:
        return await self.magento(ports).record_creditmemo_refund(self.creditmemo, self.refund)

    @override
    def facts(self, result: RefundWriteBack, at: datetime) -> Sequence[Fact]:
        if result.outcome not in LINKED:
            return []
        if self.refund.refund_id is None:
            return [CreditmemoRefused(self.order, self.creditmemo, self.refund.code or "unknown")]
        return [RefundLinked(self.refund.stripe, self.order, self.refund.refund_id, self.creditmemo)]

    @override
    def detail(self, result: RefundWriteBack) -> Mapping[str, str]:
        return {**({"refund": self.refund.refund_id} if self.refund.refund_id else {}), **told(result)}
