"""Sends requests to one Magento instance and reads its answers."""

import json
from decimal import Decimal
from typing import TypeVar
from urllib.parse import quote

import httpx
import orjson
from pydantic import TypeAdapter, ValidationError

from sidecar.adapters.magento_rest.classify import classify_answer, classify_failure
from sidecar.errors import UnknownOutcomeError

Answer = TypeVar("Answer")


class MagentoClient:
    """Wraps an `httpx.AsyncClient` whose base address is the instance's REST root."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, answer: type[Answer]) -> Answer:
        """Read a resource. Raises what `sidecar.errors` lists."""
        return _parse(await self._send("GET", path, None), answer, path)

    async def post(self, path: str, body: dict[str, object] | None, answer: type[Answer]) -> Answer:
        """Write a resource whose answer matters. Raises what `sidecar.errors` lists."""
        return _parse(await self._send("POST", path, body), answer, path)

    async def put(self, path: str, body: dict[str, object], answer: type[Answer]) -> Answer:
        """Replace a resource. Raises what `sidecar.errors` lists."""
        return _parse(await self._send("PUT", path, body), answer, path)

    def in_store(self, store_code: str, path: str) -> str:
        """The path as seen by one store view: what is made there belongs to it."""
        root = str(self._http.base_url)
        return f"{root.removesuffix('V1/')}{quote(store_code, safe='')}/V1/{path}"

    async def post_for_nothing(self, path: str, body: dict[str, object] | None) -> None:
        """Write a resource whose answer says nothing that matters. Raises what `sidecar.errors` lists."""
        await self._send("POST", path, body)

    async def _send(self, method: str, path: str, body: dict[str, object] | None) -> httpx.Response:
        what = f"{method} {path}"
        content = None if body is None else orjson.dumps(body, default=_plain)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            response = await self._http.request(method, path, content=content, headers=headers)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise classify_failure(error, what) from None
        if response.is_success:
            return response
        raise classify_answer(response, what)


def _plain(value: object) -> object:
    """A number with decimals that was read out of a document and goes back unchanged: Magento reads texts as well."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _parse(response: httpx.Response, answer: type[Answer], path: str) -> Answer:
    try:
        # Magento writes amounts as JSON numbers with up to four decimals: they must never be a float.
        document = json.loads(response.content, parse_float=Decimal)
        return TypeAdapter(answer).validate_python(document)
    except (ValueError, RecursionError) as error:
        kind = f"{error.error_count()} fields" if isinstance(error, ValidationError) else "no JSON"
        raise UnknownOutcomeError("magento", "unreadable", f"the answer of {path} cannot be read: {kind}") from None
