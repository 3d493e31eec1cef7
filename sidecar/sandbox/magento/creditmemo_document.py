"""`GET /V1/creditmemo/{id}` as Magento answers it: amounts are numbers, what has no value is left out."""

from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.order_document import present

NULLS = ("base_cost",)
"""Fields of a line that Magento writes although they have no value."""


async def creditmemo_document(session: Session, row: Row) -> Row:
    """The whole memo."""
    items = await session.rows("SELECT * FROM sales_creditmemo_item WHERE parent_id = %s", row["entity_id"])
    comments = await session.rows(
        "SELECT * FROM sales_creditmemo_comment WHERE parent_id = %s ORDER BY entity_id", row["entity_id"]
    )
    # `present` hides the address of an order, which a memo shows.
    return present(row) | {
        "shipping_address_id": row["shipping_address_id"],
        "items": [present(item) | dict.fromkeys(NULLS) for item in items],
        "comments": [present(line) for line in comments],
    }
