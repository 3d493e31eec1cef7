"""A message in a dead-letter queue, read as far as it can be read: it may be there because nobody could."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self

import orjson

from schemas.ids import Subject
from sidecar.message_headers import ATTEMPT, DETAIL, FIRST_SEEN, PARKED_AT, REASON, REPLAYS, SUBJECT
from sidecar.subject_text import subject_from

REF_LENGTH = 12
BROKERS_DEATHS = "x-death"
"""What RabbitMQ notes of each dead-lettering (rabbitmq.com/docs/dlx): newest first."""

Header = str | int | float | bool | datetime | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One dead letter.

    Attributes:
        queue: the work queue it belongs to, without the prefix.
        ref: what a person calls it: twelve hexadecimal digits made from the queue and the body, so that two copies of
            a message have the same.
        body: the envelope, as it is.
        message_id: the broker's property, which is the event's id.
        message_type: the broker's property, which is the contract's name.
        headers: ours and the broker's.
    """

    queue: str
    ref: str
    body: bytes
    message_id: str | None
    message_type: str | None
    headers: Mapping[str, Header]

    @classmethod
    def of(
        cls,
        queue: str,
        body: bytes,
        *,
        message_id: str | None = None,
        message_type: str | None = None,
        headers: Mapping[str, Header] | None = None,
    ) -> Self:
        """A letter with its ref."""
        return cls(
            queue=queue,
            ref=ref_of(queue, body),
            body=body,
            message_id=message_id,
            message_type=message_type,
            headers=headers or {},
        )

    @property
    def parked_by_broker(self) -> bool:
        """Whether RabbitMQ put it here by itself: it took its consumer down too often."""
        return PARKED_AT not in self.headers

    @property
    def reason(self) -> str:
        """Why it is here: a short constant."""
        if self.parked_by_broker:
            return str(self._death.get("reason", "unknown"))
        return str(self.headers.get(REASON, "unknown"))

    @property
    def detail(self) -> str:
        """Why it is here, for a person."""
        if self.parked_by_broker:
            return "the broker gave up: it was given back or its consumer died each time"
        return str(self.headers.get(DETAIL, ""))

    @property
    def attempts(self) -> int:
        """How many attempts were used up."""
        return _whole(self.headers.get(ATTEMPT))

    @property
    def replays(self) -> int:
        """How often it was sent back to work before."""
        return _whole(self.headers.get(REPLAYS))

    @property
    def first_seen(self) -> datetime | None:
        """When a consumer first had it in hand."""
        return _moment(self.headers.get(FIRST_SEEN))

    @property
    def parked_at(self) -> datetime | None:
        """When it came here; None when nobody wrote that down."""
        return _moment(self._death.get("time") if self.parked_by_broker else self.headers.get(PARKED_AT))

    @property
    def subject(self) -> Subject | None:
        """The order or customer it is about: as a consumer found out, or as far as the message says it plainly."""
        try:
            return subject_from(str(self.headers[SUBJECT]))
        except (KeyError, ValueError):
            return subject_in(self.document)

    @cached_property
    def document(self) -> object:
        """The body as JSON, or None when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def event(self) -> "EventHead":
        """What the envelope says of itself, as far as it can be read."""
        document = self.document
        known = document if isinstance(document, dict) else {}
        return EventHead(
            id=_text(known.get("id")) or self.message_id,
            source=_text(known.get("source")),
            type=_text(known.get("type")) or self.message_type,
        )

    @property
    def _death(self) -> Mapping[str, Any]:
        deaths = self.headers.get(BROKERS_DEATHS)
        first = deaths[0] if isinstance(deaths, list) and deaths else None
        return first if isinstance(first, dict) else {}


@dataclass(frozen=True, slots=True)
class EventHead:
    """What an envelope says of itself; None where it does not, or not readably."""

    id: str | None
    source: str | None
    type: str | None


def ref_of(queue: str, body: bytes) -> str:
    """What a person calls a dead letter."""
    return hashlib.sha256(queue.encode() + b"\0" + body).hexdigest()[:REF_LENGTH]


def subject_in(document: object) -> Subject | None:
    """The order or customer that a message names: in its own fields, or in the metadata of Stripe's object."""
    match document:
        case {"data": {"instance": str(instance), "order_id": int(number)}}:
            return _subject(f"{instance}/{number}")
        case {"data": {"instance": str(instance), "customer_id": int(number)}}:
            return _subject(f"{instance}/customer/{number}")
        case {
            "data": {
                "data": {"object": {"metadata": {"magento_instance": str(instance), "magento_order_id": str(order)}}}
            }
        }:
            return _subject(f"{instance}/{order}")
        case _:
            return None


def _subject(text: str) -> Subject | None:
    try:
        return subject_from(text)
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    """A time with its zone; RabbitMQ's are UTC and do not say so."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _text(value: object) -> str | None:
    return value[:128] if isinstance(value, str) and value else None
