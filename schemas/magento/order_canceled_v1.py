"""`magento.order.canceled.v1`: an order was cancelled in Magento, by a person, its cron or the sidecar."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import Frozen, Instant
from schemas.ids import InstanceName, MagentoOrderId, OrderRef
from schemas.magento.store import Store


class OrderCanceledV1(Frozen):
    """The order that is not to be paid any more.

    Attributes:
        instance: the Magento installation; `order_id` is unique in it.
        order_id: `sales_order.entity_id`.
        increment_id: the number that people see.
        canceled_at: when Magento saved it as cancelled.
        reason: who or what cancelled it, where Magento knows, for example `cron`.
    """

    TYPE: ClassVar[str] = "magento.order.canceled.v1"

    instance: InstanceName
    store: Store
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    canceled_at: Instant
    reason: str | None = None

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
