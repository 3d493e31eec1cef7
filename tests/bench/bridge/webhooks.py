"""Webhooks as Stripe sends them, of any size."""

import hashlib
import hmac
import time

import orjson

SECRET = "whsec_" + "b" * 32
PATH = "/webhooks/stripe/main"
TYPE = "payment_intent.succeeded"


def event(number: int, size: int) -> bytes:
    """An event of about so many bytes, indented as Stripe does; no two numbers share an id."""
    document = {
        "id": f"evt_{number}Bench",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "type": TYPE,
        "data": {
            "object": {
                "id": "pi_1Bench",
                "object": "payment_intent",
                "amount": 8748,
                "currency": "usd",
                "status": "succeeded",
                "metadata": {},
            }
        },
    }
    entry = len('          "key_000": "value value value value value value value value",\n')
    empty = len(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    metadata = {f"key_{each:03}": " ".join(["value"] * 8) for each in range(max(0, (size - empty) // entry))}
    document["data"]["object"]["metadata"] = metadata  # type: ignore[index]  # just written above
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def request(port: int, number: int, size: int) -> bytes:
    """The whole of the HTTP request, signed now."""
    body, now = event(number, size), int(time.time())
    signature = hmac.new(SECRET.encode(), b"%d.%b" % (now, body), hashlib.sha256).hexdigest()
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nAccept: */*; q=0.5, application/xml\r\n"
        f"Cache-Control: no-cache\r\nStripe-Signature: t={now},v1={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
