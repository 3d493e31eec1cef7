"""Turns a message body into an event of one of the consumer's contracts."""

from functools import cache
from typing import Annotated

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from schemas.catalog import CATALOG
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.problems import explain
from sidecar.consumer import Consumer, Event
from sidecar.errors import UnmappableError
from sidecar.observability.tracing import is_recording


class _Type(Frozen):
    """The one field that tells how to read the rest."""

    type: Annotated[str, Field(min_length=1, max_length=128)]


class _Trace(Frozen):
    """The one field that tells which trace it belongs to."""

    traceparent: str | None = None


@cache
def _reader(model: type[Frozen]) -> TypeAdapter[Event]:
    return TypeAdapter(CloudEvent[model])  # type: ignore[valid-type]  # one class per contract, made at run time


@cache
def _types(contracts: tuple[type[Frozen], ...]) -> dict[str, type[Frozen]]:
    return {contract.name: contract.model for contract in CATALOG.values() if contract.model in contracts}


def parse(body: bytes, consumer: Consumer) -> Event:
    """Read the envelope and its data.

    Raises:
        UnmappableError: it is no JSON, no CloudEvent, of no contract of this consumer, or a field is wrong; says which.
    """
    try:
        kind = _Type.model_validate_json(body).type
    except ValidationError as error:
        raise _unmappable(error) from None
    model = _types(consumer.contracts).get(kind)
    if model is None:
        expected = ", ".join(sorted(_types(consumer.contracts)))
        raise UnmappableError(
            "unknown_type", "type", f"{kind!r} is not read by {consumer.queue!r}, which reads {expected}"
        )
    try:
        return _reader(model).validate_json(body)
    except ValidationError as error:
        raise _unmappable(error) from None


def _unmappable(error: ValidationError) -> UnmappableError:
    kind = error.errors(include_input=False, include_url=False)[0]["type"]
    return UnmappableError("invalid_json" if kind == "json_invalid" else "invalid_field", *explain(error))


def parent_of(body: bytes) -> str | None:
    """The envelope's `traceparent`, read before it is known whether the rest can be; only while spans are recorded."""
    if not is_recording():
        return None
    try:
        return _Trace.model_validate_json(body).traceparent
    except ValidationError:
        return None


def peek(body: bytes) -> dict[str, str]:
    """What can be read of a message that may be broken, for a log line: its type, id, source and subject."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {name: str(read[name])[:128] for name in ("type", "id", "source", "subject") if name in read}
