"""Whose word the bridge takes."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sidecar.bridge.signature import SignatureError, verify

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLERANCE = timedelta(seconds=300)


def sign(body: bytes, secret: str, at: float) -> str:
    """As docs.stripe.com/webhooks/signature says."""
    digest = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, sha256).hexdigest()
    return f"t={int(at)},v1={digest}"


def accepts(header: str, body: bytes, *secrets: str, now: datetime = NOW) -> bool:
    try:
        verify(header, body, [SecretStr(secret) for secret in secrets], now, TOLERANCE)
    except SignatureError:
        return False
    return True


@given(
    body=st.text(max_size=200),
    secret=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=40),
    other=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=40),
    signed_with=st.integers(0, 1),
    damage=st.booleans(),
)
def test_it_agrees_with_the_sdk(body: str, secret: str, other: str, signed_with: int, *, damage: bool) -> None:
    raw = body.encode()
    header = sign(raw, (secret, other)[signed_with], NOW.timestamp())
    if damage:
        header = header.replace("v1=", "v1=0", 1)
    try:
        theirs = bool(stripe.WebhookSignature.verify_header(body, header, secret))
    except stripe.SignatureVerificationError:
        theirs = False
    assert accepts(header, raw, secret) == theirs


def test_either_secret_fits_while_one_is_rolled() -> None:
    assert accepts(sign(b"{}", "old", NOW.timestamp()), b"{}", "new", "old")
    both = f"{sign(b'{}', 'old', NOW.timestamp())},{sign(b'{}', 'new', NOW.timestamp()).split(',')[1]}"
    assert accepts(both, b"{}", "new")
    assert not accepts(sign(b"{}", "older", NOW.timestamp()), b"{}", "new", "old")


@pytest.mark.parametrize(("age", "accepted"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_ages_both_ways(age: int, *, accepted: bool) -> None:
    assert accepts(sign(b"{}", "s", NOW.timestamp() - age), b"{}", "s") is accepted


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("garbage", "malformed"),
        ("t=,v1=a", "malformed"),
        ("t=12", "malformed"),
        ("v1=a", "malformed"),
        ("t=-1,v1=a", "malformed"),
        ("t=99999999999999999999,v1=a", "malformed"),
        ("t=1,v1=\u00e9", "mismatch"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(header: str | None, reason: str) -> None:
    with pytest.raises(SignatureError) as raised:
        verify(header, b"{}", [SecretStr("s")], NOW, TOLERANCE)
    assert raised.value.reason == reason
