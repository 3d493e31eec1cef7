"""What Stripe does: write events and sign them."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from pydantic import SecretStr

from schemas.ids import AccountAlias, StripeRef
from sidecar.bridge.app import Account

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "whsec_TheOneInUse"
OTHER_SECRET = "whsec_TheOneBefore"
MAIN = StripeRef(account=AccountAlias("main"), mode="test")
LIVE = StripeRef(account=AccountAlias("shop-eu"), mode="live")
ACCOUNTS = {
    "main": Account(MAIN, (SecretStr(SECRET), SecretStr(OTHER_SECRET))),
    "shop-eu": Account(LIVE, (SecretStr("whsec_Live"),)),
    "unset": Account(StripeRef(account=AccountAlias("unset"), mode="test"), ()),
}


class SetClock:
    """Stands until it is moved."""

    def __init__(self, time: datetime = NOW) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


def event(**fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": int(NOW.timestamp()),
        "livemode": False,
        "data": {
            "object": {
                "id": "pi_1",
                "object": "payment_intent",
                "description": "Zürich — 12 €",
                "status": "succeeded",
                "amount": 1200,
                "currency": "eur",
                "created": int(NOW.timestamp()),
                "livemode": False,
            }
        },
    }
    return known | fields


def event_bytes(**fields: Any) -> bytes:
    """As Stripe writes them: indented, with a line's end at the end."""
    return orjson.dumps(event(**fields), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def signed(body: bytes, *secrets: str, at: datetime = NOW) -> dict[str, str]:
    """The headers that Stripe sends, with a signature by each secret."""
    return {"content-type": "application/json; charset=utf-8", "stripe-signature": signature(body, secrets, at)}


def signature(body: bytes, secrets: Sequence[str] = (), at: datetime = NOW) -> str:
    seconds = int(at.timestamp())
    made = [hmac.new(secret.encode(), b"%d." % seconds + body, sha256).hexdigest() for secret in secrets or (SECRET,)]
    return ",".join([f"t={seconds}", *(f"v1={each}" for each in made)])


MINUTES_5 = timedelta(minutes=5)
