"""What comes out is an envelope that consumers can read, around the very bytes that came in."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.envelope import CloudEvent
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.bridge.envelope import EventError, wrap
from tests.sidecar.bridge.stripe_side import LIVE, MAIN, NOW, event, event_bytes

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def data_of(envelope: bytes) -> bytes:
    """The bytes of `data`, which is the last member."""
    return envelope.split(b'"data":', 1)[1][:-1]


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from([0, orjson.OPT_INDENT_2]))
def test_the_body_is_kept_byte_for_byte(extra: dict[str, Any], style: int) -> None:
    body = orjson.dumps(extra | event(), option=style)
    wrapped = wrap(body, MAIN, TRACE)
    assert data_of(wrapped.body) == body
    assert orjson.loads(wrapped.body)["data"] == orjson.loads(body)


def test_consumers_read_it_as_the_contract() -> None:
    wrapped = wrap(event_bytes(), MAIN, TRACE)
    envelope = CloudEvent[StripeEventV1].model_validate_json(wrapped.body)
    assert (envelope.id, envelope.source, envelope.type) == ("evt_1", "/stripe/main/test", "stripe.event.v1")
    assert (envelope.subject, envelope.time, envelope.traceparent) == ("pi_1", NOW, TRACE)
    assert envelope.data.type == "payment_intent.succeeded"
    assert (wrapped.event_id, wrapped.routing_key) == ("evt_1", "main.test.payment_intent.succeeded")
    assert wrapped.traceparent == TRACE


def test_the_mode_is_part_of_the_source_and_the_key() -> None:
    wrapped = wrap(event_bytes(livemode=True), LIVE, TRACE)
    assert wrapped.routing_key == "shop-eu.live.payment_intent.succeeded"
    assert orjson.loads(wrapped.body)["source"] == "/stripe/shop-eu/live"


@pytest.mark.parametrize(
    "data",
    [{"object": {"object": "balance"}}, {"object": {"id": ""}}, {"object": {"id": 5}}, {"object": None}, {}, None],
)
def test_an_object_without_an_id_leaves_the_subject_out(data: Any) -> None:
    assert "subject" not in orjson.loads(wrap(event_bytes(data=data), MAIN, TRACE).body)


@pytest.mark.parametrize("kind", ["treasury.something_new.happened", "v1.billing.meter.no_meter_found"])
def test_types_that_nobody_knows_yet_pass(kind: str) -> None:
    assert wrap(event_bytes(type=kind), MAIN, TRACE).routing_key == f"main.test.{kind}"


@pytest.mark.parametrize("field", ["id", "type", "created", "livemode"])
def test_a_missing_field_is_named(field: str) -> None:
    document = event()
    del document[field]
    with pytest.raises(EventError) as refused:
        wrap(orjson.dumps(document), MAIN, TRACE)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", 5),
        ("id", "pi_1"),
        ("id", "evt_" + "1" * 130),
        ("id", 'evt_1","source":"/sidecar'),
        ("type", "Payment"),
        ("type", "a.b c"),
        ("type", "a" * 129),
        ("created", "1763899200"),
        ("created", -1),
        ("created", 2**40),
        ("created", None),
        ("livemode", "false"),
        ("livemode", 0),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not_said_again(field: str, value: Any) -> None:
    with pytest.raises(EventError) as refused:
        wrap(event_bytes(**{field: value}), MAIN, TRACE)
    assert refused.value.field == field
    assert str(value) == "" or len(str(value)) < 6 or str(value) not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"evt_1"',
        event_bytes() + b"}",
        event_bytes() + b'{"id":"evt_2"}',
        event_bytes().replace(b'"pi_1"', b"NaN"),
        event_bytes().replace(b'"pi_1"', b'"\xff"'),
        event_bytes().replace(b'"pi_1"', b"'pi_1'"),
        b"\xef\xbb\xbf" + event_bytes(),
    ],
)
def test_what_is_not_one_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(EventError) as refused:
        wrap(body, MAIN, TRACE)
    assert refused.value.field == "body"


@pytest.mark.parametrize(("stripe", "livemode", "sent"), [(MAIN, True, "live"), (LIVE, False, "test")])
def test_an_event_of_the_other_mode_is_refused_with_what_to_do(stripe: Any, sent: str, *, livemode: bool) -> None:
    with pytest.raises(EventError) as refused:
        wrap(event_bytes(livemode=livemode), stripe, TRACE)
    assert refused.value.field == "livemode"
    assert f"a {sent} event" in refused.value.detail
    assert "address" in refused.value.detail
