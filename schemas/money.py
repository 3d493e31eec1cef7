"""Money in Stripe's smallest unit, and the only place where decimals become integers.

Facts: docs.stripe.com/currencies (zero-decimal, three-decimal and special-case currencies, minimum and
maximum charge amounts).
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field
from typing_extensions import override

from schemas.contract import CurrencyCode, Frozen

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "),
)
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split(" "))
WHOLE_UNITS_ONLY = frozenset(("ISK", "UGX"))
"""Sent with two decimals for compatibility, and those must be 00."""
TWO_DECIMAL = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP "
        "CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD "
        "KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
        "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP "
        "TRY TTD TWD TZS UAH UGX USD UYU UZS WST XCD YER ZAR ZMW"
    ).split(" "),
)
EXPONENTS = dict.fromkeys(ZERO_DECIMAL, 0) | dict.fromkeys(TWO_DECIMAL, 2) | dict.fromkeys(THREE_DECIMAL, 3)
"""Decimal places of the integer that Stripe is sent, by currency. What is not here cannot be charged."""

MINIMUM_CHARGE = {
    "AED": 200, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50,
    "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
"""Stripe's minimum by currency, in its smallest unit; for the others Stripe itself decides."""
MAXIMUM_CHARGE = 99_999_999
"""Eight digits, whatever the currency."""


class MoneyError(ValueError):
    """An amount that this currency cannot express, or a currency that Stripe does not charge."""


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
        """Turn Magento's decimal into Stripe's integer, exactly.

        Raises:
            MoneyError: the currency is not one that Stripe charges, or the amount has more decimals than it.
        """
        exponent = EXPONENTS.get(currency)
        if exponent is None:
            raise MoneyError(f"Stripe does not charge in {currency!r}")
        if not amount.is_finite():
            raise MoneyError(f"{amount} is not an amount")
        scaled = amount.scaleb(exponent)
        units = int(scaled)
        if units != scaled:
            raise MoneyError(f"{amount} has more than the {exponent} decimal places of {currency}")
        if currency in THREE_DECIMAL and units % 10:
            raise MoneyError(f"{amount} {currency}: Stripe wants the third decimal place to be 0")
        if currency in WHOLE_UNITS_ONLY and units % 100:
            raise MoneyError(f"{amount} {currency}: Stripe wants whole units, decimals must be 00")
        return cls(minor_units=units, currency=currency)

    def to_decimal(self) -> Decimal:
        """Give the amount back as Magento writes it, with the currency's own number of decimals."""
        return Decimal(self.minor_units).scaleb(-EXPONENTS[self.currency])

    def why_not_chargeable(self) -> str | None:
        """Say why Stripe would refuse to charge this, or nothing if it would not."""
        if self.minor_units <= 0:
            return f"{self} is not a positive amount"
        minimum = MINIMUM_CHARGE.get(self.currency, 1)
        if self.minor_units < minimum:
            return f"{self} is under Stripe's minimum of {Money(minor_units=minimum, currency=self.currency)}"
        if self.minor_units > MAXIMUM_CHARGE:
            return f"{self} is over the eight digits that Stripe charges at once"
        return None

    @override
    def __str__(self) -> str:
        """For people: `10.99 USD`."""
        return f"{self.to_decimal()} {self.currency}"
