"""`magento.order.placed.v1`: an order exists in Magento and wants to be paid."""

from typing import ClassVar

from schemas.magento.order_snapshot import OrderSnapshot


class OrderPlacedV1(OrderSnapshot):
    """A full snapshot of the order, so that no consumer has to call Magento back."""

    TYPE: ClassVar[str] = "magento.order.placed.v1"
