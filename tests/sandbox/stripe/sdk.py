"""The real SDK, talking to the stand-in within one process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import stripe
from starlette.applications import Starlette
from starlette.types import Message
from typing_extensions import override

from sidecar.sandbox.stripe import AccountConfig, RateLimits, StripeSandbox, StripeSandboxConfig

TEST_KEY = "sk_test_main"
OTHER_KEY = "sk_test_other"
LIVE_KEY = "sk_live_main"
RETURN_URL = "https://shop.example/return"


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


async def call(
    app: Starlette, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[bytes, int, dict[str, str]]:
    """One HTTP request to an ASGI application, without a socket."""
    parts = urlsplit(url)
    answer: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method.upper(),
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    start, *bodies = answer
    names = {name.decode(): value.decode() for name, value in start["headers"]}
    return b"".join(part["body"] for part in bodies), start["status"], names


class InProcess(stripe.HTTPClient):
    """How the SDK reaches the stand-in."""

    name = "in-process"

    def __init__(self, app: Starlette) -> None:
        super().__init__()
        self._app = app

    @override
    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        body = post_data if isinstance(post_data, bytes) else str(post_data or "").encode()
        content, status, names = await call(self._app, method, url, headers, body)
        return content, status, CaseInsensitive(names)

    @override
    def sleep_async(self, secs: float) -> Awaitable[None]:
        return asyncio.sleep(0)

    @override
    async def close_async(self) -> None:
        """There is nothing to close."""


class CaseInsensitive(dict[str, str]):
    """Headers: the SDK asks for `Request-Id`."""

    @override
    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())


def sdk(sandbox: StripeSandbox, key: str = TEST_KEY) -> stripe.StripeClient:
    return stripe.StripeClient(key, http_client=InProcess(sandbox.app), base_addresses={"api": "http://stripe.test"})


def sandbox_config(**changes: object) -> StripeSandboxConfig:
    settings: dict[str, object] = {
        "accounts": {
            "main": AccountConfig.model_validate({"secret_keys": [TEST_KEY]}),
            "other": AccountConfig.model_validate({"secret_keys": [OTHER_KEY]}),
            "live": AccountConfig.model_validate({"secret_keys": [LIVE_KEY], "mode": "live"}),
        },
        "rate_limits": RateLimits(enabled=False),
        "seed": 7,
        "public_url": "http://stripe.test",
    }
    return StripeSandboxConfig.model_validate(settings | changes)


def new_sandbox(clock: Callable[[], float] | None = None, **changes: object) -> StripeSandbox:
    return StripeSandbox(sandbox_config(**changes), clock=clock or Time())


def paying(payment_method: str = "pm_card_visa", /, **changes: object) -> dict[str, object]:
    """Parameters of an intent that is confirmed at once."""
    return {
        "amount": 1099,
        "currency": "usd",
        "payment_method": payment_method,
        "confirm": True,
        "return_url": RETURN_URL,
    } | changes
