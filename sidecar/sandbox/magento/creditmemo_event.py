"""A credit memo as its event tells it."""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal

from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId, RefundId
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1, CreditmemoItem, CreditmemoTotals
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.creditmemo_draft import Drawn
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.placing import store_of

AMOUNTS = (
    "grand_total",
    "subtotal",
    "shipping_amount",
    "tax_amount",
    "discount_amount",
    "shipping_tax_amount",
    "adjustment_positive",
    "adjustment_negative",
)
"""Columns of `sales_creditmemo` that the event repeats, in order and, with `base_`, in base currency."""


async def creditmemo_event(
    session: Session, order: Row, row: Row, drawn: Drawn, config: MagentoSandboxConfig
) -> CreditmemoCreatedV1:
    """The event of a memo that has just been inserted; a memo made from a refund has its id in `transaction_id`."""
    refund: str | None = row["transaction_id"]
    paid = await session.row("SELECT method FROM sales_order_payment WHERE parent_id = %s", order["entity_id"])
    invoice = await session.row(
        "SELECT transaction_id FROM sales_invoice WHERE order_id = %s ORDER BY entity_id", order["entity_id"]
    )
    return CreditmemoCreatedV1(
        instance=Instance(config.instance),
        store=store_of(order, config),
        creditmemo_id=MagentoCreditmemoId(row["entity_id"]),
        increment_id=row["increment_id"],
        order_id=MagentoOrderId(order["entity_id"]),
        order_increment_id=order["increment_id"],
        totals=_totals(row, order["order_currency_code"], "", drawn.store_credit),
        base_totals=_totals(row, order["base_currency_code"], "base_", drawn.base_store_credit),
        items=tuple(
            CreditmemoItem(
                order_item_id=line.item["item_id"],
                sku=line.item["sku"],
                name=line.item["name"],
                qty=line.qty,
                row_total=line.sums.row_total,
                tax_amount=line.sums.tax,
                discount_amount=line.sums.discount,
                back_to_stock=drawn.back_to_stock,
            )
            for line in drawn.lines
        ),
        payment_method=paid["method"] if paid else "",
        offline=drawn.offline,
        comment=drawn.comment,
        transaction_id=invoice["transaction_id"] if invoice else None,
        stripe_refund=RefundId(refund) if refund else None,
        created_at=row["created_at"].replace(tzinfo=UTC),
    )


def _totals(row: Mapping[str, Decimal], currency: str, prefix: str, store_credit: Decimal) -> CreditmemoTotals:
    amounts = {name: row[f"{prefix}{name}"] for name in AMOUNTS}
    return CreditmemoTotals.model_validate({"currency": currency, "store_credit": store_credit, **amounts})
