"""Sends requests to one Magento instance and reads its answers."""

import json
import re
import time
from collections.abc import Callable, Hashable
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx
import orjson
from pydantic import TypeAdapter, ValidationError

from sidecar.adapters.magento_rest.classify import classify_answer, classify_failure
from sidecar.breaker.guard import Guard, Unguarded
from sidecar.errors import TransientError, UnknownOutcomeError
from sidecar.limiter.places import Places
from sidecar.observability.tracing import span

Answer = TypeVar("Answer")

OnAnswer = Callable[[str, str, float], None]
"""Told the operation, `ok` or the error's code, and the seconds that it took."""

_NUMBER = re.compile(r"/[0-9]+(?=/|$)")


def tell_nobody(operation: str, code: str, seconds: float) -> None:
    """Nobody measures."""
    del operation, code, seconds


DEFAULT_CONCURRENCY = 16
"""At most: Magento answers with few PHP workers, and `Places` finds out how many of them are free."""

_TOO_MUCH = frozenset(("http_429", "http_503"))
"""Magento's own limits answer 429, a web server whose PHP workers are all taken 503."""


class MagentoClient:
    """Wraps an `httpx.AsyncClient` whose base address is the instance's REST root.

    At most as many calls as `places` are under way, and fewer for a while after Magento said that they were too many.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        told: OnAnswer = tell_nobody,
        guard: Guard | None = None,
        places: Places | None = None,
    ) -> None:
        self._http = http
        self._told = told
        self._guard = guard or Unguarded()
        self._places = places or Places("magento", DEFAULT_CONCURRENCY)

    async def get(self, path: str, answer: type[Answer]) -> Answer:
        """Read a resource. Raises what `sidecar.errors` lists."""
        return await self._read("GET", path, None, answer)

    async def post(self, path: str, body: dict[str, object] | None, answer: type[Answer]) -> Answer:
        """Write a resource whose answer matters. Raises what `sidecar.errors` lists."""
        return await self._read("POST", path, body, answer)

    async def put(self, path: str, body: dict[str, object], answer: type[Answer]) -> Answer:
        """Replace a resource. Raises what `sidecar.errors` lists."""
        return await self._read("PUT", path, body, answer)

    def in_store(self, store_code: str, path: str) -> str:
        """The path as seen by one store view: what is made there belongs to it."""
        root = str(self._http.base_url)
        return f"{root.removesuffix('V1/')}{quote(store_code, safe='')}/V1/{path}"

    async def post_for_nothing(self, path: str, body: dict[str, object] | None) -> None:
        """Write a resource whose answer says nothing that matters. Raises what `sidecar.errors` lists."""
        async with self._guard.call(), self._places.place(operation("POST", path)):
            await self._send("POST", path, body)

    async def _read(self, method: str, path: str, body: dict[str, object] | None, answer: type[Answer]) -> Answer:
        async with self._guard.call(), self._places.place(operation(method, path)):
            return _parse(await self._send(method, path, body), answer, path)

    async def _send(self, method: str, path: str, body: dict[str, object] | None) -> httpx.Response:
        with span(operation(method, path), "client") as call:
            headers = {} if body is None else {"Content-Type": "application/json"}
            if call.traceparent is not None:
                headers["traceparent"] = call.traceparent
            return await self._answer(
                method, path, None if body is None else orjson.dumps(body, default=_plain), headers
            )

    async def _answer(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> httpx.Response:
        what, started = f"{method} {path}", time.perf_counter()
        try:
            response = await self._http.request(method, path, content=content, headers=headers)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            failure = classify_failure(error, what)
        else:
            if response.is_success:
                self._told(operation(method, path), "ok", time.perf_counter() - started)
                return response
            failure = classify_answer(response, what)
            if isinstance(failure, TransientError) and failure.code in _TOO_MUCH:
                self._places.complain(failure.retry_after)
        self._told(operation(method, path), failure.code, time.perf_counter() - started)
        raise failure


def operation(method: str, path: str) -> str:
    """What is asked, without whom it is about: no id, no query. It becomes a metric label."""
    asked = path.rpartition("/V1/")[2].partition("?")[0]
    return f"{method} /V1/{_NUMBER.sub('/{id}', asked)}"


def _plain(value: object) -> object:
    """A number with decimals that was read out of a document and goes back unchanged: Magento reads texts as well."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


@cache
def _reader(answer: Any) -> TypeAdapter[Any]:  # noqa: ANN401  # any type of answer
    """Made once for each kind of answer: making one takes as long as reading a thousand."""
    return TypeAdapter(answer)


def _parse(response: httpx.Response, answer: type[Answer], path: str) -> Answer:
    try:
        # Magento writes amounts as JSON numbers with up to four decimals: they must never be a float.
        document = json.loads(response.content, parse_float=Decimal)
        read: Answer = _reader(cast("Hashable", answer)).validate_python(document)
    except (ValueError, RecursionError) as error:
        kind = f"{error.error_count()} fields" if isinstance(error, ValidationError) else "no JSON"
        raise UnknownOutcomeError("magento", "unreadable", f"the answer of {path} cannot be read: {kind}") from None
    return read
