"""`POST /V1/sidecar/orders/{id}/republish`: the order's events once more, for those that never came."""

import orjson

from sidecar.sandbox.magento.database import Row, Session


async def republish(session: Session, row: Row) -> Row:
    """Add the newest event of each kind that the order has had, under a new id."""
    rows = await session.rows(
        "SELECT type, routing_key, body FROM sidecar_outbox WHERE id IN (SELECT MAX(id) FROM sidecar_outbox"
        " WHERE JSON_VALUE(body, '$.data.order_id') = %s GROUP BY type, JSON_VALUE(body, '$.data.creditmemo_id'))"
        " ORDER BY id",
        row["entity_id"],
    )
    for each in rows:
        event = orjson.loads(each["body"])
        again = await session.row("SELECT COALESCE(MAX(id), 0) + 1 AS number FROM sidecar_outbox")
        event["id"] = f"{event['id']}-again-{again['number'] if again else 1}"
        await session.insert(
            "sidecar_outbox",
            {
                "event_id": event["id"],
                "type": each["type"],
                "routing_key": each["routing_key"],
                "body": orjson.dumps(event).decode(),
                "created_at": row["updated_at"],
                "held": 0,
                "copies": 1,
            },
        )
    return {"outcome": "applied", "order_id": row["entity_id"], "state": row["state"], "status": row["status"]}
