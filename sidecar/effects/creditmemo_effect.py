"""What effects on credit memos in Magento have in common."""

from collections.abc import Mapping
from typing import ClassVar

from sidecar.effects.order_effect import OrderEffect
from sidecar.errors import Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import MagentoOrders, RefundWriteBack

LINKED = frozenset(("applied", "already_applied"))
"""Outcomes after which Magento has the refund linked to the memo."""


class CreditmemoEffect(OrderEffect):
    """An effect on an order's credit memos. Magento knows it by the refund's id, so it may be repeated at any time."""

    upstream: ClassVar[Upstream] = "magento"

    def magento(self, ports: Ports) -> MagentoOrders:
        """The instance's adapter."""
        return ports.magento[self.order.instance]

    def _key(self, verb: str, about: object) -> str:
        return f"magento:{self.order}:{verb}:{about}"


def told(answer: RefundWriteBack) -> Mapping[str, str]:
    """Of an answer, what the timeline should show."""
    known = {
        "outcome": answer.outcome,
        "creditmemo": answer.creditmemo_increment_id,
        "state": answer.creditmemo_state,
    }
    return {name: value for name, value in known.items() if value}
