"""What effects on an order in Magento have in common."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from schemas.ids import OrderRef
from sidecar.effects.order_effect import OrderEffect
from sidecar.errors import Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, OrderCanceledObserved
from sidecar.ports.magento import MagentoOrders, WriteBack


def key_on(order: OrderRef, verb: str, about: object) -> str:
    """The key of an effect on the order."""
    return f"magento:{order}:{verb}:{about}"


class MagentoEffect(OrderEffect):
    """An effect on one order. Magento knows it by the Stripe id it carries, so it may be repeated at any time."""

    upstream: ClassVar[Upstream] = "magento"

    def magento(self, ports: Ports) -> MagentoOrders:
        """The instance's adapter."""
        return ports.magento[self.order.instance]

    def _key(self, verb: str, about: object) -> str:
        return key_on(self.order, verb, about)

    @override
    def facts(self, result: WriteBack, at: datetime) -> Sequence[Fact]:
        if result.outcome == "order_canceled":
            return (OrderCanceledObserved(self.order, at),)
        return ()

    @override
    def detail(self, result: WriteBack) -> Mapping[str, str]:
        known = {"outcome": result.outcome, "state": result.state, "status": result.status}
        return {name: value for name, value in known.items() if value}
