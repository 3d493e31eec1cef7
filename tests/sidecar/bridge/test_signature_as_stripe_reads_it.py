"""Does our check answer as Stripe's own library does?"""

import time
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from sidecar.bridge.signature import SignatureError, verify
from tests.sidecar.bridge.stripe_side import MINUTES_5, NOW, OTHER_SECRET, SECRET, signature

BODY = b'{"id": "evt_1"}'
SECRETS = (SecretStr(SECRET), SecretStr(OTHER_SECRET))


def ours(header: str, body: bytes, secret: str, now: datetime, tolerance: timedelta = MINUTES_5) -> bool:
    try:
        verify(header, body, (SecretStr(secret),), now, tolerance)
    except SignatureError:
        return False
    return True


def stripes(header: str, body: bytes, secret: str, tolerance: int | None) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body.decode(), header, secret, tolerance))
    except stripe.SignatureVerificationError:
        return False


def fields(body: bytes) -> st.SearchStrategy[str]:
    """Parts of a header: right ones, wrong ones and nonsense."""
    right = signature(body).split(",")
    nonsense = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=","), max_size=12)
    return st.one_of(
        st.sampled_from(right),
        st.sampled_from(signature(body, (OTHER_SECRET,)).split(",")),
        st.sampled_from(["", "t", "v1", "t=", "v1=", "=", "v0=abc", " " + right[1], right[1] + "=", "t=0", "t=1.5"]),
        nonsense,
        nonsense.map("v1={}".format),
        # `int` reads +5, 5_0 and blanks as well, and so does the library; Stripe writes none of these.
        st.text("0123456789", max_size=11).map("t={}".format),
    )


@st.composite
def bodies_and_headers(draw: st.DrawFn) -> tuple[bytes, str]:
    body = draw(st.text(max_size=200)).encode(errors="replace")
    return body, ",".join(draw(st.lists(fields(body), max_size=6)))


@given(bodies_and_headers())
@example((BODY, signature(BODY)))
@example((BODY, signature(BODY, (OTHER_SECRET, SECRET))))
@example((BODY, signature(BODY) + ",t=5"))
@example((BODY, "t=5," + signature(BODY)))
def test_agrees_with_stripes_library_on_any_header(case: tuple[bytes, str]) -> None:
    body, header = case
    # The library's clock is the machine's, so that time is left aside here.
    assert ours(header, body, SECRET, NOW, timedelta(days=10**6)) == stripes(header, body, SECRET, None)


@given(st.integers(-1000, 1000).filter(lambda age: abs(abs(age) - 300) > 60))
def test_agrees_with_stripes_library_on_age_except_that_the_future_is_bounded_too(age: int) -> None:
    now = datetime.fromtimestamp(int(time.time()), UTC)
    header = signature(BODY, at=now - timedelta(seconds=age))
    assert ours(header, BODY, SECRET, now) == (stripes(header, BODY, SECRET, 300) and age > -300)


@pytest.mark.parametrize(("age", "accepted"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_the_tolerance_is_inclusive_both_ways(age: int, *, accepted: bool) -> None:
    assert ours(signature(BODY, at=NOW - timedelta(seconds=age)), BODY, SECRET, NOW) == accepted


@pytest.mark.parametrize(
    "secrets", [(SECRET,), (OTHER_SECRET,), (SECRET, OTHER_SECRET), ("whsec_unknown", OTHER_SECRET)]
)
def test_during_a_roll_either_secret_and_either_signature_will_do(secrets: tuple[str, ...]) -> None:
    verify(signature(BODY, secrets), BODY, SECRETS, NOW, MINUTES_5)


@pytest.mark.parametrize("time_of", ["+{}", " {}", "{} ", "{:_}", "-{}", "0x{:x}", "{}.0"])
def test_a_time_that_is_not_plain_digits_is_refused(time_of: str) -> None:
    seconds = int(NOW.timestamp())
    header = signature(BODY).replace(f"t={seconds}", f"t={time_of.format(seconds)}")
    with pytest.raises(SignatureError) as refused:
        verify(header, BODY, SECRETS, NOW, MINUTES_5)
    assert refused.value.reason == "malformed"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("nonsense", "malformed"),
        ("t=1", "malformed"),
        ("v1=abc", "malformed"),
        ("t=" + "9" * 5000 + ",v1=abc", "malformed"),
        ("t=٣,v1=abc", "malformed"),
        (f"t={int(NOW.timestamp())},v1=ä", "mismatch"),
        (f"t={int(NOW.timestamp())},v0=abc,v1=abc", "mismatch"),
    ],
)
def test_says_why_and_nothing_of_the_secret(header: str | None, reason: str) -> None:
    with pytest.raises(SignatureError) as refused:
        verify(header, BODY, SECRETS, NOW, MINUTES_5)
    assert refused.value.reason == reason
    assert "whsec_" not in str(refused.value)


def test_one_changed_bit_anywhere_is_noticed() -> None:
    header = signature(BODY)
    for position in range(len(BODY)):
        changed = bytearray(BODY)
        changed[position] ^= 1
        assert not ours(header, bytes(changed), SECRET, NOW)


def test_without_a_configured_secret_nothing_fits() -> None:
    with pytest.raises(SignatureError):
        verify(signature(BODY, ("",)), BODY, (), NOW, MINUTES_5)
