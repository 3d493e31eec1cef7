"""Whether a request was signed by the integration (OAuth 1.0a, RFC 5849), as Magento checks it."""

import hmac
from collections.abc import Mapping

from oauthlib.common import Request
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, RequestValidator, SignatureOnlyEndpoint
from typing_extensions import override

from sidecar.sandbox.magento.config import OAuthKeys


class Integration(RequestValidator):
    """The one integration that the stand-in knows. A nonce is good once, as in `oauth_nonce`."""

    def __init__(self, keys: OAuthKeys) -> None:
        super().__init__()
        self._keys = keys
        self._nonces: set[tuple[str, str]] = set()

    @property
    @override
    def allowed_signature_methods(self) -> tuple[str, ...]:
        return (SIGNATURE_HMAC_SHA256,)

    @property
    @override
    def enforce_ssl(self) -> bool:
        return False  # it is served on loopback

    @property
    @override
    def dummy_client(self) -> str:
        return "nobody"

    @override
    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    @override
    def check_nonce(self, nonce: str) -> bool:
        return bool(nonce)

    @override
    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: Request,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        if (timestamp, nonce) in self._nonces:
            return False
        self._nonces.add((timestamp, nonce))
        return True

    @override
    def validate_client_key(self, client_key: str, request: Request) -> bool:
        token = str(request.resource_owner_key)
        right_key = hmac.compare_digest(client_key.encode(), self._keys.consumer_key.encode())
        return hmac.compare_digest(token.encode(), self._keys.access_token.encode()) and right_key

    @override
    def get_client_secret(self, client_key: str, request: Request) -> str:
        return self._keys.consumer_secret

    @override
    def get_access_token_secret(self, client_key: str, token: str, request: Request) -> str:
        return self._keys.access_token_secret


class Signatures:
    """Checks signatures of requests."""

    def __init__(self, keys: OAuthKeys) -> None:
        self._endpoint = SignatureOnlyEndpoint(Integration(keys))

    def valid(self, method: str, url: str, headers: Mapping[str, str]) -> bool:
        """Whether this request carries a valid signature that was not seen before."""
        signed = {"Authorization": headers.get("authorization", "")}
        valid, _ = self._endpoint.validate_request(url, http_method=method, headers=signed)
        return bool(valid)
