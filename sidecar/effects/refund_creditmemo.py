"""Give back the money of a credit memo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from typing_extensions import override

from schemas.ids import MagentoCreditmemoId
from sidecar.effects.refund_effect import RefundAnswer, RefundEffect
from sidecar.ports.facts import Fact, RefundLinked

CREDITMEMO_ID = "magento_creditmemo_id"
"""The metadata key that says which credit memo a refund is the money of; a person may set it as well."""


class RefundCreditmemo(RefundEffect):
    """Gives back a credit memo's money, or the part of it that came by one intent.

    Attributes:
        part: 1 for the first; another follows where the money came by several intents, or one was refused.
    """

    creditmemo: MagentoCreditmemoId
    part: int = 1

    @property
    @override
    def key(self) -> str:
        about = f"{self.order.instance}/{self.creditmemo}"
        return self._key("creditmemo", about if self.part == 1 else f"{about}/{self.part}")

    @property
    @override
    def summary(self) -> str:
        return f"Asked Stripe to give back {self.amount} of credit memo {self.creditmemo}"

    @property
    @override
    def reason(self) -> Literal["duplicate", "requested_by_customer"]:
        return "requested_by_customer"

    @override
    def facts(self, result: RefundAnswer, at: datetime) -> Sequence[Fact]:
        seen = super().facts(result, at)
        if result.refund is None:
            return seen
        return [*seen, RefundLinked(self.stripe, self.order, result.refund.id, self.creditmemo)]
