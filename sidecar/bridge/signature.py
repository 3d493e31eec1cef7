"""Stripe's webhook signatures (docs.stripe.com/webhooks/signature).

The SDK's own check builds strings of the whole body, knows one secret, and looks at the clock only when told to, and
then at the past only. This one hashes the bytes as they came. A property test holds the two to the same answers.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import SecretStr

Reason = Literal["missing", "malformed", "expired", "mismatch"]
"""Why a signature was refused; it becomes a metric label."""
MAX_DIGITS = 12
"""Of a time: enough until the year 33658."""


class SignatureError(Exception):
    """The signature does not prove that Stripe sent the body.

    Attributes:
        reason: which kind of failure.
        detail: for a person; nothing of the secrets or the body.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.detail = detail


def verify(header: str | None, body: bytes, secrets: Sequence[SecretStr], now: datetime, tolerance: timedelta) -> None:
    """Check the `Stripe-Signature` header over the raw body, in constant time.

    Args:
        header: `t=…,v1=…`, with several `v1` while Stripe signs with an old and a new secret.
        secrets: those that the account accepts; two while one is being rolled.
        now: the present.
        tolerance: how far the signature's time may be from it, either way.

    Raises:
        SignatureError: says why; never anything of the secrets or the body.
    """
    if not header:
        raise SignatureError("missing", "the header Stripe-Signature is missing")
    timestamp, signatures = _read(header)
    signed = b"%d.%b" % (timestamp, body)
    # Every pair is compared, so that the time taken tells nothing about which one fits.
    fits = False
    for secret in secrets:
        expected = hmac.digest(secret.get_secret_value().encode(), signed, "sha256").hex().encode()
        for signature in signatures:
            fits |= hmac.compare_digest(expected, signature.encode())
    if not fits:
        raise SignatureError("mismatch", "no signature fits: is this the signing secret of this very endpoint?")
    if abs(now.timestamp() - timestamp) > tolerance.total_seconds():
        raise SignatureError("expired", "the signature is too old or from the future: check this machine's clock")


def _read(header: str) -> tuple[int, list[str]]:
    fields = [field.split("=", 2) for field in header.split(",")]
    try:
        times = [field[1] for field in fields if field[0] == "t"]
        signatures = [field[1] for field in fields if field[0] == "v1"]
    except IndexError:
        times, signatures = [], []
    if not times or not signatures or not _is_time(times[0]):
        raise SignatureError("malformed", "the header Stripe-Signature is not of the form t=…,v1=…")
    return int(times[0]), signatures


def _is_time(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
