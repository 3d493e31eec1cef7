"""Lists, page by page (docs.stripe.com/api/pagination). Never search: it lags behind by a minute or more."""

from collections.abc import AsyncIterator, Mapping
from typing import Generic, Protocol, TypeVar

from schemas.contract import Frozen
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.limiter.priority import Priority

PAGE_SIZE = 100
"""The most that Stripe gives at once."""


class Identified(Protocol):
    """Something that a list can go on from."""

    @property
    def id(self) -> str:
        """Stripe's id."""
        ...


Item = TypeVar("Item", bound=Identified)


class Page(Frozen, Generic[Item]):
    """A part of a list, newest first. `has_more`: in the direction that was asked for."""

    data: tuple[Item, ...]
    has_more: bool


async def newest_first(
    client: StripeClient, page: type[Page[Item]], endpoint: Endpoint, params: Mapping[str, object]
) -> AsyncIterator[Item]:
    """Every item that the parameters select, with as few requests as it takes."""
    cursor: dict[str, object] = {}
    while True:
        listed = await client.get(
            page, endpoint, params={**params, **cursor, "limit": PAGE_SIZE}, priority=Priority.BULK
        )
        for item in listed.data:
            yield item
        if not listed.has_more or not listed.data:
            return
        cursor = {"starting_after": listed.data[-1].id}


def contains(metadata: Mapping[str, str] | None, wanted: Mapping[str, str]) -> bool:
    """Whether an object's metadata holds all that is wanted."""
    return wanted.items() <= (metadata or {}).items()
