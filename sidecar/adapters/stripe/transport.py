"""How the SDK's requests leave: over one aiohttp session that is ours to close."""

from collections.abc import Mapping

import aiohttp
import stripe
from typing_extensions import override


class SessionTransport(stripe.HTTPClient):
    """Sends over a session.

    The SDK's own `AIOHTTPClient` reads a body without holding its response, so that a cut or a cancelled one is left
    to the garbage collector with its connection. Here the response is closed however the call ends, and aiohttp's
    exceptions come through as they are: they say whether the request had left.
    """

    name = "aiohttp"

    def __init__(self, session: aiohttp.ClientSession, timeout: aiohttp.ClientTimeout) -> None:
        super().__init__()
        self._session = session
        self._timeout = timeout

    @override
    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | bytes | None = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send, and read the whole answer."""
        async with self._session.request(
            method, url, headers=headers, data=post_data, timeout=self._timeout, allow_redirects=False
        ) as response:
            return await response.read(), response.status, response.headers
