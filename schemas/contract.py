"""The base of everything that crosses a process boundary."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Frozen(BaseModel):
    """A value that cannot change and whose unknown fields are ignored, so that a newer producer is understood."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


def _refuse_float(value: object) -> object:
    if isinstance(value, float):
        msg = 'must be a decimal in a string, such as "12.34"; a JSON number loses cents'
        raise ValueError(msg)  # noqa: TRY004  # pydantic turns only ValueError into a field error
    return value


ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(_refuse_float),
    Field(max_digits=20, decimal_places=4),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,16}(\.\d{1,4})?$"}),
]
"""An amount as Magento keeps it: up to 16 digits before and 4 after the point, in a JSON string."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code in capitals."""
