"""Tell the systems behind the shop."""

from typing import Any, ClassVar

from pydantic import SerializeAsAny, field_validator
from typing_extensions import override

from schemas.catalog import CATALOG
from schemas.commerce.payment_events import PaymentEvent
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from sidecar.effects.order_effect import OrderEffect
from sidecar.errors import Upstream
from sidecar.observability.in_hand import outgoing
from sidecar.ports.bundle import Ports

_Outgoing = CloudEvent[SerializeAsAny[PaymentEvent]]
"""Made once: pydantic makes a class of its own each time that a generic one is given an annotated type."""


class Published(Frozen):
    """The broker has confirmed the event."""

    event_id: str


class PublishEvent(OrderEffect):
    """Publishes one event to `commerce.events`. Its id is made of what it says, so that receivers can drop doubles.

    Attributes:
        about: what the event is about, for example the PaymentIntent's id; with type and order, its key.
    """

    upstream: ClassVar[Upstream] = "broker"

    type: str
    about: str
    data: SerializeAsAny[PaymentEvent]

    @field_validator("data", mode="before")
    @classmethod
    def _of_its_type(cls, value: Any, info: Any) -> Any:  # noqa: ANN401  # what pydantic hands to a validator
        if isinstance(value, PaymentEvent):
            return value
        return CATALOG[info.data["type"]].model.model_validate(value)

    @property
    @override
    def key(self) -> str:
        return f"event:{self.order}:{self.type}:{self.about}"

    @property
    @override
    def summary(self) -> str:
        return f"Published {self.type}"

    @override
    async def perform(self, ports: Ports) -> Published:
        contract = CATALOG[self.type]
        event_id = f"{self.type}:{self.order}:{self.about}"
        event = _Outgoing(
            id=event_id,
            source="/sidecar",
            type=self.type,
            subject=f"order/{self.order}",
            time=ports.clock.now(),
            traceparent=outgoing(),
            data=self.data,
        )
        await ports.publisher.publish(
            contract.exchange,
            contract.routing_key,
            event.model_dump_json(exclude_none=True).encode(),
            message_id=event_id,
            message_type=self.type,
            traceparent=event.traceparent,
        )
        return Published(event_id=event_id)
