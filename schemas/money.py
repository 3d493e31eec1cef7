"""Money in Stripe's smallest unit, and the only place where decimals become integers.

Facts: docs.stripe.com/currencies (zero-decimal, three-decimal and special-case currencies, minimum and
maximum charge amounts). Nothing here depends on the decimal module's context: scaling is integer arithmetic.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field
from typing_extensions import override

from schemas.contract import CurrencyCode, Frozen

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "),
)
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split(" "))
"""Sent with three decimals, of which the last must be 0."""
WHOLE_UNITS_ONLY = frozenset(("ISK", "UGX"))
"""Sent with two decimals for compatibility, and those must be 00."""
TWO_DECIMAL = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP "
        "CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD "
        "KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
        "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP "
        "TRY TTD TWD TZS UAH UGX USD UYU UZS WST XCD XCG YER ZAR ZMW"
    ).split(" "),
)
"""Everything else. HUF and TWD are paid out in whole units, but charged with two decimals like the rest."""
EXPONENTS = dict.fromkeys(ZERO_DECIMAL, 0) | dict.fromkeys(TWO_DECIMAL, 2) | dict.fromkeys(THREE_DECIMAL, 3)
"""Decimal places of the integer that Stripe is sent, by currency. What is not here cannot be charged."""

MINIMUM_CHARGE = {
    "AED": 200, "ARS": 50, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "COP": 50, "CZK": 1500, "DKK": 250,
    "EUR": 50, "GBP": 30, "HKD": 400, "HUF": 17500, "IDR": 50, "ILS": 50, "INR": 50, "JPY": 50, "KRW": 50,
    "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PHP": 50, "PLN": 200, "RON": 200, "RUB": 50, "SEK": 300,
    "SGD": 50, "THB": 1000, "USD": 50, "ZAR": 50,
}  # fmt: skip
"""Stripe's minimum by currency, in its smallest unit. For the others, and for what Stripe converts into another
settlement currency, Stripe itself decides."""
MAXIMUM_CHARGE = 99_999_999
"""Eight digits, in the smallest unit, for every currency without a maximum of its own."""
MAXIMUM_CHARGE_OF = {"INR": 999_999_999} | dict.fromkeys(("COP", "HUF", "IDR", "JPY", "LBP"), 999_999_999_999)
"""Currencies of which Stripe charges more than eight digits: a million COP is a pair of shoes.

The most that any way to pay allows; a card network or a payment method with a lower limit refuses by itself.
"""

_MOST_DIGITS = 30
_RATE_DECIMALS = 4


class MoneyError(ValueError):
    """An amount that this currency cannot express, or a currency that Stripe does not charge."""


def maximum_charge(currency: str) -> int:
    """The most that Stripe charges at once, in the smallest unit of `currency`."""
    return MAXIMUM_CHARGE_OF.get(currency, MAXIMUM_CHARGE)


class Money(Frozen):
    """An amount as Stripe counts it.

    Attributes:
        minor_units: the integer that goes to Stripe, for example 1099 for 10.99 USD or 1099 for 1099 JPY.
        currency: ISO 4217 code in capitals; Stripe's own lower case ends at the adapter.
    """

    minor_units: Annotated[int, Field(strict=True)]
    currency: CurrencyCode

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> Self:
        """Turn Magento's decimal into Stripe's integer, exactly; the sign stays.

        Raises:
            MoneyError: the currency is not one that Stripe charges, or the amount has more decimals than it.
        """
        exponent = _exponent(currency)
        units, rest = divmod(_fraction(amount) * 10**exponent, 1)
        if rest:
            raise MoneyError(f"{amount} has more than the {exponent} decimal places of {currency}")
        if currency in THREE_DECIMAL and units % 10:
            raise MoneyError(f"{amount} {currency}: Stripe wants the third decimal place to be 0")
        if currency in WHOLE_UNITS_ONLY and units % 100:
            raise MoneyError(f"{amount} {currency}: Stripe wants whole units, decimals must be 00")
        return cls(minor_units=units, currency=currency)

    def to_decimal(self) -> Decimal:
        """Give the amount back as Magento writes it, with the currency's own number of decimals.

        Raises:
            MoneyError: the currency is not one that Stripe charges, so that its decimals are not known.
        """
        return _decimal(self.minor_units, _exponent(self.currency))

    def why_not_chargeable(self) -> str | None:
        """Say why Stripe would refuse to charge this, or nothing if it would not."""
        if self.currency not in EXPONENTS:
            return f"Stripe does not charge in {self.currency!r}"
        if self.minor_units <= 0:
            return f"{self} is not a positive amount"
        minimum, maximum = MINIMUM_CHARGE.get(self.currency, 1), maximum_charge(self.currency)
        if self.minor_units < minimum:
            return f"{self} is under Stripe's minimum of {Money(minor_units=minimum, currency=self.currency)}"
        if self.minor_units > maximum:
            return f"{self} is over the {len(str(maximum))} digits that Stripe charges at once in {self.currency}"
        return None

    @override
    def __str__(self) -> str:
        """For people: `10.99 USD`."""
        if self.currency not in EXPONENTS:
            return f"{self.minor_units} of the smallest unit of {self.currency}"
        return f"{self.to_decimal()} {self.currency}"


def in_base_currency(amount: Decimal, base_to_order_rate: Decimal) -> Decimal:
    """What an amount in order currency is in base currency, to four decimals, half a unit away from zero.

    Magento keeps base amounts and rates with four decimals (`sales_order`); `base_to_order_rate` is how much order
    currency one unit of base currency buys.

    Raises:
        MoneyError: the rate is not above zero, or a value is not a number.
    """
    rate = _fraction(base_to_order_rate)
    if rate <= 0:
        raise MoneyError(f"{base_to_order_rate} is not a rate to divide by")
    scaled = _fraction(amount) / rate * 10**_RATE_DECIMALS
    units = int(abs(scaled) + Fraction(1, 2))
    return _decimal(units if scaled >= 0 else -units, _RATE_DECIMALS)


def base_amount(amount: Money, base_to_order_rate: Decimal) -> Decimal:
    """What was charged or refunded in order currency is in base currency: see `in_base_currency`.

    Raises:
        MoneyError: the rate is not above zero, or Stripe does not charge in the amount's currency.
    """
    return in_base_currency(amount.to_decimal(), base_to_order_rate)


def _exponent(currency: str) -> int:
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        raise MoneyError(f"Stripe does not charge in {currency!r}")
    return exponent


def _decimal(units: int, exponent: int) -> Decimal:
    return Decimal(f"{units}E-{exponent}")


def _fraction(amount: Decimal) -> Fraction:
    """The amount, exactly. An absurd exponent is refused before it becomes an integer that fills the memory."""
    if not amount.is_finite():
        raise MoneyError(f"{amount} is not an amount")
    if amount and abs(amount.adjusted()) > _MOST_DIGITS:
        raise MoneyError(f"{amount} is not an amount that Magento can keep")
    return Fraction(*amount.as_integer_ratio()) if amount else Fraction(0)
