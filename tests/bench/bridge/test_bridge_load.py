"""The load that the bridge is put under is what Stripe sends, or the figures say nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from schemas.ids import AccountAlias, StripeRef
from sidecar.bridge.envelope import wrap
from sidecar.bridge.signature import verify
from tests.bench.bridge.webhooks import SECRET, event, request


@pytest.mark.parametrize("size", [2000, 20_000])
def test_an_event_is_of_its_size_and_can_be_read(size: int) -> None:
    body = event(7, size)

    assert 0.9 * size <= len(body) <= 1.1 * size
    assert wrap(body, StripeRef(account=AccountAlias("main"), mode="test"), "00-0-0-01").event_id == "evt_7Bench"


def test_a_request_is_signed() -> None:
    head, _, body = request(8080, 7, 2000).partition(b"\r\n\r\n")
    header = head.decode().partition("Stripe-Signature: ")[2].partition("\r\n")[0]

    verify(header, body, [SecretStr(SECRET)], datetime.now(UTC), timedelta(seconds=60))
