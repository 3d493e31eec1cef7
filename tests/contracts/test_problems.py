from typing import Annotated, Literal

import orjson
import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from consumers.orders import CONSUMER as ORDERS
from schemas.problems import explain
from sidecar.errors import UnmappableError
from sidecar.runtime.parse import parse
from tests.contracts.examples import examples_of, read
from tests.contracts.mutations import with_value
from tests.contracts.paths import Path

SECRET = "grace.hopper+4242424242424242@example.org"


def why(path: Path, value: object) -> tuple[str, str]:
    example = examples_of("magento.order.placed.v1")[0]
    with pytest.raises(ValidationError) as caught:
        read(example.contract, orjson.dumps(with_value(example.document(), path, value)))
    return explain(caught.value)


def test_it_names_the_field_what_is_wrong_and_what_was_there() -> None:
    assert why(("data", "totals", "grand_total"), 55.66) == (
        "data.totals.grand_total",
        'has to be a decimal in a string, such as "12.34": a JSON number loses cents (got a float)',
    )
    assert why(("data", "items", 0, "item_id"), None) == (
        "data.items.0.item_id",
        "input should be a valid integer (got null)",
    )
    assert why(("time",), 5)[1].endswith("(got an int)")


@pytest.mark.parametrize(
    "path",
    [
        ("id",),
        ("specversion",),
        ("type",),
        ("time",),
        ("data", "instance"),
        ("data", "order_id"),
        ("data", "placed_at"),
        ("data", "is_virtual"),
        ("data", "base_to_order_rate"),
        ("data", "totals", "currency"),
        ("data", "totals", "grand_total"),
        ("data", "billing_address"),
        ("data", "billing_address", "country_id"),
        ("data", "items"),
        ("data", "buyer", "email"),
    ],
    ids=".".join,
)
def test_it_repeats_nothing_of_the_message(path: Path) -> None:
    field, sentence = why(path, SECRET * 10)
    assert field == ".".join(str(part) for part in path)
    assert sentence
    for text in (SECRET[:5], "4242", "\n"):
        assert text not in field + sentence


def test_it_counts_the_others() -> None:
    class Two(BaseModel):
        a: int
        b: int
        c: int

    with pytest.raises(ValidationError) as caught:
        Two.model_validate_json("{}")
    assert explain(caught.value) == ("a", "field required, and 2 more")


def test_a_long_name_that_the_sender_chose_is_cut() -> None:
    class Named(BaseModel):
        metadata: dict[str, str]

    with pytest.raises(ValidationError) as caught:
        Named.model_validate({"metadata": {"k" * 5000: 1}})
    assert explain(caught.value) == (f"metadata.{'k' * 64}", "input should be a valid string (got an int)")


@pytest.mark.parametrize("body", [b"", b"{", b'"text"', b"[]", b"null", b"\xff"])
def test_a_body_that_is_no_object_is_called_the_body(body: bytes) -> None:
    with pytest.raises(ValidationError) as caught:
        read(examples_of("magento.order.placed.v1")[0].contract, body)
    field, sentence = explain(caught.value)
    assert field == "body"
    assert sentence


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "buyer", "email"), [SECRET]),
        (("data", "totals", "currency"), SECRET),
        (("type",), SECRET * 4),
        (("time",), SECRET),
    ],
    ids=str,
)
def test_what_is_parked_says_the_field_and_nothing_of_the_message(path: Path, value: object) -> None:
    document = with_value(examples_of("magento.order.placed.v1")[0].document(), path, value)
    with pytest.raises(UnmappableError) as caught:
        parse(orjson.dumps(document), ORDERS)
    assert (caught.value.reason, caught.value.field) == ("invalid_field", ".".join(str(part) for part in path))
    assert SECRET[:5] not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"{'grace': 1}"])
def test_what_is_no_json_is_parked_as_that(body: bytes) -> None:
    with pytest.raises(UnmappableError) as caught:
        parse(body, ORDERS)
    assert (caught.value.reason, caught.value.field) == ("invalid_json", "body")
    assert "grace" not in str(caught.value)


def test_a_kind_that_is_not_known_is_not_repeated() -> None:
    class Card(BaseModel):
        kind: Literal["card"]

    class Cash(BaseModel):
        kind: Literal["cash"]

    either: TypeAdapter[Card | Cash] = TypeAdapter(Annotated[Card | Cash, Field(discriminator="kind")])
    with pytest.raises(ValidationError) as caught:
        either.validate_python({"kind": SECRET})
    assert explain(caught.value) == ("body", "is of a kind that is not known (got a dict)")
