"""`POST /V1/order/{id}/refund`: core's credit memo, which is always offline."""

from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel, ConfigDict, ValidationError

from sidecar.sandbox.magento.creditmemo_draft import ZERO, WantedCreditmemo, WantedLine, draw_up
from sidecar.sandbox.magento.creditmemos import place_creditmemo
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import invalid
from sidecar.sandbox.magento.shop import Shop

CENT = Decimal("0.01")


class _Item(BaseModel):
    """`sales-data-creditmemo-item-creation-interface`."""

    model_config = ConfigDict(extra="forbid")

    order_item_id: int
    qty: Decimal


class _Arguments(BaseModel):
    """`sales-data-creditmemo-creation-arguments-interface`; adjustments are in base currency."""

    model_config = ConfigDict(extra="forbid")

    shipping_amount: Decimal | None = None
    adjustment_positive: Decimal = ZERO
    adjustment_negative: Decimal = ZERO


class _Refund(BaseModel):
    """The body."""

    model_config = ConfigDict(extra="forbid")

    items: tuple[_Item, ...] = ()
    notify: bool = False
    arguments: _Arguments = _Arguments()


async def offline_refund(session: Session, order: Row, body: bytes, shop: Shop) -> str:
    """Make the memo; without items it is about everything that is left. Gives its id, as text.

    Raises:
        MagentoError: the body or the amounts do not fit.
    """
    try:
        asked = _Refund.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from None
    rate = Decimal(order["base_to_order_rate"])
    lines = tuple(WantedLine(order_item_id=item.order_item_id, qty=item.qty) for item in asked.items)
    wanted = WantedCreditmemo(
        items=lines or None,
        shipping_amount=asked.arguments.shipping_amount,
        adjustment_positive=(asked.arguments.adjustment_positive * rate).quantize(CENT, ROUND_HALF_UP),
        adjustment_negative=(asked.arguments.adjustment_negative * rate).quantize(CENT, ROUND_HALF_UP),
        offline=True,
    )
    row = await place_creditmemo(session, order, await draw_up(session, order, wanted), shop)
    return str(row["entity_id"])
