"""`magento.shipment.created.v1`: goods of an order left the house."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import ExactDecimal, Frozen, Instant, Whole
from schemas.ids import InstanceName, MagentoOrderId, OrderRef
from schemas.magento.address import Address
from schemas.magento.store import Store


class ShipmentItem(Frozen):
    """A line that was sent.

    Attributes:
        order_item_id: the order's line, `sales_order_item.item_id`.
        qty: how many were sent.
    """

    order_item_id: Whole
    sku: str
    name: str | None = None
    qty: ExactDecimal


class Track(Frozen):
    """How a parcel is followed.

    Attributes:
        carrier_code: Magento's, `custom` for any that it does not know.
        title: the carrier's name as people read it.
        track_number: the carrier's own number of the parcel.
    """

    carrier_code: str
    title: str | None = None
    track_number: str


class ShipmentCreatedV1(Frozen):
    """A full snapshot of the shipment.

    Attributes:
        instance: the Magento installation; the ids are unique in it.
        shipment_id: `sales_shipment.entity_id`.
        increment_id: the shipment's number that people see.
        order_id: `sales_order.entity_id`.
        source_code: the stock source that it was sent from, null where the shop keeps only one.
        tracks: those known when it was made; more may follow in Magento.
        created_at: `sales_shipment.created_at`, which Magento keeps in UTC.
    """

    TYPE: ClassVar[str] = "magento.shipment.created.v1"

    instance: InstanceName
    store: Store
    shipment_id: Annotated[int, Field(gt=0, strict=True)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
    order_increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    source_code: str | None = None
    items: tuple[ShipmentItem, ...]
    tracks: tuple[Track, ...] = ()
    shipping_address: Address | None = None
    created_at: Instant

    @property
    def order(self) -> OrderRef:
        """The key of the order that it belongs to."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
