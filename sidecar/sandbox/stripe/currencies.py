"""How much can be charged (docs.stripe.com/currencies)."""

from decimal import Decimal

from schemas.money import EXPONENTS, MINIMUM_CHARGE, THREE_DECIMAL, WHOLE_UNITS_ONLY, maximum_charge
from sidecar.sandbox.stripe.errors import invalid


def check_currency(currency: str) -> str:
    """Return it in lower case, as Stripe keeps it, or refuse it."""
    if currency.upper() not in EXPONENTS:
        raise invalid(f"Invalid currency: {currency}", param="currency")
    return currency.lower()


def display_amount(amount: int, currency: str) -> str:
    """Write an amount for a message: `$5.00 usd`-like, plain and unambiguous."""
    exponent = EXPONENTS[currency.upper()]
    whole = str(Decimal(amount).scaleb(-exponent))
    sign = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}.get(currency)
    return f"{sign}{whole}" if sign else f"{whole} {currency.upper()}"


def check_amount(amount: int, currency: str, *, param: str = "amount") -> None:
    """Refuse an amount that Stripe would refuse to charge."""
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    maximum = maximum_charge(currency.upper())
    if amount > maximum:
        raise invalid(
            f"Amount must be no more than {display_amount(maximum, currency)}",
            param=param,
            code="amount_too_large",
        )
    minimum = MINIMUM_CHARGE.get(currency.upper(), 1)
    if amount < minimum:
        raise invalid(
            f"Amount must be at least {display_amount(minimum, currency)} {currency}",
            param=param,
            code="amount_too_small",
        )
    check_precision(amount, currency, param=param)


def check_precision(amount: int, currency: str, *, param: str = "amount") -> None:
    """Refuse digits that the currency's networks cannot carry."""
    capitals = currency.upper()
    if capitals in THREE_DECIMAL and amount % 10:
        raise invalid(
            f"Invalid amount: three-decimal currency {capitals} must end in 0.", param=param, code="invalid_amount"
        )
    if capitals in WHOLE_UNITS_ONLY and amount % 100:
        raise invalid(
            f"Invalid amount: {capitals} amounts must be evenly divisible by 100.", param=param, code="invalid_amount"
        )
