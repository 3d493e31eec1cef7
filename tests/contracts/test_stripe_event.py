"""Stripe events in forms that this version does not know are passed on by their id, never lost, never parked."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from consumers.stripe_events import intent_of
from schemas.problems import explain
from schemas.stripe.charge import Charge
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer
from schemas.stripe.event_v1 import KNOWN, OtherObject, StripeEventV1, StripeObject
from schemas.stripe.payment_intent import PaymentIntent
from tests.contracts.examples import EXAMPLES, Example, examples_of, read, validator
from tests.contracts.mutations import with_value

OBJECT = ("data", "data", "object")
NAMED = {example.path.stem: example for example in examples_of("stripe.event.v1")}
INTENT = NAMED["payment_intent.succeeded"]


def object_of(example: Example, document: dict[str, Any]) -> StripeObject:
    assert validator(example.contract).is_valid(document)
    data = read(example.contract, orjson.dumps(document)).data
    assert isinstance(data, StripeEventV1)
    return data.data.object


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("payment_intent.succeeded", PaymentIntent),
        ("payment_intent.payment_failed", PaymentIntent),
        ("charge.succeeded", Charge),
        ("checkout.session.completed", CheckoutSession),
        ("customer.updated", Customer),
        ("payment_intent.of-an-older-form", OtherObject),
        ("of-a-type-that-nobody-reads", OtherObject),
        ("refund.failed", OtherObject),
    ],
)
def test_an_object_is_read_as_what_it_is(name: str, kind: type) -> None:
    assert type(object_of(NAMED[name], NAMED[name].document())) is kind


def test_an_intent_of_an_older_form_keeps_its_id_and_its_order() -> None:
    example = NAMED["payment_intent.of-an-older-form"]
    read_as = object_of(example, example.document())
    assert read_as == OtherObject(
        object="payment_intent",
        id="pi_3QExampleGauge0000001",
        status=example.document()["data"]["data"]["object"]["status"],
        metadata={"magento_instance": "main", "magento_order_id": "1043"},
    )
    assert intent_of(read_as) == "pi_3QExampleGauge0000001"


def test_a_refund_says_whose_money_it_is_and_how_far_it_is() -> None:
    read_as = object_of(NAMED["refund.failed"], NAMED["refund.failed"].document())
    assert isinstance(read_as, OtherObject)
    assert (read_as.object, read_as.id, read_as.status) == ("refund", "re_3QExampleGauge0000002", "failed")
    assert (read_as.payment_intent, read_as.charge) == ("pi_3QExampleGauge0000001", "ch_3QExampleGauge0000001")
    assert intent_of(read_as) == "pi_3QExampleGauge0000001"


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "a_status_of_tomorrow"), ("amount", "5566"), ("amount", 55.66), ("amount", None), ("metadata", None)],
)
def test_one_unknown_value_costs_no_event(field: str, value: object) -> None:
    read_as = object_of(INTENT, with_value(INTENT.document(), (*OBJECT, field), value))
    assert isinstance(read_as, OtherObject)
    assert (read_as.object, read_as.id) == ("payment_intent", "pi_3QExampleMugBlue00001")
    assert bool(read_as.metadata) == (field != "metadata")


def test_a_charge_of_an_unknown_form_keeps_its_intent() -> None:
    example = NAMED["charge.succeeded"]
    document = with_value(example.document(), (*OBJECT, "payment_method_details"), "card")
    for intent in ("pi_3QExampleTeeKoi000001", {"id": "pi_3QExampleTeeKoi000001", "object": "payment_intent"}):
        read_as = object_of(example, with_value(document, (*OBJECT, "payment_intent"), intent))
        assert isinstance(read_as, OtherObject)
        assert read_as.payment_intent == "pi_3QExampleTeeKoi000001"
        assert intent_of(read_as) == read_as.payment_intent


@pytest.mark.parametrize("kind", KNOWN)
def test_a_payments_object_without_an_id_is_an_error_because_nothing_could_be_read_again(kind: str) -> None:
    for identifier in ({}, {"id": None}, {"id": 7}):
        document = with_value(INTENT.document(), OBJECT, {"object": kind} | identifier)
        assert not validator(INTENT.contract).is_valid(document)
        with pytest.raises(ValidationError) as caught:
            read(INTENT.contract, orjson.dumps(document))
        assert explain(caught.value)[0].startswith(f"data.data.object.{kind}.")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    document=st.fixed_dictionaries(
        {"object": st.text(max_size=12) | st.sampled_from(KNOWN), "id": st.text(min_size=1, max_size=12)},
        optional={
            name: st.none() | st.integers() | st.text(max_size=4) | st.dictionaries(st.text(max_size=3), st.none())
            for name in ("status", "amount", "currency", "metadata", "payment_intent", "latest_charge", "outcome")
        },
    )
)
def test_any_object_with_an_id_is_read_and_keeps_it(document: dict[str, Any]) -> None:
    big = {name: value for name, value in document.items() if not isinstance(value, int) or abs(value) < 2**53}
    read_as = object_of(INTENT, with_value(INTENT.document(), OBJECT, big))
    assert (read_as.object, read_as.id) == (document["object"], document["id"])


def test_the_client_secret_is_in_no_text_that_a_model_writes() -> None:
    secret = INTENT.document()["data"]["data"]["object"]["client_secret"]
    event = read(INTENT.contract, INTENT.path.read_bytes())
    assert isinstance(event.data, StripeEventV1)
    intent = event.data.data.object
    assert isinstance(intent, PaymentIntent)
    assert intent.client_secret is not None
    assert intent.client_secret.get_secret_value() == secret
    for text in (repr(event), str(event), event.model_dump_json(), repr(event.model_dump())):
        assert secret not in text


def test_only_stripes_events_are_that_lenient() -> None:
    assert {
        example.contract.name
        for example in EXAMPLES
        if "OtherObject" in str(example.contract.model.model_json_schema())
    } == {"stripe.event.v1"}
