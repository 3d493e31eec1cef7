import orjson
import pytest
from pydantic import BaseModel, ValidationError

from schemas.problems import explain
from tests.contracts.examples import examples_of, read
from tests.contracts.mutations import with_value
from tests.contracts.paths import Path

SECRET = "grace.hopper+4242424242424242@example.org"


def why(path: Path, value: object) -> str:
    example = examples_of("magento.order.placed.v1")[0]
    with pytest.raises(ValidationError) as caught:
        read(example.contract, orjson.dumps(with_value(example.document(), path, value)))
    return explain(caught.value)


def test_it_names_the_field_what_is_wrong_and_what_was_there() -> None:
    assert why(("data", "totals", "grand_total"), 55.66) == (
        "data.totals.grand_total: has to be a decimal in a string, "
        'such as "12.34": a JSON number loses cents (got a float)'
    )
    assert (
        why(("data", "items", 0, "item_id"), None) == "data.items.0.item_id: input should be a valid integer (got null)"
    )
    assert why(("time",), 5).endswith("(got an int)")


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
    said = why(path, SECRET * 10)
    assert said.startswith(".".join(str(part) for part in path) + ": ")
    assert "grace" not in said
    assert "4242" not in said
    assert "\n" not in said


def test_it_counts_the_others() -> None:
    class Two(BaseModel):
        a: int
        b: int
        c: int

    with pytest.raises(ValidationError) as caught:
        Two.model_validate_json("{}")
    assert explain(caught.value) == "a: field required, and 2 more"


def test_a_long_name_that_the_sender_chose_is_cut() -> None:
    class Named(BaseModel):
        metadata: dict[str, str]

    with pytest.raises(ValidationError) as caught:
        Named.model_validate({"metadata": {"k" * 5000: 1}})
    assert explain(caught.value) == f"metadata.{'k' * 64}: input should be a valid string (got an int)"


@pytest.mark.parametrize("body", [b"", b"{", b'"text"', b"[]", b"null", b"\xff"])
def test_a_body_that_is_no_object_is_called_the_body(body: bytes) -> None:
    with pytest.raises(ValidationError) as caught:
        read(examples_of("magento.order.placed.v1")[0].contract, body)
    assert explain(caught.value).startswith("body: ")
