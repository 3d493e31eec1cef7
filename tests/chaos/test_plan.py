"""A plan is the same for the same seed, and leaves nothing out."""

from itertools import product

import pytest

from tests.chaos.plan import FAULTS, ORDERS, Plan, plan_of


def of(seed: int) -> Plan:
    return plan_of(seed, 400, rate=2)


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    assert of(7) == of(7)
    assert of(7) != of(8)


@pytest.mark.parametrize("seed", range(5))
def test_every_kind_of_fault_and_of_order_comes(seed: int) -> None:
    plan = of(seed)
    assert {fault.kind for fault in plan.faults} == set(FAULTS)
    assert {order.what for order in plan.orders} == set(ORDERS)
    assert [fault.kind for fault in plan.faults].count("a_day_passes") == 1


@pytest.mark.parametrize("number", [10, 400])
def test_every_field_of_an_account_is_edited_in_both_places(number: int) -> None:
    edits = plan_of(7, number, rate=2).edits
    assert {(edit.where, edit.field) for edit in edits} == set(product(("shop", "stripe"), ("email", "name", "phone")))


def test_no_two_orders_cost_the_same() -> None:
    prices = [(order.kind.currency, order.price, order.kind.rate) for order in of(1).orders]
    assert len(set(prices)) == len(prices)


def test_a_calm_day_has_no_faults() -> None:
    assert plan_of(1, 10, rate=1, faults=()).faults == ()
