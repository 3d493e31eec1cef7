"""Objects in the order of their creation, found by id, listed as the API lists (docs.stripe.com/api/pagination)."""

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid, resource_missing
from sidecar.sandbox.stripe.parameters import Parameters

_LARGEST_PAGE = 100


class Stored(Protocol):
    """Anything with an id and a time."""

    @property
    def id(self) -> str:
        """Its id, with Stripe's prefix."""
        ...

    @property
    def created(self) -> int:
        """Unix time in seconds."""
        ...


T = TypeVar("T", bound=Stored)


class Collection(Generic[T]):
    """All objects of one kind in one account.

    Args:
        kind: how error messages name it, for example `payment_intent`.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: list[T] = []
        self._position: dict[str, int] = {}
        self._groups: dict[tuple[str, str], list[T]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def add(self, item: T, **groups: str | None) -> T:
        """Keep a new object; `groups` are what it can be listed by, for example `customer="cus_…"`."""
        self._position[item.id] = len(self._items)
        self._items.append(item)
        for name, value in groups.items():
            if value is not None:
                self.group(item, name, value)
        return item

    def group(self, item: T, name: str, value: str) -> None:
        """Let the object be listed by one more thing."""
        members = self._groups.setdefault((name, value), [])
        if not any(member is item for member in members[-1:]):
            members.append(item)

    def members(self, name: str, value: str) -> list[T]:
        """All objects of a group, oldest first."""
        return self._groups.get((name, value), [])

    def find(self, identifier: str) -> T | None:
        """The object, or nothing."""
        position = self._position.get(identifier)
        return None if position is None else self._items[position]

    def get(self, identifier: str, *, param: str = "id", status: int = 404) -> T:
        """The object. Raises a `resource_missing` error."""
        item = self.find(identifier)
        if item is None:
            raise resource_missing(self.kind, identifier, param=param, status=status)
        return item

    def page(
        self,
        parameters: Parameters,
        url: str,
        document: Callable[[T], JsonObject],
        *,
        group: tuple[str, str | None] | None = None,
        keep: Callable[[T], bool] | None = None,
    ) -> JsonObject:
        """One page, newest first; `starting_after` and `ending_before` name the object next to it."""
        items = self._items if group is None or group[1] is None else self.members(group[0], group[1])
        limit = parameters.integer("limit")
        limit = 10 if limit is None else limit
        if not 1 <= limit <= _LARGEST_PAGE:
            raise invalid("Invalid limit: must be between 1 and 100", param="limit", code="parameter_invalid_integer")
        within = _window(parameters)
        before = parameters.text("ending_before")
        after = parameters.text("starting_after")
        backwards = before is not None
        found: list[T] = []
        for item in self._walk(items, before, after):
            created = within(item.created)
            if created > 0 and not backwards:
                break
            if created == 0 and (keep is None or keep(item)):
                found.append(item)
                if len(found) > limit:
                    break
        more = len(found) > limit
        found = found[:limit]
        if backwards:
            found.reverse()
        return {"object": "list", "data": [document(item) for item in found], "has_more": more, "url": url}

    def _walk(self, items: list[T], before: str | None, after: str | None) -> Iterator[T]:
        if before is not None:
            index = self._index(items, before, "ending_before")
            return (items[position] for position in range(index + 1, len(items)))
        start = len(items) if after is None else self._index(items, after, "starting_after")
        return (items[position] for position in range(start - 1, -1, -1))

    def _index(self, items: list[T], identifier: str, param: str) -> int:
        cursor = self.get(identifier, param=param, status=400)
        if items is self._items:
            return self._position[identifier]
        for index, item in enumerate(items):
            if item is cursor:
                return index
        raise resource_missing(self.kind, identifier, param=param, status=400)


def _window(parameters: Parameters) -> Callable[[int], int]:
    """Tell for a time whether it is in the `created` window (0), after it (-1), or before it (1)."""
    exact = parameters.integer("created")
    bounds = parameters.inner("created")
    low = exact
    high = exact
    for name, step in (("gte", 0), ("gt", 1)):
        value = bounds.integer(name)
        if value is not None:
            low = value + step if low is None else max(low, value + step)
    for name, step in (("lte", 0), ("lt", -1)):
        value = bounds.integer(name)
        if value is not None:
            high = value + step if high is None else min(high, value + step)

    def place(created: int) -> int:
        if low is not None and created < low:
            return 1
        if high is not None and created > high:
            return -1
        return 0

    return place
