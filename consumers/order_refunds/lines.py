"""Finds out which lines of an order a refund gives back, from its amount alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from consumers.order_refunds.remainder import Remainder, Row
from sidecar.ports.magento import ReturnedItem

MOST_STEPS = 100_000
"""Additions that are tried before it is given up: about a tenth of a second."""
SHIPPING = 0
"""Stands among the ids of lines, which begin at 1."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What comes back.

    Attributes:
        kind: `whole`: all that is left; `items`: the lines named; `amount`: no line.
        shipping: what of the shipping comes back, without its tax; null for none.
    """

    kind: Literal["whole", "items", "amount"]
    items: tuple[ReturnedItem, ...] = ()
    shipping: Decimal | None = None


AMOUNT = Lines("amount")


def lines_of(amount: Decimal, left: Remainder) -> Lines | None:
    """The lines that an amount gives back; None when it fits several, or so many lines that nobody can tell.

    The whole remainder is that before anything else. Otherwise lines come back only if exactly one choice of
    quantities, with or without all of the shipping, comes to the amount: each with its tax and less its discount.

    Args:
        amount: in order currency.
        left: what of the order has not been given back.
    """
    if left.exact and amount == left.money == left.total:
        return Lines("whole")
    if left.exact:
        found = _choices(amount, left)
        if found is None or len(found) > 1:
            return None
        if found:
            return _named(found[0], left)
    return Lines("whole") if amount == left.money else AMOUNT


_Choice = tuple[tuple[int, Decimal], ...]
"""The ids and quantities of lines."""


def _choices(amount: Decimal, left: Remainder) -> list[_Choice] | None:
    """One or two of the choices that come to the amount, or none; None after too many steps."""
    target = _exact(amount)
    options = [(number, row, _quantities(row, amount)) for number, row in left.rows.items()]
    if left.shipping.amount > 0:
        options.append((SHIPPING, left.shipping, [left.shipping.qty]))
    costs = [
        (number, [(_exact(row.part(qty, left.unit).total), qty) for qty in quantities])
        for number, row, quantities in options
        if row.total
    ]
    costs.sort(key=lambda option: max((cost for cost, _ in option[1]), default=0), reverse=True)
    # What all later options could add at most, so that sums that cannot reach the target are dropped at once.
    reach = [
        sum(max((cost for cost, _ in each), default=0) for _, each in costs[place:]) for place in range(len(costs))
    ]
    sums: dict[int, list[_Choice]] = {0: [()]}
    steps = 0
    for place, (number, priced) in enumerate(costs):
        following: dict[int, list[_Choice]] = {}
        for known, choices in sums.items():
            if known + reach[place] < target:
                continue
            for cost, qty in ((0, None), *priced):
                steps += 1
                if steps > MOST_STEPS:
                    return None
                if known + cost <= target:
                    added = choices if qty is None else [(*choice, (number, qty)) for choice in choices]
                    kept = following.setdefault(known + cost, [])
                    kept += added[: 2 - len(kept)]
        sums = following
    return sums.get(target, [])


def _quantities(row: Row, amount: Decimal) -> Sequence[Decimal]:
    """How many of a line may come back: whole ones, or all of what is sold by weight; no more than the amount pays."""
    if row.qty != row.qty.to_integral_value():
        return [row.qty]
    most = int(row.qty)
    each = row.total / row.qty
    if each > 0:
        most = min(most, int(amount / each) + 1)
    return [Decimal(number) for number in range(1, min(most, MOST_STEPS) + 1)]


def _named(choice: _Choice, left: Remainder) -> Lines:
    items = tuple(ReturnedItem(order_item_id=number, qty=qty) for number, qty in choice if number != SHIPPING)
    shipping = any(number == SHIPPING for number, _ in choice)
    return Lines(
        "items", tuple(sorted(items, key=lambda item: item.order_item_id)), left.shipping.amount if shipping else None
    )


def _exact(amount: Decimal) -> int:
    """In ten-thousandths, which is all that Magento keeps."""
    return int(amount.scaleb(4).to_integral_value())
