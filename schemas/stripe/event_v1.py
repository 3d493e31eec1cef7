"""`stripe.event.v1`: an event exactly as Stripe sent it (docs.stripe.com/api/events/object).

The bridge puts Stripe's body into the envelope byte for byte; it is first read here. A webhook endpoint pins an API
version of its own, so only fields that have been stable for years are required.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from schemas.contract import Frozen
from schemas.ids import EventId
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent


class OtherObject(Frozen):
    """An object of a kind that no consumer reads yet."""

    object: str
    id: str | None = None


KNOWN = ("payment_intent", "charge", "checkout.session")


def _kind(value: object) -> str:
    name = value.get("object") if isinstance(value, dict) else getattr(value, "object", None)
    return str(name) if name in KNOWN else "other"


StripeObject = Annotated[
    Annotated[PaymentIntent, Tag("payment_intent")]
    | Annotated[Charge, Tag("charge")]
    | Annotated[CheckoutSession, Tag("checkout.session")]
    | Annotated[OtherObject, Tag("other")],
    Discriminator(_kind),
]


class EventData(Frozen):
    """The object as it was when the event happened."""

    object: StripeObject


class StripeEventV1(Frozen):
    """One Stripe event. `created` is in seconds since 1970, UTC."""

    TYPE: ClassVar[str] = "stripe.event.v1"

    id: Annotated[EventId, Field(pattern=r"^evt_", max_length=128)]
    object: Literal["event"] = "event"
    type: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=128)]
    created: int
    livemode: bool
    api_version: str | None = None
    data: EventData
