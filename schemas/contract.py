"""The base of everything that crosses a process boundary."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_EXACT = re.compile(r"-?\d{1,16}(\.\d{1,4})?")


class Frozen(BaseModel):
    """A value that cannot change and whose unknown fields are ignored, so that a newer producer is understood."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _only_exact(value: object) -> object:
    """In JSON an amount is a string of plain digits; in Python it may be a Decimal already."""
    if isinstance(value, Decimal) or (isinstance(value, str) and _EXACT.fullmatch(value)):
        return value
    msg = 'has to be a decimal in a string, such as "12.34": a JSON number loses cents'
    raise ValueError(msg)


def _plain(value: Decimal) -> str:
    return format(value, "f")


ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(_only_exact),
    Field(max_digits=20, decimal_places=4),
    PlainSerializer(_plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": rf"^{_EXACT.pattern}$"}),
]
"""An amount as Magento keeps it: up to 16 digits before and 4 after the point, in a JSON string."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code in capitals."""
