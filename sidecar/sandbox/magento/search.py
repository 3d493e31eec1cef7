"""`searchCriteria` as core's search resources read it: groups that all have to hold, of filters of which one has to.

Source: developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError

_FILTER: Final = re.compile(r"filter_?[gG]roups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(field|value|condition_?[tT]ype)\]$")
_SORT: Final = re.compile(r"sort_?[oO]rders\]\[0\]\[(field|direction)\]$")
_OPERATORS: Final = {"eq": "=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "neq": "<>", "in": "IN"}
_COLUMN: Final = re.compile(r"[a-z_]+")


async def found(session: Session, table: str, query: Mapping[str, str]) -> tuple[Sequence[Row], int]:
    """The rows of the page that was asked for, and how many there are in all.

    Raises:
        MagentoError: a field or a condition that the table does not have.
    """
    filters: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    sort = {"field": "entity_id", "direction": "ASC"}
    size, page = 0, 1
    for name, value in query.items():
        if match := _FILTER.search(name):
            group, number, part = match.groups()
            filters[group][number][part.replace("_", "").lower()] = value
        elif match := _SORT.search(name):
            sort[match[1]] = value
        elif re.search(r"page_?[sS]ize\]$", name):
            size = int(value)
        elif re.search(r"current_?[pP]age\]$", name):
            page = int(value)
    values: list[object] = []
    groups = [
        " OR ".join(_condition(each, values) for _, each in sorted(group.items()))
        for _, group in sorted(filters.items())
    ]
    where = f" WHERE {' AND '.join(f'({group})' for group in groups)}" if groups else ""
    counted = await session.row(f"SELECT COUNT(*) AS number FROM {table}{where}", *values)  # noqa: S608  # bound
    order = f" ORDER BY {_column(sort['field'])} {'DESC' if sort['direction'].upper() == 'DESC' else 'ASC'}"
    limit = f" LIMIT {size} OFFSET {size * (page - 1)}" if size else ""
    rows = await session.rows(f"SELECT * FROM {table}{where}{order}{limit}", *values)  # noqa: S608  # bound
    return rows, int(counted["number"]) if counted else 0


def _condition(asked: Mapping[str, str], values: list[object]) -> str:
    operator = _OPERATORS.get(asked.get("conditiontype", "eq"))
    if operator is None or "value" not in asked:
        raise MagentoError(400, "The filter is not known.", [])
    column = _column(asked.get("field", ""))
    if operator == "IN":
        parts = asked["value"].split(",")
        values.extend(parts)
        return f"{column} IN ({', '.join(['%s'] * len(parts))})"
    values.append(asked["value"])
    return f"{column} {operator} %s"


def _column(name: str) -> str:
    if not _COLUMN.fullmatch(name):
        raise MagentoError(400, "The field is not known.", [])
    return name
