"""Which lines a refund gives back, from its amount alone."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.order_refunds.lines import AMOUNT, Lines, lines_of
from consumers.order_refunds.remainder import Remainder
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.ports.magento import ReturnedItem, StripeRefund
from tests.consumers.builders import STRIPE, an_order
from tests.consumers.refund_builders import a_creditmemo, with_lines

TWO = (("TEE", "19.99", 2), ("MUG", "7.50", 3))


def an_order_of(*lines: tuple[str, str, int], **fields: Any) -> OrderPlacedV1:
    return with_lines(an_order(), lines, **fields)


def left_of(*lines: tuple[str, str, int], **fields: Any) -> Remainder:
    return Remainder.of(an_order_of(*lines, **fields))


def told(amount: str, lines: Any, items: tuple[ReturnedItem, ...] = (), shipping: str | None = None) -> StripeRefund:
    return StripeRefund.model_validate(
        {
            "stripe": STRIPE,
            "payment_intent_id": "pi_1",
            "refund_id": "re_1",
            "amount": amount,
            "currency": "USD",
            "status": "succeeded",
            "lines": lines,
            "items": items,
            "shipping_amount": shipping,
        }
    )


def items(**quantities: str) -> tuple[ReturnedItem, ...]:
    return tuple(ReturnedItem(order_item_id=int(name[1:]), qty=Decimal(qty)) for name, qty in quantities.items())


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("87.48", Lines("whole")),
        ("19.99", Lines("items", items(i1="1"))),
        ("39.98", Lines("items", items(i1="2"))),
        ("27.49", Lines("items", items(i1="1", i2="1"))),
        ("25.00", Lines("items", (), Decimal("25.00"))),
        ("47.50", Lines("items", items(i2="3"), Decimal("25.00"))),
        ("62.48", Lines("items", items(i1="2", i2="3"))),
        ("1.23", AMOUNT),
        ("87.47", AMOUNT),
    ],
)
def test_an_amount_gives_back_the_one_choice_of_lines_that_comes_to_it(amount: str, expected: Lines) -> None:
    assert lines_of(Decimal(amount), left_of(*TWO, shipping="25.00")) == expected


@pytest.mark.parametrize("amount", ["20.00", "40.00"])
def test_an_amount_that_fits_several_lines_fits_none(amount: str) -> None:
    assert lines_of(Decimal(amount), left_of(("TEE", "20.00", 2), ("CAP", "20.00", 1), shipping="20.00")) is None


def test_equal_units_of_one_line_are_no_choice() -> None:
    assert lines_of(Decimal("40.00"), left_of(("TEE", "20.00", 3), ("CAP", "7.00", 1))) == Lines("items", items(i1="2"))


def test_a_line_comes_back_with_its_tax_and_less_its_discount() -> None:
    left = left_of(("TEE", "100.00", 2), ("MUG", "9.00", 1), taxes=("38.00", "1.71"), discounts=("20.00", "0"))
    assert lines_of(Decimal("109.00"), left) == Lines("items", items(i1="1"))
    assert lines_of(Decimal("100.00"), left) == AMOUNT


def test_the_last_of_a_line_takes_the_cents_that_rounding_left() -> None:
    left = left_of(("TEE", "10.00", 3), ("MUG", "9.00", 1), taxes=("1.00", "0"))
    one = lines_of(Decimal("10.33"), left)
    assert one == Lines("items", items(i1="1"))
    after = left.after_told(told("10.33", "items", items(i1="1"))).after_told(told("10.34", "items", items(i1="1")))
    assert after.rows[1].total == Decimal("10.33")
    assert after.total == after.money == Decimal("19.33")


def test_lines_that_cost_nothing_do_not_make_an_amount_ambiguous() -> None:
    left = left_of(("TEE", "20.00", 1), ("GIFT", "0.00", 5), ("MUG", "8.00", 1))
    assert lines_of(Decimal("20.00"), left) == Lines("items", items(i1="1"))


def test_what_is_sold_by_weight_comes_back_whole_or_not_at_all() -> None:
    order = an_order_of(("CHEESE", "12.00", 1), ("MUG", "9.00", 1))
    cheese = order.items[0].model_copy(update={"qty_ordered": Decimal("0.35"), "row_total": Decimal("4.20")})
    totals = order.totals.model_copy(update={"total_due": Decimal("13.20")})
    left = Remainder.of(order.model_copy(update={"items": (cheese, order.items[1]), "totals": totals}))
    assert lines_of(Decimal("4.20"), left) == Lines("items", items(i1="0.35"))


def test_what_came_back_by_a_memo_does_not_come_back_again() -> None:
    order = an_order_of(("TEE", "20.00", 1), ("CAP", "20.00", 1), shipping="5.00")
    left = Remainder.of(order)
    assert lines_of(Decimal("20.00"), left) is None
    after = left.after(a_creditmemo(1, "20.00", order=order, items=((1, "1"),)))
    assert lines_of(Decimal("20.00"), after) == Lines("items", items(i2="1"))
    assert lines_of(Decimal("25.00"), after) == Lines("whole")


def test_after_an_adjustment_the_rest_of_the_money_is_not_the_rest_of_the_lines() -> None:
    order = an_order_of(*TWO, shipping="25.00")
    after = Remainder.of(order).after(a_creditmemo(1, "7.48", order=order))
    assert after.money == Decimal("80.00")
    assert lines_of(Decimal("80.00"), after) == Lines("whole")  # which Magento may say is another sum
    assert lines_of(Decimal("19.99"), after) == Lines("items", items(i1="1"))


def test_where_the_lines_do_not_come_to_the_order_only_the_whole_is_told() -> None:
    order = an_order_of(*TWO, shipping="25.00")
    paid = order.totals.model_copy(update={"total_due": Decimal("70.00")})  # the rest in store credit
    left = Remainder.of(order.model_copy(update={"totals": paid}))
    assert not left.exact
    assert lines_of(Decimal("19.99"), left) == AMOUNT
    assert lines_of(Decimal("70.00"), left) == Lines("whole")


def test_when_nobody_knows_what_a_memo_gave_back_only_amounts_are_told() -> None:
    left = left_of(*TWO, shipping="25.00").after_amount(Decimal("19.99"))
    assert lines_of(Decimal("19.99"), left) == AMOUNT
    assert lines_of(Decimal("67.49"), left) == Lines("whole")


def test_so_many_lines_that_nobody_can_tell_are_given_up_in_bounded_work() -> None:
    lines = [(f"SKU-{n}", f"{n * 7 % 89 + 1}.{n % 90 + 10}", 9) for n in range(300)]
    left = left_of(*lines, shipping="9.99")
    assert lines_of(Decimal("12345.67"), left) is None
    assert lines_of(left.money, left) == Lines("whole")


def test_so_many_of_one_line_are_told_all_the_same() -> None:
    left = left_of(("BOLT", "0.03", 100_000), ("NUT", "0.50", 1))
    assert lines_of(Decimal("0.36"), left) == Lines("items", items(i1="12"))


prices = st.integers(1, 400).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
cents = st.integers(0, 99).map(lambda number: f"0.{number:02d}")


@st.composite
def orders(draw: st.DrawFn) -> OrderPlacedV1:
    lines = draw(st.lists(st.tuples(prices, st.integers(1, 3)), min_size=1, max_size=4))
    return with_lines(
        an_order(),
        [(f"SKU-{number}", price, qty) for number, (price, qty) in enumerate(lines)],
        shipping=draw(prices | st.just("0")),
        taxes=[draw(cents) for _ in lines],
        discounts=["0" for _ in lines],
    )


def choices(left: Remainder) -> Iterator[tuple[Decimal, dict[int, Decimal], bool]]:
    """Every choice of lines, with what it comes to."""
    numbers = list(left.rows)
    for quantities in product(*(range(int(left.rows[number].qty) + 1) for number in numbers)):
        for shipping in (False, True) if left.shipping.amount else (False,):
            chosen = {n: Decimal(q) for n, q in zip(numbers, quantities, strict=True) if q}
            parts = [left.rows[number].part(qty, left.unit).total for number, qty in chosen.items()]
            total = sum(parts, Decimal(0)) + (left.shipping.total if shipping else Decimal(0))
            if chosen or shipping:
                yield total, chosen, shipping


@settings(max_examples=150, deadline=None)
@given(order=orders(), data=st.data())
def test_it_finds_what_trying_every_choice_finds(order: OrderPlacedV1, data: st.DataObject) -> None:
    left = Remainder.of(order)
    every = list(choices(left))
    amount = data.draw(st.sampled_from([total for total, _, _ in every]) | prices.map(Decimal))
    fitting = [(chosen, shipping) for total, chosen, shipping in every if total == amount]
    found = lines_of(amount, left)
    if amount == left.money:
        assert found == Lines("whole")
    elif len(fitting) == 1:
        (chosen, shipping) = fitting[0]
        assert found is not None
        assert found.kind == "items"
        assert {item.order_item_id: item.qty for item in found.items} == chosen
        assert found.shipping == (left.shipping.amount if shipping else None)
    else:
        assert found == (AMOUNT if not fitting else None)


@settings(max_examples=150, deadline=None)
@given(order=orders(), data=st.data())
def test_part_after_part_the_lines_come_to_the_order_to_the_last_cent(
    order: OrderPlacedV1, data: st.DataObject
) -> None:
    left, given_back = Remainder.of(order), Decimal(0)
    while left.total:
        every = list(choices(left))
        total, chosen, shipping = data.draw(st.sampled_from(every))
        back = tuple(ReturnedItem(order_item_id=number, qty=qty) for number, qty in chosen.items())
        left = left.after_told(told(str(total), "items", back, str(left.shipping.amount) if shipping else None))
        given_back += total
        assert left.money == left.total == order.totals.total_due - given_back
    assert given_back == order.totals.total_due
