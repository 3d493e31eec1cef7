"""Between Python's values and the columns'."""

from collections.abc import Mapping
from datetime import UTC, datetime

Value = str | int | datetime | None
Params = Mapping[str, Value]
Row = tuple[object, ...]


def to_column(at: datetime) -> datetime:
    """UTC without its zone, as a `DATETIME(6)` keeps it.

    Raises:
        ValueError: the time has no zone, so nobody knows when it is.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None)


def moment(value: object) -> datetime:
    """A `DATETIME(6)` column, as UTC."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is not a time")
    return value.replace(tzinfo=UTC)


def moment_or_none(value: object) -> datetime | None:
    """A `DATETIME(6)` column that may be null, as UTC."""
    return None if value is None else moment(value)


def text(value: object) -> str:
    """A character column."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is not text")
    return value


def text_or_none(value: object) -> str | None:
    """A character column that may be null."""
    return None if value is None else text(value)


def whole(value: object) -> int:
    """An integer column."""
    if not isinstance(value, int):
        raise TypeError(f"{type(value).__name__} is not an integer")
    return value
