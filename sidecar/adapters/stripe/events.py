"""Events (docs.stripe.com/api/events): Stripe keeps them for 30 days."""

from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from schemas.contract import Frozen
from schemas.ids import EventId
from sidecar.adapters.stripe.client import StripeClient, read
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import Page, list_page
from sidecar.ports.payments import RawEvent

if TYPE_CHECKING:
    from stripe.params import EventListParams

LIST = Endpoint("get", "/v1/events")

PAGES_KEPT = 10
"""Pages that are held in memory on the way back to the oldest."""


async def oldest_first(client: StripeClient, created_since: datetime) -> AsyncIterator[RawEvent]:
    """Every event since then, oldest first, each once.

    Stripe lists newest first and can only be entered at its newest end, so the list is walked back to the oldest
    event, holding the last pages; what is newer than those is then read again on the way forward.
    """
    params: EventListParams = {"created": {"gte": int(created_since.timestamp())}}
    kept: deque[Page] = deque(maxlen=PAGES_KEPT)
    walked = 0
    cursor: dict[str, object] = {}
    while True:
        page = await list_page(client, LIST, {**params, **cursor})
        kept.append(page)
        walked += 1
        if not page.has_more or not page.data:
            break
        cursor = {"starting_after": page.data[-1]["id"]}
    newest: object = None
    for page in reversed(kept):
        for event in reversed(page.data):
            newest = event["id"]
            yield _raw(event)
    more = walked > len(kept)
    while more:
        page = await list_page(client, LIST, {**params, "ending_before": newest})
        for event in reversed(page.data):
            newest = event["id"]
            yield _raw(event)
        more = page.has_more and bool(page.data)


class _Head(Frozen):
    """What of an event is read before it is handed on."""

    id: EventId
    type: str
    created: int
    livemode: bool


def _raw(event: dict[str, object]) -> RawEvent:
    head = read(_Head, event)
    return RawEvent(id=head.id, type=head.type, created=head.created, livemode=head.livemode, body=orjson.dumps(event))
