"""Bringing the customers that are there already to Stripe."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from consumers.customers import CONSUMER
from schemas.ids import CustomerId, MagentoCustomerId
from sidecar.back_fill.back_fill import AT_ONCE, BATCH, BackFillOptions, BackFillReport, back_fill
from sidecar.errors import RefusedError, TransientError, UnauthorizedError, UnknownOutcomeError
from sidecar.ports.facts import CustomerLinked
from tests.conformance.test_magento_customers import ADDRESS
from tests.consumers.builders import ORDER, STRIPE
from tests.consumers.customer_world import READS, World
from tests.fakes.magento_customers import STORES

DAY = timedelta(days=1)


async def walk(world: World, **options: Any) -> BackFillReport:
    async def waited(seconds: float) -> None:
        world.clock.time += timedelta(seconds=seconds)

    return await back_fill(ORDER.instance, world.ports, CONSUMER, BackFillOptions(**options), sleep=waited)


def away(world: World, method: str, *, times: int, error: TransientError | None = None) -> None:
    for _ in range(times):
        world.stripe.fail_next(error or TransientError("stripe", "http_503"), method=method)


FOR_LONG = 7


def a_world(count: int = 3, **policy: Any) -> World:
    world = World(**policy)
    for _ in range(count):
        world.shop.register(address=ADDRESS)
    world.outstanding()  # their events went by before the sidecar was there
    return world


async def test_all_are_made_and_the_second_time_none_is() -> None:
    world = a_world(BATCH + 5)
    first = await walk(world)
    assert (first.seen, first.unchanged, first.effects) == (BATCH + 5, 0, Counter(CreateCustomer=BATCH + 5))
    assert first.finished
    assert len(world.stripe.customers) == BATCH + 5
    calls = len(world.stripe.calls)
    second = await walk(world)
    assert (second.seen, second.unchanged, len(world.stripe.calls)) == (BATCH + 5, BATCH + 5, calls)


async def test_who_is_linked_gets_what_was_changed_meanwhile() -> None:
    world = a_world()
    await walk(world)
    world.shop.edit(MagentoCustomerId(2), lastname="Murray")
    report = await walk(world)
    assert (report.unchanged, report.effects) == (2, Counter(UpdateCustomer=1))
    assert {customer.name for customer in world.stripe.customers} == {"Grace Hopper", "Grace Murray"}


async def test_a_dry_run_says_what_would_be_done_and_writes_nothing() -> None:
    world = a_world(2)
    await walk(world)
    world.shop.edit(MagentoCustomerId(1), lastname="Murray", taxvat="DE123456789")
    world.shop.register(address=ADDRESS)
    before = [call.method for call in world.stripe.calls]
    report = await walk(world, dry_run=True)
    assert [(str(customer), what) for customer, what in report.would] == [
        ("shop/customer/1", "change name of cus_000001 in main/test"),
        ("shop/customer/3", "create a customer in main/test"),
    ]
    asked = [call.method for call in world.stripe.calls][len(before) :]
    assert set(asked) <= READS
    assert {customer.name for customer in world.stripe.customers} == {"Grace Hopper"}
    assert (await world.ports.store.customers.load(world.shop.account(MagentoCustomerId(3)).ref)).magento is None
    assert await world.ports.store.cursors.get("customers:shop") in {None, ""}
    assert (await walk(world)).seen == 3


async def test_it_goes_on_after_the_last_batch_that_was_done() -> None:
    world = a_world(2 * BATCH + 1)
    away(world, "create_customer", times=FOR_LONG * AT_ONCE)
    with pytest.raises(TransientError):
        await walk(world)
    world.stripe.fail_no_more()
    first = await walk(world)
    assert (first.began_after, first.seen) == (0, 2 * BATCH + 1)
    world.shop.register()
    away(world, "find_customers", times=FOR_LONG)  # which only the new one asks
    with pytest.raises(TransientError):
        await walk(world)
    on = await walk(world)
    assert (on.began_after, on.seen) == (2 * BATCH, 2)
    assert len(world.stripe.customers) == 2 * BATCH + 2
    again = await walk(world)
    assert again.began_after == 0


async def test_what_goes_by_is_waited_out() -> None:
    world = a_world(3)
    begun = world.clock.now()
    away(world, "create_customer", times=2, error=UnknownOutcomeError("stripe", "timeout"))
    pause = timedelta(seconds=90)
    away(world, "create_customer", times=1, error=TransientError("stripe", "rate_limit", retry_after=pause))
    report = await walk(world)
    assert (report.effects, report.finished) == (Counter(CreateCustomer=3), True)
    assert len(world.stripe.customers) == 3
    assert world.clock.now() - begun >= pause


async def test_credentials_that_are_refused_are_not_tried_again() -> None:
    world = a_world(1)
    begun = world.clock.now()
    world.stripe.fail_next(UnauthorizedError("stripe", "http_401"), method="create_customer")
    with pytest.raises(UnauthorizedError):
        await walk(world)
    assert world.clock.now() == begun


async def test_another_beginning_is_another_walk() -> None:
    world = a_world()
    world.clock.time += DAY
    world.shop.register(address=ADDRESS)
    report = await walk(world, since=world.clock.now() - timedelta(hours=1))
    assert (report.seen, len(world.stripe.customers)) == (1, 1)
    assert (await walk(world)).seen == 4


async def test_customers_of_other_stores_and_those_who_have_not_ordered_are_left_alone() -> None:
    world = a_world(1, create="on_first_order")
    elsewhere = STORES["default"].model_copy(update={"store_code": "elsewhere"})
    world.shop.edit(world.shop.register().customer_id, store=elsewhere)
    report = await walk(world)
    assert (report.seen, report.unchanged, report.other_stores) == (2, 1, 1)
    assert world.stripe.customers == ()


async def test_two_do_not_walk_at_once() -> None:
    world = a_world()
    async with world.ports.store.locks.exclusive("customers:shop") as alone:
        assert alone
        report = await walk(world)
    assert (report.alone, report.seen) == (False, 0)


async def test_looking_closely_makes_those_whom_stripe_has_never_heard_of() -> None:
    """The sidecar's database came from elsewhere: its links lead nowhere."""
    world = a_world(2)
    await walk(world)
    first, second = world.stripe.customers
    world.stripe.forget_customer(first.id)
    world.stripe.remove_customer(second.id)
    assert (await walk(world)).effects == Counter()
    report = await walk(world, verify=True)
    assert report.effects == Counter(CreateCustomer=1)  # who was deleted there on purpose stays so
    assert len([customer for customer in world.stripe.customers if not customer.deleted]) == 1


async def test_one_that_cannot_be_done_keeps_nobody_else_away() -> None:
    world = a_world(2)
    account = world.shop.account(MagentoCustomerId(1))
    other = CustomerLinked(STRIPE, "shop", "base", "customer/1", CustomerId("cus_of_another_account"))
    await world.ports.store.customers.record_facts([other])
    world.stripe.fail_next(RefusedError("stripe", "permission_missing"), method="retrieve_customer")
    report = await walk(world)
    assert [(str(failure.customer), "permission_missing" in failure.reason) for failure in report.failures] == [
        (str(account.ref), True)
    ]
    assert report.effects == Counter(CreateCustomer=1)
