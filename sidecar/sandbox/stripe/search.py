"""Search, as late as the real one (docs.stripe.com/search): a new object is found only after a delay."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid
from sidecar.sandbox.stripe.listing import Stored
from sidecar.sandbox.stripe.operation import Call

_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z_.]+)(?:\[(?P<kq>["'])(?P<key>(?:\\.|(?!(?P=kq)).)*)(?P=kq)\])?"""
    r"""(?P<op>:|~|<=|>=|<|>)(?:(?P<vq>["'])(?P<text>(?:\\.|(?!(?P=vq)).)*)(?P=vq)|(?P<bare>null|-?\d+|true|false))\s*"""
)
_JOIN = re.compile(r"(AND|OR)\s", re.IGNORECASE)
T = TypeVar("T", bound=Stored)


@dataclass(frozen=True)
class Clause:
    """One comparison."""

    negated: bool
    field: str
    key: str | None
    operator: str
    value: str | None

    def holds(self, document: JsonObject) -> bool:
        """Whether an object fulfils it."""
        found: object = document
        for step in self.field.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if self.key is not None:
            found = found.get(self.key) if isinstance(found, dict) else None
        return self._compare(found) is not self.negated

    def _compare(self, found: object) -> bool:
        if self.value is None or found is None:
            return self.value is None and found is None
        if self.operator == "~":
            return self.value.lower() in str(found).lower()
        if self.operator == ":":
            text = str(found).lower() if isinstance(found, bool) else str(found)
            return text.lower() == self.value.lower()
        if not isinstance(found, int) or not self.value.lstrip("-").isdigit():
            return False
        bound = int(self.value)
        return {"<": found < bound, ">": found > bound, "<=": found <= bound, ">=": found >= bound}[self.operator]


def parse_query(query: str) -> tuple[Sequence[Clause], bool]:
    """Read Stripe's query language; says also whether the clauses are joined by AND (or by OR)."""
    clauses: list[Clause] = []
    joins: set[str] = set()
    position = 0
    while True:
        match = _CLAUSE.match(query, position)
        if match is None:
            raise invalid(f"We were unable to parse your search query: {query}", param="query")
        text = match["text"]
        value = re.sub(r"\\(.)", r"\1", text) if text is not None else match["bare"]
        clauses.append(
            Clause(
                match["not"] is not None, match["field"], match["key"], match["op"], None if value == "null" else value
            )
        )
        position = match.end()
        if position == len(query):
            break
        join = _JOIN.match(query, position)
        if join is None:
            raise invalid(f"We were unable to parse your search query: {query}", param="query")
        joins.add(join[1].upper())
        position = join.end()
    if len(joins) > 1:
        raise invalid("You cannot combine AND and OR in the same query.", param="query")
    return clauses, joins != {"OR"}


def search(call: Call, url: str, items: Iterable[T], document: Callable[[T], JsonObject]) -> JsonObject:
    """Answer a search: newest first, page by page, without what is too new to be indexed."""
    parameters = call.parameters
    clauses, every = parse_query(parameters.text("query") or "")
    indexed_until = call.account.clock.precise() - call.account.shared.config.search_delay
    found: list[JsonObject] = []
    for item in items:
        if item.created > indexed_until:
            continue
        written = document(item)
        results = [clause.holds(written) for clause in clauses]
        if all(results) if every else any(results):
            found.append(written)
    found.reverse()
    page = parameters.text("page") or "0"
    if not page.isdecimal():
        raise invalid("Invalid page: use the next_page of an earlier answer.", param="page")
    start = int(page)
    limit = parameters.integer("limit") or 10
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": url,
    }
