"""`magento.order.edited.v1`: an order that was placed before has other addresses now."""

from typing import ClassVar

from schemas.contract import Instant
from schemas.magento.order_snapshot import OrderSnapshot


class OrderEditedV1(OrderSnapshot):
    """A full snapshot of the order after the change.

    Magento edits an order's addresses in place; an edit of its items makes a new order (`replaces_order_id`) and
    cancels this one, which are events of their own. State, status and what was paid change without this event.

    Attributes:
        changed_fields: names of the fields of this event that the change touched.
        edited_at: when it was saved.
    """

    TYPE: ClassVar[str] = "magento.order.edited.v1"

    changed_fields: tuple[str, ...]
    edited_at: Instant
