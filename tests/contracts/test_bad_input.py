"""What is wrong is refused by the schema and by the model alike, and the model says where."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.problems import explain
from tests.contracts.examples import EXAMPLES, Example, examples_of, generated, read, validator
from tests.contracts.mutations import with_value, without
from tests.contracts.paths import Field, Path, fields_in

FIELDS: dict[Example, tuple[Field, ...]] = {
    example: tuple(fields_in(generated(example.contract), example.document())) for example in EXAMPLES
}
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)

# A float without a fraction is an integer to JSON Schema and none to the model; that difference is wanted.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "-1", "12.34", "1E+2", "NaN", "USD", "usd", "US", "2026-11-23T12:00:00Z", "evt_1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
TIMES = (
    *("2026-11-23T12:00:00", "2026-11-23 12:00:00Z", "2026-11-23", "2026-02-30T12:00:00Z", "2026-11-23T25:00:00Z"),
    *("1795425303", 1795425303, 1795425303.5, "2026-11-23T12:00:00.1234567Z", "2026-11-23T12:00Z", ""),
)
DECIMALS = (
    *(12.34, 12, 0, True, "12,34", "1E+2", "1e2", "NaN", "Infinity", "-Infinity", "+1", " 1", "1 ", "1\n", ".5", "5."),
    *("", "-", "12.34567", "12345678901234567", "0x10", "1_000", "١٢"),
)
CURRENCIES = ("usd", "US", "USDT", "U$D", "", "USD\n", 840, None)


def refusal(example: Example, document: dict[str, Any]) -> ValidationError:
    """The model's error, after the schema has refused as well."""
    assert not validator(example.contract).is_valid(document), "the schema takes it"
    with pytest.raises(ValidationError) as caught:
        read(example.contract, orjson.dumps(document))
    return caught.value


def named(error: ValidationError) -> list[Path]:
    return [each["loc"] for each in error.errors()]


@every_example
def test_a_required_field_that_is_missing_is_named(example: Example) -> None:
    required = [field for field in FIELDS[example] if field.required]
    assert {field.path[0] for field in required} >= {"id", "source", "type", "time", "data"}
    for field in required:
        error = refusal(example, without(example.document(), field.path))
        assert named(error) == [field.path]
        assert explain(error) == (field.dotted, "field required")


@every_example
def test_a_field_that_is_not_required_may_be_missing(example: Example) -> None:
    for field in FIELDS[example]:
        if not field.required and not isinstance(field.path[-1], int):
            document = without(example.document(), field.path)
            assert validator(example.contract).is_valid(document), field.dotted
            read(example.contract, orjson.dumps(document))


@every_example
def test_a_value_of_a_wrong_type_is_named(example: Example) -> None:
    for field in FIELDS[example]:
        if field.path[:3] == ("data", "data", "object"):
            continue  # of any form: see test_stripe_event.py
        wrong: object = (
            ["in", "a", "list"] if field.is_object or field.schema.get("type") != "array" else {"an": "object"}
        )
        error = refusal(example, with_value(example.document(), field.path, wrong))
        assert all(path[: len(field.path)] == field.path for path in named(error)), field.dotted
        if not field.nullable:
            refusal(example, with_value(example.document(), field.path, None))


@every_example
@pytest.mark.parametrize(
    ("kind", "values"), [("12.34", DECIMALS), ("date-time", TIMES), ("^[A-Z]{3}$", CURRENCIES)], ids=str
)
def test_what_is_almost_right_is_refused(example: Example, kind: str, values: tuple[object, ...]) -> None:
    for field in FIELDS[example]:
        asked = (field.schema.get("format"), field.schema.get("pattern"), *field.schema.get("examples", ()))
        if kind in asked:
            for value in values:
                if value is not None or not field.nullable:
                    error = refusal(example, with_value(example.document(), field.path, value))
                    assert named(error) == [field.path]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_schema_and_model_agree_on_any_value(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(EXAMPLES))
    field = data.draw(st.sampled_from(FIELDS[example]))
    document = with_value(example.document(), field.path, data.draw(JSON))
    try:
        read(example.contract, orjson.dumps(document))
    except ValidationError:
        taken = False
    else:
        taken = True
    assert validator(example.contract).is_valid(document) == taken, field.dotted


def test_a_rate_to_divide_by_is_above_zero() -> None:
    for example in examples_of("magento.order.placed.v1"):
        path: Path = ("data", "base_to_order_rate")
        for rate in ("0", "0.0000", "-0.9134"):
            assert named(refusal(example, with_value(example.document(), path, rate))) == [path]


def test_an_event_under_the_name_of_another_is_refused() -> None:
    example = examples_of("magento.order.canceled.v1")[0]
    error = refusal(example, with_value(example.document(), ("type",), "magento.order.placed.v1"))
    assert explain(error) == ("type", "has to be magento.order.canceled.v1 (got a str)")
