"""How a request proves who sends it: a bearer token, or OAuth 1.0a.

Source: developer.adobe.com/commerce/webapi/get-started/authentication. Since Magento 2.4.4 integration tokens are not
accepted as bearer tokens unless the shop allows it; signing with OAuth always works.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, cast

import httpx
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client
from pydantic import SecretStr
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class OAuthCredentials:
    """The four values that Magento shows when an integration is activated."""

    consumer_key: str
    consumer_secret: SecretStr
    access_token: str
    access_token_secret: SecretStr


class BearerAuth(httpx.Auth):
    """`Authorization: Bearer …`."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        yield request


class OAuth1Auth(httpx.Auth):
    """`Authorization: OAuth …`, signed with HMAC-SHA256. A JSON body is not part of the signature (RFC 5849, 3.4.1)."""

    def __init__(self, credentials: OAuthCredentials) -> None:
        self._credentials = credentials

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        known = self._credentials
        client = Client(
            known.consumer_key,
            known.consumer_secret.get_secret_value(),
            known.access_token,
            known.access_token_secret.get_secret_value(),
            signature_method=SIGNATURE_HMAC_SHA256,
        )
        method = cast('Literal["GET", "POST", "PUT", "DELETE"]', request.method)
        _, headers, _ = client.sign(str(request.url), http_method=method)
        request.headers["Authorization"] = headers["Authorization"]
        yield request
