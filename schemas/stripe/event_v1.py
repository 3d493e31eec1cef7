"""`stripe.event.v1`: an event exactly as Stripe sent it (docs.stripe.com/api/events/object).

The bridge puts Stripe's body into the envelope byte for byte; it is first read here. A webhook endpoint pins an API
version of its own, so only fields that have been stable for years are required, and an object whose form is not known
is not refused: it is passed on by its id, by which the consumer reads it again in the version that the sidecar pins.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)  # fmt: skip
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from schemas.contract import Flag, Frozen, Whole
from schemas.ids import ChargeId, EventId, PaymentIntentId
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer
from schemas.stripe.payment_intent import PaymentIntent


def _texts(value: object) -> object:
    """What of a metadata map can be read."""
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(name, str) and isinstance(text, str)}


def _text(value: object) -> object:
    """An id, be it that of an object that Stripe put in its place."""
    if isinstance(value, dict):
        return _text(value.get("id"))
    return value if isinstance(value, str) else None


class OtherObject(Frozen):
    """An object of a kind that no consumer reads, or in a form that this version does not know.

    Attributes:
        object: Stripe's name of the kind.
        payment_intent: the PaymentIntent that it belongs to, as far as it says so.
        charge: the charge that it belongs to, likewise.
        status: as the object says it.
        metadata: what of it are texts.
    """

    object: str
    id: Annotated[str | None, BeforeValidator(_text), WithJsonSchema({})] = None
    payment_intent: Annotated[PaymentIntentId | None, BeforeValidator(_text), WithJsonSchema({})] = None
    charge: Annotated[ChargeId | None, BeforeValidator(_text), WithJsonSchema({})] = None
    status: Annotated[str | None, BeforeValidator(_text), WithJsonSchema({})] = None
    metadata: Annotated[dict[str, str], BeforeValidator(_texts), WithJsonSchema({})] = Field(default_factory=dict)


KNOWN = ("payment_intent", "charge", "checkout.session", "customer")


def _kind(value: object) -> str:
    name = value.get("object") if isinstance(value, dict) else getattr(value, "object", None)
    return str(name) if name in KNOWN and not isinstance(value, OtherObject) else "other"


def _at_least_by_id(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """Keep the id of an object that cannot be read. Without an id there is nothing to read again: that is an error."""
    try:
        return read(value)
    except ValidationError:
        if not (isinstance(value, dict) and _kind(value) in KNOWN and isinstance(value.get("id"), str)):
            raise
        return OtherObject.model_validate(value)


class _AnyForm:
    """Says in the JSON Schema what `_at_least_by_id` does: any form will do, but a known kind needs an id."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        return {
            "anyOf": schema["oneOf"],
            "if": {"properties": {"object": {"enum": sorted(KNOWN)}}},
            "then": {"required": ["id"], "properties": {"id": {"type": "string"}}},
        }


StripeObject = Annotated[
    Annotated[PaymentIntent, Tag("payment_intent")]
    | Annotated[Charge, Tag("charge")]
    | Annotated[CheckoutSession, Tag("checkout.session")]
    | Annotated[Customer, Tag("customer")]
    | Annotated[OtherObject, Tag("other")],
    Discriminator(_kind),
    WrapValidator(_at_least_by_id),
    _AnyForm,
]


class EventData(Frozen):
    """The object as it was when the event happened."""

    object: StripeObject


class StripeEventV1(Frozen):
    """One Stripe event.

    Attributes:
        id: `evt_…`; also the id of the envelope.
        type: what happened, for example `payment_intent.succeeded`; types that nobody reads pass.
        created: seconds since 1970, UTC.
        livemode: whether it is about live money.
        api_version: in which the object is written; null in events of Stripe's newer kind.
    """

    TYPE: ClassVar[str] = "stripe.event.v1"

    id: Annotated[EventId, Field(pattern=r"^evt_", max_length=128)]
    object: Literal["event"] = "event"
    type: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=128)]
    created: Whole
    livemode: Flag
    api_version: str | None = None
    data: EventData
