"""Walks a JSON Schema: which fields there are, which of them are required."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]
_WORDS = {"title", "description", "default", "examples"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field and its schema, with references followed. In a schema's own path an array's element is `[]`."""

    path: Path
    schema: Json
    required: bool
    nullable: bool

    @property
    def dotted(self) -> str:
        return ".".join(str(part) for part in self.path)

    @property
    def is_object(self) -> bool:
        return "properties" in self.schema

    @property
    def form(self) -> Json:
        """What the schema asks of the value itself, without words and without the fields inside."""
        left_out = _WORDS | {"properties", "required", "items", "$defs", "$id", "$schema"}
        asked = {name: value for name, value in self.schema.items() if name not in left_out}
        return asked | {"nullable": self.nullable}


def fields_of(root: Json) -> Iterator[Field]:
    """Every field that a schema names; those of a union stay unnamed, as they depend on the object's kind."""
    yield from _fields(root, root, ())


def fields_in(root: Json, document: object) -> Iterator[Field]:
    """Every field that a schema names and a document has, array by array."""
    for field in fields_of(root):
        for path in _matches(document, field.path):
            yield Field(path, field.schema, field.required, field.nullable)


def _fields(root: Json, schema: Json, path: Path) -> Iterator[Field]:
    for name, inner in schema.get("properties", {}).items():
        found, nullable = _followed(root, inner)
        field = Field((*path, name), found, name in schema.get("required", ()), nullable)
        yield field
        yield from _fields(root, found, field.path)
        if "items" in found:
            element, null = _followed(root, found["items"])
            yield Field((*field.path, "[]"), element, required=False, nullable=null)
            yield from _fields(root, element, (*field.path, "[]"))


def _followed(root: Json, schema: Json) -> tuple[Json, bool]:
    others = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    nullable = len(others) < len(schema.get("anyOf", ()))
    if nullable and len(others) == 1:
        schema = others[0]
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema, nullable


def _matches(document: object, path: Path) -> Iterator[Path]:
    if not path:
        yield ()
        return
    first, *rest = path
    if first == "[]" and isinstance(document, list):
        for number, inner in enumerate(document):
            yield from ((number, *more) for more in _matches(inner, tuple(rest)))
    elif isinstance(document, dict) and first in document:
        yield from ((first, *more) for more in _matches(document[first], tuple(rest)))
