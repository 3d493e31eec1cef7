"""What the producers in Python may put into a field, and how it is written."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.contract import ExactDecimal, Instant, PositiveDecimal

exact: TypeAdapter[Decimal] = TypeAdapter(ExactDecimal)
positive: TypeAdapter[Decimal] = TypeAdapter(PositiveDecimal)
instant: TypeAdapter[datetime] = TypeAdapter(Instant)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("12.3400", "12.3400"),
        ("1E+2", "100"),
        ("1E-4", "0.0001"),
        ("1.500000", "1.5000"),
        ("-0.00", "-0.00"),
        ("0E-9", "0.0000"),
        ("9999999999999999.9999", "9999999999999999.9999"),
    ],
)
def test_a_decimal_is_written_in_plain_digits_that_can_be_read(text: str, written: str) -> None:
    value = exact.validate_python(Decimal(text))
    assert exact.dump_json(value) == f'"{written}"'.encode()
    assert exact.validate_json(exact.dump_json(value)) == Decimal(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "0.00001", "123456789012345678901", "1E+30"])
def test_a_decimal_that_magento_cannot_keep_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        exact.validate_python(Decimal(text))


@pytest.mark.parametrize("value", [12.34, 12, True, None])
def test_only_a_decimal_or_its_text_is_one(value: object) -> None:
    with pytest.raises(ValidationError, match="decimal in a string"):
        exact.validate_python(value)


@pytest.mark.parametrize("text", ["0", "-0.0001"])
def test_a_positive_decimal_is_above_zero(text: str) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        positive.validate_python(Decimal(text))
    assert positive.validate_python(Decimal("0.0001")) == Decimal("0.0001")


def test_a_time_needs_its_offset() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        instant.validate_python(datetime(2026, 11, 23, 12))  # noqa: DTZ001  # what is refused
    noon = datetime(2026, 11, 23, 12, microsecond=250, tzinfo=UTC)
    assert instant.dump_json(noon) == b'"2026-11-23T12:00:00.000250Z"'
    assert instant.validate_json(instant.dump_json(noon)) == noon
