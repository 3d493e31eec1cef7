"""What effects that are done for an order have in common."""

from typing_extensions import override

from schemas.ids import OrderRef
from sidecar.effects.effect import Effect


class OrderEffect(Effect):
    """An effect for one order.

    Attributes:
        order: the order it is done for.
    """

    order: OrderRef

    @property
    @override
    def subject(self) -> OrderRef:
        return self.order
