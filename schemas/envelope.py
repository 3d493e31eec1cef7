"""The CloudEvents 1.0 envelope, structured mode: what every message body on the broker is.

Source: github.com/cloudevents/spec (v1.0.2), with the Distributed Tracing extension.
"""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, field_validator

from schemas.contract import Frozen, Instant

Data = TypeVar("Data", bound=Frozen)

CONTENT_TYPE = "application/cloudevents+json"


class CloudEvent(Frozen, Generic[Data]):
    """One event.

    Attributes:
        id: unique together with `source`; what the inbox knows an event by.
        source: where it happened: `/magento/{instance}`, `/stripe/{account}/{mode}` or `/sidecar`.
        type: the contract and its version, for example `magento.order.placed.v1`.
        subject: what it happened to, for example `order/42`.
        time: when it happened, with a time zone.
        traceparent: W3C trace context of what caused it.
        data: the contract's own fields.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(min_length=1, max_length=128)]
    source: Annotated[str, Field(min_length=1, max_length=128)]
    type: Annotated[str, Field(min_length=1, max_length=128)]
    subject: str | None = None
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: str | None = None
    data: Data

    @field_validator("type")
    @classmethod
    def _is_the_type_of_the_data(cls, value: str) -> str:
        """Refuse data of one contract under the name of another."""
        expected: str = getattr(cls.model_fields["data"].annotation, "TYPE", value)
        if value != expected:
            raise ValueError(f"has to be {expected}")
        return value
