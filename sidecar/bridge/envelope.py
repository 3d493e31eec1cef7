"""Puts a Stripe event into the envelope, byte for byte."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import orjson
from pydantic import ConfigDict, Field, ValidationError

from schemas.contract import Frozen
from schemas.ids import StripeRef
from schemas.problems import explain
from schemas.stripe.event_v1 import StripeEventV1


class _Head(Frozen):
    """What the bridge itself has to know of an event; the rest is the consumers' to read."""

    model_config = ConfigDict(strict=True)

    id: Annotated[str, Field(pattern=r"^evt_[A-Za-z0-9_]+$", max_length=128)]
    type: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=128)]
    created: Annotated[int, Field(ge=0, lt=2**36)]
    livemode: bool


class EventError(Exception):
    """The body is no event of this account.

    Attributes:
        field: what is wrong: a field's name, or `body`.
        detail: why, and what to do; nothing of the body.
    """

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An event, ready to be published.

    Attributes:
        created: seconds since 1970.
        body: the envelope; its `data` is Stripe's body, unchanged.
    """

    event_id: str
    event_type: str
    created: int
    routing_key: str
    traceparent: str
    body: bytes


def wrap(body: bytes, stripe: StripeRef, traceparent: str) -> Wrapped:
    """Read what is needed and put the body, unchanged, into the envelope's `data`.

    Events of types that nobody knows yet pass, as do fields: only what the envelope itself needs is looked at.

    Raises:
        EventError: the body is not JSON, lacks a field, or is of the other mode.
    """
    try:
        # Stricter than pydantic's own parser, which lets NaN through: the envelope has to be JSON for every reader.
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise EventError("body", "is not valid JSON") from None
    if not isinstance(document, dict):
        raise EventError("body", "is not a JSON object")
    head = _head(document)
    if head.livemode != (stripe.mode == "live"):
        raise EventError("livemode", _other_mode(stripe, livemode=head.livemode))
    envelope: dict[str, object] = {
        "specversion": "1.0",
        "id": head.id,
        "source": f"/stripe/{stripe.account}/{stripe.mode}",
        "type": StripeEventV1.TYPE,
        "time": datetime.fromtimestamp(head.created, UTC),
        "datacontenttype": "application/json",
        "traceparent": traceparent,
    }
    subject = _subject(document)
    if subject:
        envelope["subject"] = subject
    return Wrapped(
        head.id,
        head.type,
        head.created,
        f"{stripe.account}.{stripe.mode}.{head.type}",
        traceparent,
        b'%b,"data":%b}' % (orjson.dumps(envelope)[:-1], body),
    )


def _head(document: dict[object, object]) -> _Head:
    try:
        return _Head.model_validate(document)
    except ValidationError as error:
        raise EventError(*explain(error)) from None


def _subject(document: object) -> str | None:
    match document:
        case {"data": {"object": {"id": str(identifier)}}}:
            return identifier
    return None


def _other_mode(stripe: StripeRef, *, livemode: bool) -> str:
    sent = "live" if livemode else "test"
    return (
        f"this is a {sent} event, and account {stripe.account!r} is configured for {stripe.mode}: "
        f"give the endpoint of Stripe's {sent} mode the address of an account whose mode is {sent!r}"
    )
