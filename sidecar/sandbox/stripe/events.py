"""Events: what happened, as a snapshot (docs.stripe.com/api/events)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson
from stripe.params import EventListParams, EventRetrieveParams

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid, resource_missing
from sidecar.sandbox.stripe.operation import Call, Operation

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.account import Account

API_VERSION = "2026-10-28.endive"
RETENTION = 30 * 24 * 3600
_MOST_TYPES = 20


@dataclass(frozen=True)
class Cause:
    """The request that made something happen."""

    request_id: str
    idempotency_key: str | None


@dataclass(kw_only=True)
class Event:
    """One event.

    Attributes:
        object: the snapshot, as compact JSON: an account keeps many of them.
        pending_webhooks: deliveries not yet answered with 2xx.
    """

    id: str
    created: int
    type: str
    livemode: bool
    object: bytes
    previous_attributes: JsonObject | None
    cause: Cause | None
    pending_webhooks: int = 0


class EventSink(Protocol):
    """Who delivers them."""

    def __call__(self, account: Account, event: Event) -> None:
        """Deliver to every endpoint that wants it; never blocks."""
        ...


def emit(account: Account, event_type: str, document: JsonObject, previous: JsonObject | None = None) -> Event:
    """Record that something happened to an object, and have it delivered."""
    event = Event(
        id=account.new_id("evt"),
        created=account.clock.now(),
        type=event_type,
        livemode=account.livemode,
        object=orjson.dumps(document),
        previous_attributes=previous,
        cause=account.cause,
    )
    account.events.add(event)
    account.shared.deliver(account, event)
    return event


def event_document(event: Event) -> JsonObject:
    """Write it as the API and the webhooks send it."""
    data: JsonObject = {"object": orjson.loads(event.object)}
    if event.previous_attributes is not None:
        data["previous_attributes"] = event.previous_attributes
    cause = event.cause
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": data,
        "livemode": event.livemode,
        "pending_webhooks": event.pending_webhooks,
        "request": {
            "id": cause.request_id if cause else None,
            "idempotency_key": cause.idempotency_key if cause else None,
        },
        "type": event.type,
    }


def _list(call: Call) -> JsonObject:
    parameters = call.parameters
    types = parameters.texts("types")
    kind = parameters.text("type")
    if types is not None and kind is not None:
        raise invalid("You may only specify one of these parameters: type, types.")
    if types is not None and len(types) > _MOST_TYPES:
        raise invalid("You may only specify up to 20 types.", param="types")
    patterns = types if types is not None else [kind] if kind is not None else None
    success = parameters.flag("delivery_success")
    oldest = call.account.clock.now() - RETENTION

    def keep(event: Event) -> bool:
        return (
            event.created >= oldest
            and (patterns is None or any(_matches(event.type, pattern) for pattern in patterns))
            and (success is None or (event.pending_webhooks == 0) is success)
        )

    return call.account.events.page(parameters, "/v1/events", event_document, keep=keep)


def _matches(event_type: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return event_type.startswith(pattern[:-1])
    return event_type == pattern


def _retrieve(call: Call) -> JsonObject:
    event = call.account.events.get(call.id)
    if event.created < call.account.clock.now() - RETENTION:
        raise resource_missing("event", call.id)
    return event_document(event)


OPERATIONS = (
    Operation("GET", "/v1/events", _list, EventListParams),
    Operation("GET", "/v1/events/{id}", _retrieve, EventRetrieveParams),
)
