"""Divides an order's discount or tax among its lines, so that the lines add up to the order again."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal


def apportion(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Parts of `total` in proportion to the weights, in whole units, by the largest remainder.

    Args:
        total: at least zero.
        weights: at least zero; where all are zero, the first part is the whole.
        unit: the currency's smallest, for example 0.01; what of the total is less goes to the first part.
    """
    if not weights:
        return []
    whole = sum(weights)
    if not whole:
        return [total, *[Decimal(0)] * (len(weights) - 1)]
    shares = [total * weight / whole for weight in weights]
    parts = [share.quantize(unit, ROUND_FLOOR) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: parts[place] - shares[place])
    left = total - sum(parts)
    for place in by_remainder:
        if left < unit:
            break
        parts[place] += unit
        left -= unit
    parts[0] += left
    return parts
