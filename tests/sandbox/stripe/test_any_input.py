"""Does anything that can be sent break the stand-in? It may refuse; it may not fall over."""

import asyncio
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stripe._encode import _api_encode

from sidecar.sandbox.stripe.app import OPERATIONS
from sidecar.sandbox.stripe.operation import Operation
from sidecar.sandbox.stripe.parameters import shape_of
from tests.sandbox.stripe.sdk import TEST_KEY, Time, call, new_sandbox

VALUES = st.one_of(
    st.sampled_from(
        ["", "true", "usd", "jpy", "1099", "-1", "0", "card", "pm_card_visa", "manual", "off_session", "cus_1", "*"]
    ),
    st.text(max_size=8),
    st.integers(-(10**20), 10**20).map(str),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(
        st.sampled_from(["enabled", "amount", "name", "gte", "card", "x"]), st.text(max_size=3), max_size=2
    ),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_no_parameters_break_it(operation: Operation, data: st.DataObject) -> None:
    assert operation.parameters is not None
    names = sorted(shape_of(operation.parameters).fields)
    sent = data.draw(st.dictionaries(st.sampled_from(names or ["x"]), VALUES, max_size=6))
    encoded = urlencode(list(_api_encode(sent)))
    assert asyncio.run(_status(operation, encoded)) < 500


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a[=1", b"]=1", b"a[b]=1&a=2&a[]=3", b"a[" * 3000, b"=", b"%zz=%"])
async def test_no_bytes_break_it(body: bytes) -> None:
    operation = next(each for each in OPERATIONS if each.name == "POST /v1/customers")
    assert await _status(operation, body.decode("latin-1")) == 400


async def test_json_is_not_what_version_1_speaks() -> None:
    headers = {"Authorization": f"Bearer {TEST_KEY}", "Content-Type": "application/json"}
    body, status, _ = await call(
        new_sandbox().app, "POST", "http://stripe.test/v1/customers", headers, b'{"name": "Ann"}'
    )
    assert (status, b"content type" in body) == (400, True)


async def _status(operation: Operation, encoded: str) -> int:
    sandbox = new_sandbox(Time())
    path = operation.path.replace("{id}", "pm_card_visa")
    query = "" if operation.method == "POST" else f"?{encoded}"
    body = encoded.encode("latin-1", "replace") if operation.method == "POST" else b""
    _, status, _ = await call(
        sandbox.app, operation.method, f"http://stripe.test{path}{query}", {"Authorization": f"Bearer {TEST_KEY}"}, body
    )
    return status
