"""Is a request read as the SDK wrote it, and refused where the SDK's types do not know it?"""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode
from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, PaymentIntentListParams
from stripe.params.checkout import SessionCreateParams

from sidecar.sandbox.stripe.app import OPERATIONS
from sidecar.sandbox.stripe.errors import StripeError
from sidecar.sandbox.stripe.parameters import Form, Parameters, check_parameters, parse_form, shape_of

NAMES = st.text("abcdefghij_", min_size=1, max_size=6)
TEXTS = st.text(max_size=20)
NESTED = st.recursive(
    TEXTS, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=3)
)


def _as_sent(value: object) -> Form:
    """The SDK numbers the items of an array."""
    if isinstance(value, dict):
        return {key: _as_sent(each) for key, each in value.items()}
    if isinstance(value, list):
        return {str(index): _as_sent(each) for index, each in enumerate(value)}
    return str(value)


def encoded(parameters: dict[str, object]) -> str:
    return urlencode(list(_api_encode(parameters)))


def check(shape: type, **parameters: object) -> Parameters:
    return check_parameters(shape, parse_form(encoded(parameters)))


@given(st.dictionaries(NAMES, NESTED, max_size=4))
def test_what_the_sdk_encodes_is_decoded(parameters: dict[str, object]) -> None:
    assert parse_form(encoded(parameters)) == _as_sent(parameters)


def test_values_get_their_types() -> None:
    checked = check(
        PaymentIntentCreateParams,
        amount=1099,
        currency="usd",
        confirm=True,
        off_session="recurring",
        metadata={"order": "000000042"},
        shipping={"name": "Ann", "address": {"line1": "1 Road"}},
        expand=["latest_charge", "customer"],
    )
    assert (checked.integer("amount"), checked.flag("confirm"), checked.text("off_session")) == (
        1099,
        True,
        "recurring",
    )
    assert checked.metadata() == {"order": "000000042"}
    assert checked.document("shipping") == {"name": "Ann", "address": {"line1": "1 Road"}}
    assert checked.texts("expand") == ["latest_charge", "customer"]


@pytest.mark.parametrize(
    ("shape", "parameters", "code", "param"),
    [
        (PaymentIntentCreateParams, {"amount": 1, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        (
            PaymentIntentCreateParams,
            {"amount": 1, "currency": "usd", "shipping": {"name": "A", "address": {"street": "x"}}},
            "parameter_unknown",
            "shipping[address][street]",
        ),
        (PaymentIntentCreateParams, {"currency": "usd"}, "parameter_missing", "amount"),
        (PaymentIntentCreateParams, {"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        (PaymentIntentCreateParams, {"amount": "10.5", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        (PaymentIntentCreateParams, {"amount": 1, "currency": ""}, "parameter_invalid_empty", "currency"),
        (PaymentIntentCreateParams, {"amount": 1, "currency": "usd", "confirm": "yes"}, None, "confirm"),
        (
            PaymentIntentCreateParams,
            {"amount": 1, "currency": "usd", "capture_method": "later"},
            None,
            "capture_method",
        ),
        (
            PaymentIntentCreateParams,
            {"amount": 1, "currency": "usd", "metadata": {"a": {"b": "c"}}},
            None,
            "metadata[a]",
        ),
        (
            PaymentIntentCreateParams,
            {"amount": 1, "currency": "usd", "payment_method_types": ["card"]},
            "parameter_unknown",
            "payment_method_types",
        ),
        (PaymentIntentCreateParams, {"amount": 1, "currency": "usd", "api_key": "x"}, "parameter_unknown", "api_key"),
        (PaymentIntentListParams, {"created": {"since": 1}}, "parameter_unknown", "created[since]"),
        (
            SessionCreateParams,
            {"line_items": [{"price_data": {"currency": "usd", "cost": 1}}]},
            "parameter_unknown",
            "line_items[0][price_data][cost]",
        ),
        (CustomerCreateParams, {"name": {"first": "Ann"}}, None, "name"),
        (CustomerCreateParams, {"preferred_locales": "de"}, None, "preferred_locales"),
    ],
)
def test_what_the_types_do_not_know_is_refused(
    shape: type, parameters: dict[str, object], code: str | None, param: str
) -> None:
    with pytest.raises(StripeError) as refused:
        check(shape, **parameters)
    assert (refused.value.status, refused.value.code, refused.value.param) == (400, code, param)
    assert refused.value.saved is False


def test_an_empty_value_unsets_only_what_can_be_unset() -> None:
    checked = check(CustomerCreateParams, metadata="", shipping="")
    assert ("shipping" in checked, checked.document("shipping"), checked.metadata({"a": "1"})) == (True, None, {})


def test_every_operation_reads_its_shape_from_the_sdk() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    for operation in OPERATIONS:
        assert operation.parameters is not None, operation.name
        shape = shape_of(operation.parameters)
        assert "idempotency_key" not in shape.fields, operation.name
