"""Does a request need the right key, path, version and parameters?"""

from base64 import b64encode

import orjson
import pytest

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import TEST_KEY, call


async def get(sandbox: StripeSandbox, path: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    content, status, answer = await call(sandbox.app, "GET", f"http://stripe.test{path}", headers)
    return status, content.decode(), answer


async def test_a_bearer_and_a_basic_key_are_let_in(sandbox: StripeSandbox) -> None:
    basic = b64encode(f"{TEST_KEY}:".encode()).decode()
    for header in (f"Bearer {TEST_KEY}", f"Basic {basic}"):
        status, _, answer = await get(sandbox, "/v1/account", {"Authorization": header})
        assert status == 200
        assert answer["request-id"].startswith("req_")
        assert answer["stripe-version"] == "2026-10-28.endive"


@pytest.mark.parametrize("header", ["", "Bearer sk_test_of_somebody_else", "Basic !!!", "Bearer "])
async def test_any_other_is_a_401_that_shows_no_key(sandbox: StripeSandbox, header: str) -> None:
    status, body, _ = await get(sandbox, "/v1/account", {"Authorization": header})
    assert status == 401
    assert "of_somebody" not in body


async def test_unknown_paths_versions_and_parameters_are_refused(sandbox: StripeSandbox) -> None:
    key = {"Authorization": f"Bearer {TEST_KEY}"}
    assert (await get(sandbox, "/v1/unknown", key))[0] == 404
    assert (await get(sandbox, "/v1/account", key | {"Stripe-Version": "2020-08-27"}))[0] == 400
    status, body, _ = await get(sandbox, "/v1/customers?emial=a@b.ch", key)
    error = orjson.loads(body)["error"]
    assert (status, error["code"], error["param"]) == (400, "parameter_unknown", "emial")
