"""The hand-written examples of `schemas/examples`, and the two ways to read a message: by its schema, by its model."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
from pydantic import TypeAdapter

import schemas
from schemas.catalog import CATALOG, Contract
from schemas.contract import Frozen
from schemas.envelope import CloudEvent

SCHEMAS = Path(schemas.__file__).parent
Event = CloudEvent[Frozen]


@dataclass(frozen=True, slots=True)
class Example:
    path: Path

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def contract(self) -> Contract:
        return CATALOG[self.path.parent.name]

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.path.read_bytes())
        return found


EXAMPLES = tuple(Example(path) for path in sorted((SCHEMAS / "examples").glob("*/*.json")))


def examples_of(type_: str) -> tuple[Example, ...]:
    return tuple(example for example in EXAMPLES if example.contract.name == type_)


@cache
def generated(contract: Contract) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((SCHEMAS / "generated" / f"{contract.name}.json").read_bytes())
    return found


@cache
def validator(contract: Contract) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(generated(contract), validate_formats=True)


@cache
def _reader(model: type[Frozen]) -> TypeAdapter[Event]:
    return TypeAdapter(CloudEvent[model])  # type: ignore[valid-type]  # one class per contract, made at run time


def read(contract: Contract, body: bytes) -> Event:
    """Read a message as a consumer does."""
    return _reader(contract.model).validate_json(body)
