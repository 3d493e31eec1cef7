"""Is every answer one that Stripe could have given? Judged by Stripe's own schemas, and its examples where they are."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
import stripe

from sidecar.sandbox.stripe.events import API_VERSION
from tests.sandbox.stripe.tour import Json, Tour, take_tour

_REFERENCE = Path(__file__).parents[4] / "shared" / "stripe"
_TRIMMED = Path(__file__).parent / "schemas" / "stripe-2026-10-28.endive.json"
_WHOLE = _REFERENCE / "openapi.json"
_SOURCES = [_TRIMMED, _WHOLE] if _WHOLE.exists() else [_TRIMMED]
_EXAMPLES = _REFERENCE / "fixtures3.json"

judged_by = pytest.mark.parametrize("source", _SOURCES, ids=["trimmed", "whole"][: len(_SOURCES)])
_ONLY_WHEN_EXPANDED = {"charge": {"refunds"}}
"""The examples were made under an old API version, which included them."""
_SCHEMA_OF_ITEM = {"item": "LineItem", "checkout.session": "Checkout.Session", "list": "list"}
EMITTED = frozenset(
    (
        "charge.captured charge.dispute.created charge.expired charge.failed charge.pending charge.refund.updated "
        "charge.refunded charge.succeeded charge.updated checkout.session.async_payment_failed "
        "checkout.session.async_payment_succeeded checkout.session.completed checkout.session.expired customer.created "
        "customer.deleted customer.tax_id.created customer.tax_id.deleted customer.updated "
        "payment_intent.amount_capturable_updated payment_intent.canceled "
        "payment_intent.created payment_intent.partially_funded payment_intent.payment_failed "
        "payment_intent.processing payment_intent.requires_action payment_intent.succeeded payment_method.attached "
        "payment_method.detached payment_method.updated radar.early_fraud_warning.created refund.created refund.failed "
        "refund.updated"
    ).split(" ")
)


def _strict(schema: Any) -> Any:  # any JSON
    """Turn OpenAPI's `nullable` and the typings' always-present fields into plain JSON Schema."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {name: _strict(value) for name, value in schema.items() if not name.startswith("x-")}
    if "x-alwaysPresent" in schema:
        result["required"] = schema["x-alwaysPresent"]
    if result.pop("nullable", False):
        return {"anyOf": [result, {"type": "null"}]}
    return result


@cache
def _reference(source: Path) -> Json:
    document: Json = orjson.loads(source.read_bytes())
    return document


@cache
def _components(source: Path) -> Json:
    strict: Json = _strict(_reference(source)["components"])
    return strict


@cache
def _validator(source: Path, name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": _components(source)}
    )


def _schema_of(document: Json) -> str:
    kind = str(document["object"])
    if document.get("deleted"):
        return f"Deleted{''.join(word.capitalize() for word in kind.split('_'))}"
    if kind in _SCHEMA_OF_ITEM:
        return _SCHEMA_OF_ITEM[kind]
    return ".".join("".join(word.capitalize() for word in part.split("_")) for part in kind.split("."))


def _complaints(source: Path, document: Json) -> list[str]:
    kind = document["object"]
    if kind in {"list", "search_result"}:
        return [complaint for item in document["data"] for complaint in _complaints(source, item)]
    name = _schema_of(document)
    found = [
        f"{name}: {error.instance_path} {error.message[:300]}"
        for error in _validator(source, name).iter_errors(document)
    ]
    if kind == "event":
        # The typings of the whole do not know what `customer.tax_id.…` brings; the SDK's list of events has them.
        events = _reference(_TRIMMED)["x-events"] | _reference(source)["x-events"]
        ref = events[document["type"]]["$ref"].rsplit("/", 1)[-1]
        payload = document["data"]["object"]
        found += [
            f"{document['type']}: {error.message[:300]}" for error in _validator(source, ref).iter_errors(payload)
        ]
    return found


@pytest.fixture(scope="module")
def tour() -> Tour:
    import asyncio  # noqa: PLC0415  # the walk has a loop of its own, so that one walk serves every question

    return asyncio.run(take_tour())


@judged_by
def test_every_answer_validates(tour: Tour, source: Path) -> None:
    complaints = sorted({complaint for answer in tour.answers for complaint in _complaints(source, answer)})
    assert len(tour.answers) > 80
    assert complaints == []


@judged_by
def test_the_judge_notices_what_is_missing_wrong_or_invented(tour: Tour, source: Path) -> None:
    charge = next(item for item in _flat(tour.answers) if item["object"] == "charge")
    assert _complaints(source, charge) == []
    assert _complaints(source, {name: value for name, value in charge.items() if name != "outcome"})
    assert _complaints(source, charge | {"status": "perhaps"})
    assert _complaints(source, charge | {"invented": 1})


@judged_by
def test_every_error_validates(tour: Tour, source: Path) -> None:
    validator = _validator(source, "error")
    complaints = [error.message for document in tour.errors for error in validator.iter_errors(document)]
    assert len(tour.errors) > 10
    assert complaints == []


def test_every_promised_event_is_emitted(tour: Tour) -> None:
    seen = {
        event["type"]
        for answer in tour.answers
        if answer["object"] == "list"
        for event in answer["data"]
        if event["object"] == "event"
    }
    assert seen == EMITTED


@pytest.mark.skipif(not _EXAMPLES.exists(), reason="Stripe's examples are not beside the repository")
def test_no_field_of_stripes_examples_is_missing(tour: Tour) -> None:
    examples: Json = orjson.loads(_EXAMPLES.read_bytes())["resources"]
    judged = set()
    missing = set()
    for document in _flat(tour.answers):
        kind = str(document["object"])
        if kind not in examples or document.get("deleted"):
            continue
        judged.add(kind)
        if document.get("type") == "us_bank_account":
            continue  # the example is a card
        absent = examples[kind].keys() - document.keys() - _ONLY_WHEN_EXPANDED.get(kind, set())
        missing |= {f"{kind}.{name}" for name in absent}
    assert missing == set()
    assert judged >= {
        "balance", "balance_transaction", "charge", "checkout.session", "customer", "dispute", "event", "item",
        "payment_intent", "payment_method", "radar.early_fraud_warning", "refund", "webhook_endpoint",
    }  # fmt: skip


def _flat(documents: list[Json]) -> list[Json]:
    return [
        item
        for document in documents
        for item in (_flat(document["data"]) if document["object"] in {"list", "search_result"} else [document])
    ]


def test_speaks_the_version_that_the_sdk_pins() -> None:
    assert stripe.api_version == API_VERSION
