"""Makes changed copies of a document."""

from copy import deepcopy
from typing import Any

from tests.contracts.paths import Path


def without(document: dict[str, Any], path: Path) -> dict[str, Any]:
    changed = deepcopy(document)
    del value_at(changed, path[:-1])[path[-1]]
    return changed


def with_value(document: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    changed = deepcopy(document)
    value_at(changed, path[:-1])[path[-1]] = value
    return changed


def value_at(document: dict[str, Any], path: Path) -> Any:
    found: Any = document
    for part in path:
        found = found[part]
    return found
