"""What version 1 of each contract has promised; `python -m tests.contracts.frozen` adds what is new."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from schemas.catalog import CATALOG
from schemas.generate import schema_of
from tests.contracts.examples import EXAMPLES
from tests.contracts.paths import fields_of

FOLDER = Path(__file__).parent
REQUIRED = FOLDER / "v1_required.json"
FORMS = FOLDER / "v1_forms.json"
MESSAGES = FOLDER / "messages"
"""By contract: examples as they were when they were first written. They are never changed, and none is taken away."""

Required = dict[str, list[str]]
Forms = dict[str, dict[str, str]]


def required_now() -> Required:
    """The paths of the required fields, by contract."""
    return {
        name: sorted(field.dotted for field in fields_of(schema_of(contract)) if field.required)
        for name, contract in CATALOG.items()
    }


def forms_now() -> Forms:
    """What each field's value looks like, by contract and path."""
    return {
        name: {
            field.dotted: orjson.dumps(field.form, option=orjson.OPT_SORT_KEYS).decode()
            for field in fields_of(schema_of(contract))
        }
        for name, contract in CATALOG.items()
    }


def frozen_required() -> Required:
    found: Required = orjson.loads(REQUIRED.read_bytes())
    return found


def frozen_forms() -> Forms:
    found: Forms = orjson.loads(FORMS.read_bytes())
    return found


def broken(before_required: Required, required: Required, before: Forms, forms: Forms) -> list[str]:
    """Changes that somebody who reads or writes the contract as it was would trip over."""
    found: list[str] = []
    for name, fields in before.items():
        now = forms.get(name, {})
        found += [f"{name}: {path} is gone" for path in sorted(fields.keys() - now.keys())]
        found += [
            f"{name}: {path} has another form"
            for path in sorted(fields)
            if not _holds(fields[path], now.get(path, fields[path]))
        ]
        was, then = set(before_required[name]), set(required.get(name, ()))
        found += [f"{name}: {path} is required, which it was not" for path in sorted(then - was)]
        found += [f"{name}: {path} is required no more" for path in sorted((was - then) & now.keys())]
    return found


def _holds(before: str, now: str) -> bool:
    """Whether the form is the same, or a union that has learnt one more kind of what it took for unknown before."""
    if before == now:
        return True
    was, is_now = orjson.loads(before), orjson.loads(now)
    kinds, kinds_now = was.pop("anyOf", []), is_now.pop("anyOf", [])
    known, known_now = _kinds_that_need_an_id(was), _kinds_that_need_an_id(is_now)
    return bool(was == is_now and all(kind in kinds_now for kind in kinds) and known and known <= known_now)


def _kinds_that_need_an_id(form: dict[str, Any]) -> frozenset[str]:
    """Of a union of Stripe's objects, which takes what it does not know by its id."""
    return frozenset(form.pop("if", {}).get("properties", {}).get("object", {}).get("enum", ()))


def freeze_messages() -> None:
    """Keep a copy of each example that is new."""
    for example in EXAMPLES:
        copy = MESSAGES / example.path.parent.name / example.path.name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(example.path.read_bytes())


def write(path: Path, document: Mapping[str, object]) -> None:
    path.write_bytes(
        orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    )
