"""Lists, page by page (docs.stripe.com/api/pagination): they hold what was made a moment ago, as search does not."""

from collections.abc import AsyncIterator, Mapping

from schemas.contract import Frozen
from sidecar.adapters.stripe.client import Answer, StripeClient, read
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.limiter.priority import Priority

PAGE_SIZE = 100
"""The most that Stripe gives at once."""


class Page(Frozen):
    """A part of a list, newest first, nothing left out. `has_more`: in the direction that was asked for."""

    data: tuple[dict[str, object], ...]
    has_more: bool


async def list_page(
    client: StripeClient, endpoint: Endpoint, params: Mapping[str, object], identifier: str = ""
) -> Page:
    """One page, as long as Stripe allows; of what belongs to the object of that id, where the endpoint wants one."""
    return await client.get(Page, endpoint, identifier, params={**params, "limit": PAGE_SIZE}, priority=Priority.BULK)


async def newest_first(
    client: StripeClient,
    item: type[Answer],
    endpoint: Endpoint,
    params: Mapping[str, object],
    identifier: str = "",
) -> AsyncIterator[Answer]:
    """Every item that the parameters select, with as few requests as it takes."""
    cursor: dict[str, object] = {}
    while True:
        page = await list_page(client, endpoint, {**params, **cursor}, identifier)
        for document in page.data:
            yield read(item, document)
        if not page.has_more or not page.data:
            return
        cursor = {"starting_after": page.data[-1]["id"]}


def contains(metadata: Mapping[str, str] | None, wanted: Mapping[str, str]) -> bool:
    """Whether an object's metadata holds all that is wanted."""
    return wanted.items() <= (metadata or {}).items()
