"""Puts a Stripe event into the envelope, byte for byte."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import orjson
from pydantic import Field, ValidationError

from schemas.contract import Frozen
from schemas.ids import StripeRef
from schemas.stripe.event_v1 import StripeEventV1


class _Subject(Frozen):
    id: str | None = None


class _Data(Frozen):
    object: _Subject


class _Event(Frozen):
    """What the bridge itself has to know of an event; the rest is the consumers' to read."""

    id: Annotated[str, Field(pattern=r"^evt_[A-Za-z0-9_]+$", max_length=128)]
    type: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=128)]
    created: Annotated[int, Field(ge=0, lt=2**36)]
    livemode: bool
    data: _Data


class EventError(Exception):
    """The body is no event of this account; names the field and what to do."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An event, ready to be published."""

    event_id: str
    event_type: str
    created: int
    routing_key: str
    body: bytes


def wrap(body: bytes, stripe: StripeRef, traceparent: str) -> Wrapped:
    """Read what is needed and put the body, unchanged, into the envelope's `data`.

    Raises:
        EventError: the body is not JSON, lacks a field, or is of the other mode.
    """
    try:
        event = _Event.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise EventError(".".join(str(part) for part in first["loc"]) or "body", first["msg"]) from None
    if event.livemode != (stripe.mode == "live"):
        detail = (
            f"{event.livemode} does not fit account {stripe.account!r}, which is configured for mode {stripe.mode!r}"
        )
        raise EventError("livemode", detail)
    head = {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/stripe/{stripe.account}/{stripe.mode}",
        "type": StripeEventV1.TYPE,
        "subject": event.data.object.id,
        "time": datetime.fromtimestamp(event.created, UTC),
        "datacontenttype": "application/json",
        "traceparent": traceparent,
    }
    if event.data.object.id is None:
        del head["subject"]
    return Wrapped(
        event.id,
        event.type,
        event.created,
        f"{stripe.account}.{stripe.mode}.{event.type}",
        orjson.dumps(head)[:-1] + b',"data":' + body + b"}",
    )
