"""What a person may make of a message."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.orders import CONSUMER as ORDERS
from sidecar.dead_letters.correction import Assignment, CorrectionError, check, corrected
from tests.sidecar.dead_letters.letters import a_body, a_letter


def after(*assignments: str, removed: tuple[str, ...] = (), body: bytes | None = None) -> Any:
    letter = a_letter(body=body)
    return orjson.loads(corrected(letter, tuple(map(Assignment.read, assignments)), removed))


def test_a_text_is_set_where_the_path_leads() -> None:
    document = after("data.store.store_code=de", "data.items.0.sku=NEW-1", "data.note=a=b")
    assert document["data"]["store"]["store_code"] == "de"
    assert document["data"]["items"][0]["sku"] == "NEW-1"
    assert document["data"]["note"] == "a=b"


def test_other_values_are_written_as_json() -> None:
    document = after('data.items:=[{"sku": "X"}]', "data.order_id:=43", "data.gone:=null", "data.amount=12.00")
    assert document["data"]["items"] == [{"sku": "X"}]
    assert (document["data"]["order_id"], document["data"]["gone"]) == (43, None)
    assert document["data"]["amount"] == "12.00"


def test_a_field_is_taken_out() -> None:
    document = after(removed=("data.payment.payment_method", "data.items.0"))
    assert "payment_method" not in document["data"]["payment"]
    assert document["data"]["items"] == []


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(-(2**63), 2**63) | st.text()), st.text())
def test_only_what_is_named_changes(fields: dict[str, Any], value: str) -> None:
    before = {"data": fields, "id": "e42"}
    document = after(f"data.b={value}", body=orjson.dumps(before))
    assert document == {"data": fields | {"b": value}, "id": "e42"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("data.store", "write path=text"),
        ("=x", "write path=text"),
        (":=1", "write path=text"),
        ("data.x:=yes", "not JSON"),
        ("data.nowhere.x=1", "no 'nowhere'"),
        ("data.items.7.sku=x", "places 0 to 0"),
        ("data.items.first.sku=x", "places 0 to 0"),
        ("data.increment_id.x=1", "is no object"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(text: str, complaint: str) -> None:
    with pytest.raises(CorrectionError, match=complaint):
        after(text)


def test_what_is_not_there_cannot_be_taken_out() -> None:
    with pytest.raises(CorrectionError, match="no such field"):
        after(removed=("data.nothing",))


def test_what_is_no_json_can_only_be_written_anew() -> None:
    letter = a_letter(body=b"{")
    with pytest.raises(CorrectionError, match="--from-file"):
        corrected(letter, (Assignment.read("a=b"),))
    check(letter, a_body(), ORDERS)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (a_body(data={}), "data.instance"),
        (a_body(type="magento.order.shipped.v1"), "unknown_type"),
        (b"{", "invalid_json"),
        (a_body(43), "id: has to stay 'e42'"),
        (a_body(source="/magento/other"), "source: has to stay"),
    ],
)
def test_a_message_that_would_be_parked_again_or_be_another_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(CorrectionError, match=complaint):
        check(a_letter(), body, ORDERS)


def test_a_message_that_fits_is_accepted() -> None:
    check(a_letter(), a_body(), ORDERS)
