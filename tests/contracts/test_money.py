import ast
import decimal
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.money import (
    EXPONENTS,
    MAXIMUM_CHARGE,
    MAXIMUM_CHARGE_OF,
    MINIMUM_CHARGE,
    THREE_DECIMAL,
    TWO_DECIMAL,
    WHOLE_UNITS_ONLY,
    ZERO_DECIMAL,
    Money,
    MoneyError,
    base_amount,
    in_base_currency,
    maximum_charge,
)
from tests.contracts.examples import SCHEMAS

currencies = st.sampled_from(sorted(EXPONENTS))
every_currency = pytest.mark.parametrize("currency", sorted(EXPONENTS))
units = st.integers(-(10**18), 10**18)
amounts = st.builds(lambda number, places: Decimal(f"{number}E-{places}"), units, st.integers(0, 4))
rates = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=Decimal("0.0001"), max_value=10**6)


def step(currency: str) -> int:
    """The smallest difference between two amounts that can be charged, in the smallest unit."""
    if currency in THREE_DECIMAL:
        return 10
    return 100 if currency in WHOLE_UNITS_ONLY else 1


def test_the_tables_have_each_currency_once() -> None:
    assert len(ZERO_DECIMAL) + len(TWO_DECIMAL) + len(THREE_DECIMAL) == len(EXPONENTS)
    assert WHOLE_UNITS_ONLY < TWO_DECIMAL
    assert {"HUF", "TWD"} < TWO_DECIMAL
    assert MINIMUM_CHARGE.keys() < EXPONENTS.keys()
    assert MAXIMUM_CHARGE_OF.keys() < EXPONENTS.keys()


def test_the_tables_are_stripes() -> None:
    assert " ".join(sorted(ZERO_DECIMAL)) == "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
    assert " ".join(sorted(THREE_DECIMAL)) == "BHD JOD KWD OMR TND"
    assert sorted(WHOLE_UNITS_ONLY) == ["ISK", "UGX"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(currency=currencies, number=units)
def test_from_units_to_decimal_and_back_is_exact(currency: str, number: int) -> None:
    money = Money(minor_units=number * step(currency), currency=currency)
    assert Money.from_decimal(money.to_decimal(), currency) == money
    assert Fraction(money.to_decimal()) == Fraction(money.minor_units, 10 ** EXPONENTS[currency])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(currency=currencies, amount=amounts)
def test_a_decimal_becomes_itself_or_is_refused(currency: str, amount: Decimal) -> None:
    expected = Fraction(amount) * 10 ** EXPONENTS[currency]
    if expected.denominator == 1 and expected % step(currency) == 0:
        money = Money.from_decimal(amount, currency)
        assert money.minor_units == expected
        assert money.to_decimal() == amount
    else:
        with pytest.raises(MoneyError):
            Money.from_decimal(amount, currency)


@every_currency
def test_each_currency_both_ways(currency: str) -> None:
    exponent = EXPONENTS[currency]
    for text in ("7", "123456789012", "-7"):
        money = Money.from_decimal(Decimal(text), currency)
        assert money.minor_units == int(text) * 10**exponent
        assert str(money) == f"{text}{'.' if exponent else ''}{'0' * exponent} {currency}"
    one_too_many = Decimal(1) / 10 ** (exponent + 1)
    with pytest.raises(MoneyError, match=f"more than the {exponent} decimal places of {currency}"):
        Money.from_decimal(one_too_many, currency)


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("10.99", "USD", 1099),
        ("10.9900", "USD", 1099),
        ("1099.0000", "JPY", 1099),
        ("5.120", "KWD", 5120),
        ("5.0000", "ISK", 500),
        ("5.00", "UGX", 500),
        ("10.45", "HUF", 1045),
        ("800.45", "TWD", 80045),
        ("1E+2", "USD", 10000),
        ("1.5E+1", "USD", 1500),
        ("1099E-2", "USD", 1099),
        ("0", "USD", 0),
        ("-0.00", "USD", 0),
        ("0E-50", "JPY", 0),
        ("0E+50", "JPY", 0),
        ("-3.21", "EUR", -321),
        ("12345678901234567890", "JPY", 12345678901234567890),
        ("1234567890123456.7800", "USD", 123456789012345678),
    ],
)
def test_known_amounts(text: str, currency: str, expected: int) -> None:
    assert Money.from_decimal(Decimal(text), currency).minor_units == expected


@pytest.mark.parametrize(
    ("text", "currency", "why"),
    [
        ("0.001", "USD", "more than the 2 decimal places"),
        ("0.5", "JPY", "more than the 0 decimal places"),
        ("5.1234", "KWD", "more than the 3 decimal places"),
        ("5.124", "KWD", "third decimal place to be 0"),
        ("5.125", "TND", "third decimal place to be 0"),
        ("5.50", "ISK", "whole units"),
        ("0.01", "UGX", "whole units"),
        ("NaN", "USD", "not an amount"),
        ("sNaN", "USD", "not an amount"),
        ("Infinity", "USD", "not an amount"),
        ("-Infinity", "JPY", "not an amount"),
        ("1E+999999", "JPY", "not an amount that Magento can keep"),
        ("1E-999999", "JPY", "not an amount that Magento can keep"),
        ("1", "XXX", "does not charge in 'XXX'"),
        ("1", "usd", "does not charge in 'usd'"),
        ("1", "BTC", "does not charge in 'BTC'"),
        ("1", "", "does not charge in ''"),
    ],
)
def test_what_cannot_be_expressed_is_refused(text: str, currency: str, why: str) -> None:
    with pytest.raises(MoneyError, match=why):
        Money.from_decimal(Decimal(text), currency)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(currency=currencies, number=units, precision=st.integers(1, 6))
def test_the_decimal_context_changes_nothing(currency: str, number: int, precision: int) -> None:
    money = Money(minor_units=number * step(currency), currency=currency)
    with localcontext() as context:
        context.prec = precision
        context.rounding = decimal.ROUND_UP
        assert Money.from_decimal(money.to_decimal(), currency) == money
        text = str(money)
    assert text == str(money)
    assert in_base_currency(money.to_decimal(), Decimal(1)) == money.to_decimal()


def test_twenty_digits_survive_any_context() -> None:
    with localcontext() as context:
        context.prec = 3
        money = Money.from_decimal(Decimal("1234567890123456.7800"), "USD")
        assert money.minor_units == 123456789012345678
        assert str(money) == "1234567890123456.78 USD"
        assert in_base_currency(Decimal("1234567890123456.7890"), Decimal("1.0000")) == Decimal("1234567890123456.789")


@every_currency
def test_minimum_and_maximum_are_chargeable_and_what_is_past_them_is_not(currency: str) -> None:
    minimum, maximum = MINIMUM_CHARGE.get(currency, 1), maximum_charge(currency)
    assert Money(minor_units=minimum, currency=currency).why_not_chargeable() is None
    assert Money(minor_units=maximum, currency=currency).why_not_chargeable() is None
    too_much = Money(minor_units=maximum + 1, currency=currency).why_not_chargeable()
    assert too_much is not None
    assert currency in too_much
    too_little = Money(minor_units=minimum - 1, currency=currency).why_not_chargeable()
    assert too_little is not None
    assert ("minimum" in too_little) == (minimum > 1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(currency=currencies, number=st.integers(-(10**9), 0))
def test_nothing_and_less_is_not_charged(currency: str, number: int) -> None:
    reason = Money(minor_units=number, currency=currency).why_not_chargeable()
    assert reason is not None
    assert reason.endswith("is not a positive amount")


@pytest.mark.parametrize(
    ("text", "currency"),
    [("4000000.00", "COP"), ("25000000.00", "IDR"), ("9000000.00", "HUF"), ("150000000", "JPY"), ("5000000.00", "INR")],
)
def test_a_dear_thing_in_a_cheap_currency_can_be_charged(text: str, currency: str) -> None:
    money = Money.from_decimal(Decimal(text), currency)
    assert money.minor_units > MAXIMUM_CHARGE
    assert money.why_not_chargeable() is None


def test_a_currency_that_stripe_does_not_know_can_be_named_but_not_counted() -> None:
    money = Money(minor_units=5, currency="XXX")
    assert str(money) == "5 of the smallest unit of XXX"
    assert money.why_not_chargeable() == "Stripe does not charge in 'XXX'"
    with pytest.raises(MoneyError):
        money.to_decimal()


@pytest.mark.parametrize("wrong", [10.99, 10.0, "1099", True, None])
def test_units_are_integers(wrong: object) -> None:
    with pytest.raises(ValueError, match="minor_units"):
        Money.model_validate({"minor_units": wrong, "currency": "USD"})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(amount=amounts, rate=rates)
def test_a_base_amount_is_the_nearest_with_four_decimals(amount: Decimal, rate: Decimal) -> None:
    base = in_base_currency(amount, rate)
    exact = Fraction(amount) / Fraction(rate)
    assert base.same_quantum(Decimal("0.0001"))
    assert abs(Fraction(base) - exact) <= Fraction(1, 20000)
    assert in_base_currency(-amount, rate) == -base
    assert in_base_currency(amount, Decimal("1.0000")) == amount


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        ("54.34", "0.9134", "59.4920"),
        ("0.00005", "1", "0.0001"),
        ("0.00004", "1", "0.0000"),
        ("-0.00005", "1", "-0.0001"),
        ("1", "3", "0.3333"),
        ("2", "3", "0.6667"),
        ("0.0001", "2", "0.0001"),
        ("0", "0.5", "0.0000"),
        ("9570", "151.2345", "63.2792"),
    ],
)
def test_base_amounts_are_rounded_half_away_from_zero(amount: str, rate: str, expected: str) -> None:
    assert str(in_base_currency(Decimal(amount), Decimal(rate))) == expected


@pytest.mark.parametrize(
    ("money", "rate", "expected"),
    [
        (Money(minor_units=5434, currency="EUR"), "0.9134", "59.4920"),
        (Money(minor_units=9570, currency="JPY"), "151.2345", "63.2792"),
        (Money(minor_units=5120, currency="KWD"), "0.3070", "16.6775"),
        (Money(minor_units=0, currency="USD"), "1.0000", "0.0000"),
        (Money(minor_units=-1, currency="USD"), "200.0000", "-0.0001"),
    ],
    ids=str,
)
def test_money_in_base_currency_counts_the_currencys_own_decimals(money: Money, rate: str, expected: str) -> None:
    assert str(base_amount(money, Decimal(rate))) == expected


def test_money_has_no_base_amount_at_no_rate_or_in_an_unknown_currency() -> None:
    with pytest.raises(MoneyError, match="is not a rate"):
        base_amount(Money(minor_units=100, currency="USD"), Decimal(0))
    with pytest.raises(MoneyError, match="XXX"):
        base_amount(Money(minor_units=100, currency="XXX"), Decimal(1))


@pytest.mark.parametrize("rate", ["0", "0.0000", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(MoneyError):
        in_base_currency(Decimal(1), Decimal(rate))


@pytest.mark.parametrize("path", sorted(SCHEMAS.rglob("*.py")), ids=lambda path: str(path.relative_to(SCHEMAS)))
def test_no_contract_has_a_float(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not (isinstance(node, ast.Name) and node.id == "float")
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
