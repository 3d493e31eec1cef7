"""How a Stripe object says which order it belongs to."""

from collections.abc import Mapping

from schemas.ids import Instance, MagentoOrderId, OrderRef
from schemas.magento.order_placed_v1 import OrderPlacedV1

INSTANCE = "magento_instance"
ORDER_ID = "magento_order_id"
INCREMENT_ID = "magento_increment_id"
STORE_ID = "magento_store_id"

STRIPE_MODULE_KEYS = frozenset(("Order #", "Module"))
"""What Stripe's own module for Magento puts on its intents: those are its to look after."""


def metadata_of(order: OrderPlacedV1) -> dict[str, str]:
    """What every object made for the order carries."""
    return {
        INSTANCE: order.instance,
        ORDER_ID: str(order.order_id),
        INCREMENT_ID: order.increment_id,
        STORE_ID: str(order.store.store_id),
    }


def order_in(metadata: Mapping[str, str]) -> OrderRef | None:
    """The order that an object carries, or None when it carries none that can be read."""
    instance, order_id = metadata.get(INSTANCE), metadata.get(ORDER_ID, "")
    if not instance or not order_id.isascii() or not order_id.isdigit():
        return None
    return OrderRef.model_construct(instance=Instance(instance), order_id=MagentoOrderId(int(order_id)))


def made_by_stripe_module(metadata: Mapping[str, str]) -> bool:
    """Whether the object was made by Stripe's own Magento module."""
    return not STRIPE_MODULE_KEYS.isdisjoint(metadata) and INSTANCE not in metadata
