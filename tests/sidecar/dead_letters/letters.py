"""Dead letters for tests."""

from datetime import UTC, datetime
from typing import Any

import orjson

from schemas.envelope import CloudEvent
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.dead_letters.letter import DeadLetter, Header
from sidecar.message_headers import ATTEMPT, DETAIL, FIRST_SEEN, PARKED_AT, QUEUE, REASON
from tests.consumers.builders import an_order

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_body(order_id: int = 42, **changes: Any) -> bytes:
    event = CloudEvent[OrderPlacedV1](
        id=f"e{order_id}",
        source="/magento/shop",
        type=OrderPlacedV1.TYPE,
        time=NOW,
        data=an_order(order_id=order_id, payment_method="pm_card_visa"),
    )
    return orjson.dumps(event.model_dump(mode="json") | changes)


def a_letter(order_id: int = 42, *, body: bytes | None = None, queue: str = "orders", **headers: Any) -> DeadLetter:
    """One that a consumer parked; headers by name (`parked_at`)."""
    known: dict[str, Header] = {
        ATTEMPT: 12,
        FIRST_SEEN: NOW.isoformat(),
        REASON: "http_503",
        DETAIL: "gave up after 12 attempts",
        QUEUE: queue,
        PARKED_AT: NOW.isoformat(),
    }
    named = {f"x-sidecar-{name.replace('_', '-')}": value for name, value in headers.items()}
    return DeadLetter.of(
        queue,
        a_body(order_id) if body is None else body,
        message_id=f"e{order_id}",
        message_type=OrderPlacedV1.TYPE,
        headers=known | named,
    )
