"""The base of everything that crosses a process boundary, and the types that its fields have."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)  # fmt: skip

_EXACT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,4})?")
_POSITIVE = re.compile(r"(?=.*[1-9])[0-9]{1,16}(\.[0-9]{1,4})?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
)


class Frozen(BaseModel):
    """A value that cannot change and whose unknown fields are ignored, so that a newer producer is understood."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _only_exact(value: object) -> object:
    """In JSON an amount is a string of plain digits; in Python it may be a Decimal already."""
    if isinstance(value, Decimal) or (isinstance(value, str) and _EXACT.fullmatch(value)):
        return value
    raise ValueError('has to be a decimal in a string, such as "12.34": a JSON number loses cents')


def _only_instant(value: object) -> object:
    """In JSON a time is a string with its offset; in Python it may be a datetime already."""
    if isinstance(value, datetime) or (isinstance(value, str) and _INSTANT.fullmatch(value)):
        return value
    raise ValueError('has to be a time with its offset in a string, such as "2026-11-23T12:00:00Z"')


def _plain(value: Decimal) -> str:
    """Digits without an exponent; zeros past the fourth decimal place, which Python's arithmetic leaves, go."""
    whole, point, decimals = format(value, "f").partition(".")
    return f"{whole}{point}{decimals[:4]}{decimals[4:].rstrip('0')}"


ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(_only_exact),
    Field(max_digits=20, decimal_places=4),
    PlainSerializer(_plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": rf"^{_EXACT.pattern}$", "examples": ["12.34"]}),
]
"""A number as Magento keeps it: up to 16 digits before and 4 after the point, in a JSON string.

A JSON number is refused, be it a whole one: what is written as a number today is written as a float tomorrow. Neither
exponents nor NaN or Infinity are numbers here. A sign is allowed, because Magento writes discounts below zero.
"""

PositiveDecimal = Annotated[
    ExactDecimal,
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": rf"^{_POSITIVE.pattern}$", "examples": ["0.9134"]}),
]
"""An exact decimal above zero: what is divided by."""

Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_only_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": rf"^{_INSTANT.pattern}$"}),
]
"""A time with its offset from UTC, as RFC 3339 writes it, to the microsecond. Magento's own columns have no offset."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number, in JSON a number without a fraction: neither `"42"` nor `true` stands for one."""

Flag = Annotated[bool, Field(strict=True)]
"""True or false: neither `"yes"` nor 1 stands for one."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code in capitals."""
