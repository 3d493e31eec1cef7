"""What every store has to do, asked of the one in SQL and of the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas.ids import (
    AccountAlias,
    CustomerId,
    CustomerRef,
    Instance,
    MagentoCustomerId,
    MagentoOrderId,
    OrderRef,
    StripeRef,
    Subject,
)
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.customer_profile.profile import Agreement, Profile
from sidecar.errors import TransientError
from sidecar.ports.facts import (
    CustomerAgreed,
    CustomerDeletedObserved,
    CustomerGone,
    CustomerLinked,
    CustomerRead,
    CustomerSeen,
    Fact,
    IntentLinked,
    OrderCanceledObserved,
    SessionLinked,
)
from sidecar.ports.records import EffectToBegin, TimelineEntry
from sidecar.ports.store import Store
from tests.consumers.builders import ORDER, PLACED_AT, STRIPE, a_session, an_intent, an_order

LIVE = StripeRef(account=STRIPE.account, mode="live")
ELSEWHERE = StripeRef(account=AccountAlias("other"), mode="test")
NOW = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
CUSTOMER = CustomerId("cus_1")
ACCOUNT = CustomerRef(instance=ORDER.instance, customer_id=MagentoCustomerId(42))
"""A customer whose number is that of the order."""
PATIENT = timedelta(seconds=30)


def another(order_id: int, instance: str = "shop") -> OrderRef:
    return OrderRef(instance=Instance(instance), order_id=MagentoOrderId(order_id))


def a_cancellation(order_id: int = 42, at: datetime = NOW) -> OrderCanceledV1:
    placed = an_order(order_id=order_id)
    return OrderCanceledV1(
        instance=placed.instance,
        store=placed.store,
        order_id=placed.order_id,
        increment_id=placed.increment_id,
        canceled_at=at,
    )


def linked(intent: PaymentIntent, order: OrderRef = ORDER, stripe: StripeRef = STRIPE) -> IntentLinked:
    return IntentLinked(stripe=stripe, order=order, intent=intent)


def without_charge(intent: PaymentIntent) -> PaymentIntent:
    return intent.model_copy(update={"latest_charge": intent.charge_id})


def a_line(summary: str, at: datetime = NOW, subject: Subject = ORDER) -> TimelineEntry:
    return TimelineEntry(subject=subject, at=at, source="orders", kind="effect.done", summary=summary)


class TestOrders:
    async def test_nothing_is_known_of_an_unknown_order(self, store: Store) -> None:
        record = await store.orders.load(ORDER)
        assert record.order == ORDER
        assert (record.placed, record.stripe, record.customer) == (None, None, None)
        assert (record.canceled_at, record.window_closed_at) == (None, None)
        assert (record.intents, record.sessions, dict(record.effects), dict(record.results)) == ((), (), {}, {})
        assert await store.orders.stripe_of(ORDER) is None

    async def test_a_snapshot_comes_back_as_it_was(self, store: Store) -> None:
        placed = an_order(total="1234567.8900", customer_id=7, return_url="https://shop.example/ü?a=%s&b='\"\\")
        await store.orders.record_placed(placed, STRIPE, HOUR)
        record = await store.orders.load(ORDER)
        assert record.placed == placed
        assert record.stripe == STRIPE
        assert await store.orders.stripe_of(ORDER) == STRIPE

    async def test_the_first_snapshot_wins(self, store: Store) -> None:
        first = an_order(total="10.00")
        await store.orders.record_placed(first, STRIPE, HOUR)
        await store.orders.record_placed(an_order(total="99.00"), LIVE, None)
        record = await store.orders.load(ORDER)
        assert (record.placed, record.stripe) == (first, STRIPE)
        assert await store.orders.due_windows(PLACED_AT + HOUR, 10) == (ORDER,)

    async def test_a_cancellation_may_come_before_the_order(self, store: Store) -> None:
        await store.orders.record_canceled(a_cancellation())
        before = await store.orders.load(ORDER)
        assert (before.placed, before.canceled_at) == (None, NOW)
        assert await store.orders.find_by_increment_id("000000042") == (ORDER,)
        await store.orders.record_placed(an_order(), STRIPE, HOUR)
        after = await store.orders.load(ORDER)
        assert (after.placed, after.canceled_at) == (an_order(), NOW)

    @pytest.mark.parametrize("told", ["event, answer", "answer, event", "answer, event, answer"])
    async def test_whoever_tells_of_the_cancellation_the_earliest_time_stays(self, store: Store, told: str) -> None:
        for who in told.split(", "):
            if who == "event":
                await store.orders.record_canceled(a_cancellation(at=NOW))
            else:
                await store.orders.record_facts([OrderCanceledObserved(order=ORDER, at=NOW + HOUR)])
        assert (await store.orders.load(ORDER)).canceled_at == NOW

    async def test_the_window_closes_once(self, store: Store) -> None:
        await store.orders.record_window_closed(ORDER, NOW)
        await store.orders.record_window_closed(ORDER, NOW + HOUR)
        assert (await store.orders.load(ORDER)).window_closed_at == NOW

    async def test_increment_ids_may_repeat_across_instances(self, store: Store) -> None:
        here = an_order(order_id=5)
        there = OrderPlacedV1.model_validate(here.model_dump() | {"instance": "b2b", "order_id": 6})
        await store.orders.record_placed(here, STRIPE, None)
        await store.orders.record_placed(there, STRIPE, None)
        await store.orders.record_placed(an_order(order_id=7), STRIPE, None)
        assert await store.orders.find_by_increment_id(here.increment_id) == (there.ref, here.ref)
        assert await store.orders.find_by_increment_id("5") == ()


class TestFacts:
    async def test_intents_come_in_the_order_of_their_creation_and_without_their_secret(self, store: Store) -> None:
        second, first = an_intent(2), an_intent(1, client_secret=SecretStr("pi_1_secret_x"))
        await store.orders.record_facts([linked(second), linked(first), linked(an_intent(3), another(43))])
        record = await store.orders.load(ORDER)
        assert record.intents == (first.model_copy(update={"client_secret": None}), second)

    @pytest.mark.parametrize("number", [0, 1, 3])
    async def test_what_is_kept_is_seen_by_what_is_loaded_with_it(self, store: Store, number: int) -> None:
        facts = [linked(an_intent(nth + 1)) for nth in range(number)]
        seen = await store.orders.record_and_load(ORDER, facts)
        assert seen == await store.orders.load(ORDER)
        assert len(seen.intents) == number

    async def test_a_newer_view_takes_the_place_of_the_older(self, store: Store) -> None:
        for status in ("requires_payment_method", "requires_action", "processing"):
            await store.orders.record_facts([linked(an_intent(status=status))])
        assert [intent.status for intent in (await store.orders.load(ORDER)).intents] == ["processing"]

    @pytest.mark.parametrize("final", ["succeeded", "canceled"])
    async def test_a_final_view_is_never_replaced_by_one_that_is_not(self, store: Store, final: str) -> None:
        await store.orders.record_facts([linked(an_intent(status=final)), linked(an_intent(status="processing"))])
        assert (await store.orders.load(ORDER)).intents == (an_intent(status=final),)

    async def test_what_succeeded_is_not_canceled_by_a_contradiction(self, store: Store) -> None:
        await store.orders.record_facts([linked(an_intent(status="succeeded")), linked(an_intent(status="canceled"))])
        assert (await store.orders.load(ORDER)).intents == (an_intent(status="succeeded"),)

    async def test_the_final_view_that_brings_the_charge_stays(self, store: Store) -> None:
        full = an_intent(status="succeeded")
        for view in (without_charge(full), full, without_charge(full)):
            await store.orders.record_facts([linked(view)])
        assert (await store.orders.load(ORDER)).intents == (full,)

    async def test_a_refund_shows_in_a_later_view_of_the_charge(self, store: Store) -> None:
        full = an_intent(status="succeeded")
        assert full.charge is not None
        refunded = full.model_copy(
            update={"latest_charge": full.charge.model_copy(update={"amount_refunded": full.amount})}
        )
        await store.orders.record_facts([linked(full), linked(refunded)])
        assert (await store.orders.load(ORDER)).intents == (refunded,)

    async def test_an_intent_belongs_to_its_account_and_mode_and_stays_with_its_order(self, store: Store) -> None:
        await store.orders.record_facts([linked(an_intent(1)), linked(an_intent(1), another(43), ELSEWHERE)])
        await store.orders.record_facts([linked(an_intent(1), another(44))])
        assert await store.orders.order_of_intent(STRIPE, "pi_1") == ORDER
        assert await store.orders.order_of_intent(ELSEWHERE, "pi_1") == another(43)
        assert await store.orders.order_of_intent(LIVE, "pi_1") is None
        assert await store.orders.order_of_intent(STRIPE, "PI_1") is None

    async def test_a_session_that_is_over_does_not_open_again_but_may_be_paid_later(self, store: Store) -> None:
        opened, complete = a_session(), a_session(status="complete")
        paid = a_session(status="complete", payment_status="paid", payment_intent="pi_1")
        for view in (opened, complete, opened, paid, complete, opened):
            await store.orders.record_facts([SessionLinked(stripe=STRIPE, order=ORDER, session=view)])
        assert (await store.orders.load(ORDER)).sessions == (paid,)

    async def test_facts_may_be_repeated(self, store: Store) -> None:
        facts: list[Fact] = [
            linked(an_intent(status="succeeded")),
            SessionLinked(stripe=STRIPE, order=ORDER, session=a_session()),
            CustomerLinked(stripe=STRIPE, instance="shop", website_code="base", buyer="order/42", customer=CUSTOMER),
            OrderCanceledObserved(order=ORDER, at=NOW),
        ]
        await store.orders.record_placed(an_order(), STRIPE, HOUR)
        await store.orders.record_facts(facts)
        once = await store.orders.load(ORDER)
        await store.orders.record_facts([*facts, *facts])
        assert await store.orders.load(ORDER) == once
        assert once.customer == CUSTOMER

    async def test_no_facts_are_no_work(self, store: Store) -> None:
        await store.orders.record_facts([])
        assert (await store.orders.load(ORDER)).intents == ()


class TestCustomers:
    @pytest.mark.parametrize(("customer_id", "buyer"), [(7, "customer/7"), (None, "order/42")])
    async def test_the_buyer_is_the_account_or_else_the_order(
        self, store: Store, customer_id: int | None, buyer: str
    ) -> None:
        link = CustomerLinked(stripe=STRIPE, instance="shop", website_code="base", buyer=buyer, customer=CUSTOMER)
        await store.orders.record_facts([link])
        assert (await store.orders.load(ORDER)).customer is None  # whose order it is, is not known yet
        await store.orders.record_placed(an_order(customer_id=customer_id), STRIPE, HOUR)
        assert (await store.orders.load(ORDER)).customer == CUSTOMER

    @pytest.mark.parametrize(
        "link",
        [
            CustomerLinked(LIVE, "shop", "base", "customer/7", CUSTOMER),
            CustomerLinked(ELSEWHERE, "shop", "base", "customer/7", CUSTOMER),
            CustomerLinked(STRIPE, "b2b", "base", "customer/7", CUSTOMER),
            CustomerLinked(STRIPE, "shop", "Base", "customer/7", CUSTOMER),
            CustomerLinked(STRIPE, "shop", "base", "customer/70", CUSTOMER),
            CustomerLinked(STRIPE, "shop", "base", "order/42", CUSTOMER),
        ],
        ids=["mode", "account", "instance", "website", "customer", "guest"],
    )
    async def test_nobody_else_is_taken_for_the_buyer(self, store: Store, link: CustomerLinked) -> None:
        await store.orders.record_facts([link])
        await store.orders.record_placed(an_order(customer_id=7), STRIPE, HOUR)
        assert (await store.orders.load(ORDER)).customer is None

    async def test_the_newest_link_counts(self, store: Store) -> None:
        await store.orders.record_placed(an_order(customer_id=7), STRIPE, HOUR)
        for customer in ("cus_deleted", "cus_new"):
            await store.orders.record_facts(
                [CustomerLinked(STRIPE, "shop", "base", "customer/7", CustomerId(customer))]
            )
        assert (await store.orders.load(ORDER)).customer == "cus_new"

    async def test_one_that_is_gone_is_nobodys_and_the_next_has_a_number(self, store: Store) -> None:
        await store.orders.record_placed(an_order(customer_id=7), STRIPE, HOUR)
        assert (await store.orders.load(ORDER)).customer_number == 1
        await store.orders.record_facts([CustomerLinked(STRIPE, "shop", "base", "customer/7", CUSTOMER)])
        await store.orders.record_facts([CustomerGone(LIVE, CUSTOMER, NOW)])
        record = await store.orders.load(ORDER)
        assert (record.customer, record.customer_number) == (CUSTOMER, 1)
        await store.orders.record_facts([CustomerGone(STRIPE, CUSTOMER, NOW)])
        record = await store.orders.load(ORDER)
        assert (record.customer, record.customer_number) == (None, 2)
        second = CustomerLinked(STRIPE, "shop", "base", "customer/7", CustomerId("cus_2"), number=2)
        first_again = CustomerLinked(STRIPE, "shop", "base", "customer/7", CUSTOMER)
        await store.orders.record_facts([second])
        await store.orders.record_facts([first_again])
        record = await store.orders.load(ORDER)
        assert (record.customer, record.customer_number) == ("cus_2", 2)


def a_customer(updated_at: datetime = NOW, **fields: Any) -> CustomerSavedV1:
    known: dict[str, Any] = {
        "instance": ACCOUNT.instance,
        "store": an_order().store,
        "customer_id": ACCOUNT.customer_id,
        "email": "grace@example.com",
        "firstname": "Grace",
        "lastname": "Hopper",
        "group_id": 1,
        "created_at": NOW - HOUR,
        "updated_at": updated_at,
    }
    return CustomerSavedV1.model_validate(known | fields)


def a_deletion() -> CustomerDeletedV1:
    saved = a_customer()
    return CustomerDeletedV1(
        instance=saved.instance, store=saved.store, customer_id=saved.customer_id, deleted_at=NOW + HOUR
    )


async def lastname(store: Store) -> str | None:
    snapshot = (await store.customers.load(ACCOUNT)).magento
    return snapshot.lastname if snapshot else None


class TestAccounts:
    async def test_of_an_unknown_one_nothing_is_known(self, store: Store) -> None:
        record = await store.customers.load(ACCOUNT)
        assert (record.magento, record.deleted_at, record.links, dict(record.open_effects)) == (None, None, (), {})

    async def test_a_snapshot_is_kept_without_what_only_its_event_says(self, store: Store) -> None:
        saved = a_customer(is_new=True, changed_fields=("email",))
        await store.customers.record_saved(saved)
        record = await store.customers.load(ACCOUNT)
        assert record.magento == CustomerSnapshot.model_validate(saved.model_dump())
        assert (record.store, record.certain) == (saved.store, True)

    async def test_the_newest_snapshot_stays_whatever_the_order(self, store: Store) -> None:
        for seconds, name in ((5, "Second"), (0, "First"), (9, "Third"), (5, "Second")):
            await store.customers.record_saved(a_customer(NOW + timedelta(seconds=seconds), lastname=name))
        assert await lastname(store) == "Third"
        assert (await store.customers.load(ACCOUNT)).certain

    async def test_two_of_one_second_leave_a_doubt_which_reading_ends(self, store: Store) -> None:
        await store.customers.record_saved(a_customer(lastname="One"))
        await store.customers.record_saved(a_customer(lastname="One"))
        assert (await store.customers.load(ACCOUNT)).certain
        await store.customers.record_saved(a_customer(lastname="Other"))
        assert not (await store.customers.load(ACCOUNT)).certain
        await store.customers.record_saved(a_customer(lastname="Other"))
        assert not (await store.customers.load(ACCOUNT)).certain
        await store.customers.record_facts([CustomerRead(a_customer(lastname="One"))])
        assert (await store.customers.load(ACCOUNT)).certain
        assert await lastname(store) == "One"
        await store.customers.record_saved(a_customer(lastname="Other"))
        await store.customers.record_saved(a_customer(NOW + HOUR, lastname="New"))
        assert (await store.customers.load(ACCOUNT)).certain

    async def test_what_was_read_before_a_newer_event_does_not_replace_it(self, store: Store) -> None:
        await store.customers.record_saved(a_customer(NOW + HOUR, lastname="New"))
        await store.customers.record_facts([CustomerRead(a_customer(lastname="Old"))])
        assert await lastname(store) == "New"

    async def test_a_deleted_one_is_forgotten_and_stays_so(self, store: Store) -> None:
        await store.customers.record_saved(a_customer())
        profile = Profile(email="grace@example.com")
        agreed = Agreement(stripe=profile)
        link = CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER, agreed=agreed)
        await store.customers.record_facts([link, CustomerSeen(STRIPE, CUSTOMER, profile, NOW)])
        await store.customers.record_deleted(a_deletion())
        await store.customers.record_saved(a_customer(NOW + 2 * HOUR))
        record = await store.customers.load(ACCOUNT)
        assert (record.magento, record.deleted_at, record.store) == (None, NOW + HOUR, a_customer().store)
        (left,) = record.links
        assert (left.customer, left.agreed, left.seen) == (CUSTOMER, None, None)

    async def test_a_deletion_may_come_first(self, store: Store) -> None:
        await store.customers.record_deleted(a_deletion())
        await store.customers.record_facts([CustomerDeletedObserved(ACCOUNT, NOW + 3 * HOUR)])
        await store.customers.record_saved(a_customer())
        record = await store.customers.load(ACCOUNT)
        assert (record.magento, record.deleted_at, record.store) == (None, NOW + HOUR, a_customer().store)

    async def test_links_are_found_from_both_sides(self, store: Store) -> None:
        links = [
            CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER),
            CustomerLinked(ELSEWHERE, "shop", "base", "customer/42", CustomerId("cus_9")),
            CustomerLinked(STRIPE, "shop", "b2b", "customer/42", CustomerId("cus_8")),
            CustomerLinked(STRIPE, "shop", "base", "order/42", CUSTOMER),
            CustomerLinked(STRIPE, "b2b", "base", "customer/42", CustomerId("cus_7")),
        ]
        await store.customers.record_facts(links)
        found = (await store.customers.load(ACCOUNT)).links
        assert [(link.stripe, link.website_code, link.customer) for link in found] == [
            (STRIPE, "b2b", "cus_8"),
            (STRIPE, "base", "cus_1"),
            (ELSEWHERE, "base", "cus_9"),
        ]
        assert {link.account for link in found} == {ACCOUNT}
        both = await store.customers.links_of(STRIPE, CUSTOMER)
        assert [(link.buyer, link.account) for link in both] == [("customer/42", ACCOUNT), ("order/42", None)]
        assert await store.customers.links_of(LIVE, CUSTOMER) == ()

    async def test_an_agreement_follows_the_one_that_it_knows_of(self, store: Store) -> None:
        await store.customers.record_facts([CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER)])
        for revision, name in ((0, "first"), (0, "late"), (1, "second"), (3, "early")):
            agreed = Agreement(magento=Profile(name=name), stripe=Profile(name=name))
            await store.customers.record_facts([CustomerAgreed(STRIPE, ACCOUNT, CUSTOMER, revision, agreed)])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert link.revision == 2
        assert link.agreed is not None
        assert link.agreed.stripe.name == "second"

    async def test_linking_again_keeps_the_agreements_and_a_new_customer_has_none(self, store: Store) -> None:
        agreed = Agreement(magento=Profile(name="x"), stripe=Profile(name="x"))
        first = CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER)
        await store.customers.record_facts([first, CustomerAgreed(STRIPE, ACCOUNT, CUSTOMER, 0, agreed)])
        await store.customers.record_facts([CustomerSeen(STRIPE, CUSTOMER, Profile(name="x"), NOW)])
        await store.customers.record_facts([first])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert (link.agreed, link.revision, link.seen_at) == (agreed, 1, NOW)
        await store.customers.record_facts([CustomerGone(STRIPE, CUSTOMER, NOW)])
        second = CustomerLinked(STRIPE, "shop", "base", "customer/42", CustomerId("cus_2"), number=2)
        await store.customers.record_facts([second])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert (link.customer, link.number, link.gone_at) == ("cus_2", 2, None)
        assert (link.agreed, link.revision, link.seen, link.seen_at) == (None, 0, None, None)

    async def test_what_stripe_said_last_stays(self, store: Store) -> None:
        await store.customers.record_facts([CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER)])
        for seconds, name in ((1, "old"), (3, "new"), (2, "older"), (3, "new too")):
            seen = CustomerSeen(STRIPE, CUSTOMER, Profile(name=name), NOW + timedelta(seconds=seconds))
            await store.customers.record_facts([seen])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert (link.seen, link.seen_at) == (Profile(name="new too"), NOW + timedelta(seconds=3))
        await store.customers.record_facts([CustomerSeen(STRIPE, CUSTOMER, None, NOW + HOUR)])
        assert (await store.customers.load(ACCOUNT)).links[0].seen is None

    @pytest.mark.parametrize("unknown", [True, False])
    async def test_nothing_is_agreed_with_one_that_never_was(self, store: Store, unknown: bool) -> None:  # noqa: FBT001
        agreed = Agreement(stripe=Profile(name="agreed"))
        await store.customers.record_facts(
            [CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER, agreed=agreed)]
        )
        await store.customers.record_facts([CustomerGone(STRIPE, CUSTOMER, NOW, unknown=unknown)])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert (link.gone_at, link.agreed) == (NOW, None if unknown else agreed)

    async def test_what_was_agreed_is_newer_than_what_stripe_said_before(self, store: Store) -> None:
        await store.customers.record_facts([CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER)])
        agreed = Agreement(stripe=Profile(name="agreed"))
        await store.customers.record_facts([CustomerAgreed(STRIPE, ACCOUNT, CUSTOMER, 0, agreed)])
        assert (await store.customers.load(ACCOUNT)).links[0].seen is None
        await store.customers.record_facts([CustomerSeen(STRIPE, CUSTOMER, Profile(name="said"), NOW)])
        await store.customers.record_facts([CustomerAgreed(STRIPE, ACCOUNT, CUSTOMER, 1, agreed)])
        assert (await store.customers.load(ACCOUNT)).links[0].seen == Profile(name="agreed")

    async def test_what_was_agreed_in_part_leaves_what_stripe_said(self, store: Store) -> None:
        await store.customers.record_facts([CustomerLinked(STRIPE, "shop", "base", "customer/42", CUSTOMER)])
        await store.customers.record_facts([CustomerSeen(STRIPE, CUSTOMER, Profile(name="said"), NOW)])
        agreed = Agreement(stripe=Profile(name="agreed"))
        await store.customers.record_facts([CustomerAgreed(STRIPE, ACCOUNT, CUSTOMER, 0, agreed, is_partial=True)])
        (link,) = (await store.customers.load(ACCOUNT)).links
        assert (link.seen, link.agreed, link.revision) == (Profile(name="said"), agreed, 1)

    async def test_only_what_is_open_is_loaded_of_its_effects(self, store: Store) -> None:
        for key in ("done", "open"):
            await store.ledger.begin(EffectToBegin(key, "X", ACCOUNT, "{}"), NOW)
        await store.ledger.begin(EffectToBegin("the order's", "X", ORDER, "{}"), NOW)
        await store.ledger.close("done", "1", [], [], NOW)
        assert dict((await store.customers.load(ACCOUNT)).open_effects) == {"open": "pending"}


_FINALS = st.sampled_from([an_intent(status="succeeded"), an_intent(status="canceled")])
_OPEN = st.sampled_from(
    ["requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture"]
).map(lambda status: an_intent(status=status))
_fresh_order = count(1000)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(final=_FINALS, views=st.lists(_OPEN, max_size=6), data=st.data())
async def test_views_in_any_order_end_in_the_final_one(
    store: Store, final: PaymentIntent, views: list[PaymentIntent], data: st.DataObject
) -> None:
    order = another(next(_fresh_order))  # the store is the same for all examples
    mine = {"id": f"pi_{order.order_id}"}
    told = data.draw(st.permutations([*views, final, without_charge(final)]))
    for view in told:
        await store.orders.record_facts([linked(view.model_copy(update=mine), order)])
    assert (await store.orders.load(order)).intents == (final.model_copy(update=mine),)


class TestWindows:
    async def test_due_are_those_whose_time_is_over_the_longest_first(self, store: Store) -> None:
        for order_id, window in ((1, 3 * HOUR), (2, HOUR), (3, 2 * HOUR), (4, None)):
            await store.orders.record_placed(an_order(order_id=order_id), STRIPE, window)
        orders = store.orders
        assert await orders.due_windows(PLACED_AT + HOUR - timedelta(microseconds=1), 10) == ()
        assert await orders.due_windows(PLACED_AT + HOUR, 10) == (another(2),)
        assert await orders.due_windows(PLACED_AT + 9 * HOUR, 10) == (another(2), another(3), another(1))
        assert await orders.due_windows(PLACED_AT + 9 * HOUR, 2) == (another(2), another(3))

    @pytest.mark.parametrize("when", ["before it was placed", "afterwards"])
    @pytest.mark.parametrize("how", ["closed", "settled"])
    async def test_closed_and_settled_ones_are_not_due(self, store: Store, how: str, when: str) -> None:
        if when == "afterwards":
            await store.orders.record_placed(an_order(), STRIPE, HOUR)
        if how == "closed":
            await store.orders.record_window_closed(ORDER, NOW)
        else:
            await store.orders.settle_window(ORDER)
        if when == "before it was placed":
            await store.orders.record_placed(an_order(), STRIPE, HOUR)
        await store.orders.record_placed(an_order(order_id=43), STRIPE, HOUR)
        assert await store.orders.due_windows(PLACED_AT + HOUR, 10) == (another(43),)


class TestLedger:
    async def test_an_effect_is_written_down_once_and_repeated_as_it_was(self, store: Store) -> None:
        first = await store.ledger.begin(EffectToBegin("k/1", "CreateCustomer", ORDER, '{"a": 1}'), NOW)
        again = await store.ledger.begin(EffectToBegin("k/1", "CreateCustomer", ORDER, '{"a": 2}'), NOW + HOUR)
        assert (first.fresh, first.state, first.attempts, first.params) == (True, "pending", 1, '{"a": 1}')
        assert (again.fresh, again.state, again.attempts, again.params) == (False, "pending", 2, '{"a": 1}')
        assert first.started_at == again.started_at == NOW
        assert again.kind == "CreateCustomer"

    async def test_keys_are_told_apart_to_the_letter(self, store: Store) -> None:
        assert (await store.ledger.begin(EffectToBegin("k/a", "X", ORDER, "{}"), NOW)).fresh
        assert (await store.ledger.begin(EffectToBegin("k/A", "X", ORDER, "{}"), NOW)).fresh

    async def test_a_hundred_at_once_write_it_down_once(self, store: Store) -> None:
        entries = await asyncio.gather(
            *(store.ledger.begin(EffectToBegin("k", "X", ORDER, str(n)), NOW) for n in range(100))
        )
        assert [entry.fresh for entry in entries].count(True) == 1
        assert len({entry.params for entry in entries}) == 1
        assert (await store.ledger.begin(EffectToBegin("k", "X", ORDER, ""), NOW)).attempts == 101

    async def test_unknown_stays_unknown_until_it_is_done(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.mark_unknown("k", "timeout")
        await store.ledger.note_error("k", "rate_limit")
        assert (await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)).state == "unknown"
        await store.ledger.close("k", "{}", [], [], NOW)
        await store.ledger.mark_unknown("k", "a late timeout")
        done = await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        assert (done.state, done.result) == ("done", "{}")
        assert dict((await store.orders.load(ORDER)).effects) == {"k": "done"}

    async def test_an_error_leaves_it_pending(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.note_error("k", "é" * 5000)
        assert (await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)).state == "pending"

    async def test_a_done_effect_counts_no_more_attempts(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.close("k", "{}", [], [], NOW)
        for _ in range(2):
            assert (await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)).attempts == 1

    async def test_what_was_refused_can_be_written_down_afresh(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "wrong"), NOW)
        await store.ledger.withdraw("k")
        assert dict((await store.orders.load(ORDER)).effects) == {}
        entry = await store.ledger.begin(EffectToBegin("k", "X", ORDER, "right"), NOW + HOUR)
        assert (entry.fresh, entry.params, entry.attempts) == (True, "right", 1)

    async def test_what_somebody_else_attempts_too_is_not_withdrawn(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW + HOUR)
        await store.ledger.withdraw("k", attempts=1)
        entry = await store.ledger.read("k")
        assert entry is not None
        assert (entry.attempts, entry.started_at) == (2, NOW)
        await store.ledger.withdraw("k", attempts=2)
        assert await store.ledger.read("k") is None

    async def test_what_is_done_cannot_be_withdrawn(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.close("k", '"done"', [], [], NOW)
        await store.ledger.withdraw("k")
        assert dict((await store.orders.load(ORDER)).results) == {"k": '"done"'}

    async def test_what_proved_not_to_be_done_is_forgotten_and_nothing_else(self, store: Store) -> None:
        for key, kind, subject in (("a", "X", ORDER), ("b", "Y", ORDER), ("c", "X", ACCOUNT), ("d", "X", ORDER)):
            await store.ledger.begin(EffectToBegin(key, kind, subject, "{}"), NOW)
            if key != "d":
                await store.ledger.close(key, '"done"', [], [], NOW)
        await store.ledger.forget(ORDER, frozenset({"X"}))
        await store.ledger.forget(ORDER, frozenset())
        left = [key for key in "abcd" if await store.ledger.read(key) is not None]
        assert left == ["b", "c", "d"]  # an open one is not forgotten: its outcome has to be found out
        assert (await store.ledger.begin(EffectToBegin("a", "X", ORDER, "{}"), NOW)).fresh

    async def test_a_customers_effects_are_not_those_of_an_order_of_the_same_number(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("order's", "X", ORDER, "{}"), NOW)
        await store.ledger.begin(EffectToBegin("customer's", "X", ACCOUNT, '{"a": 1}'), NOW)
        assert dict((await store.orders.load(ORDER)).effects) == {"order's": "pending"}
        entry = await store.ledger.begin(EffectToBegin("customer's", "X", ORDER, '{"a": 2}'), NOW)
        assert (entry.fresh, entry.params) == (False, '{"a": 1}')
        assert dict((await store.orders.load(ORDER)).effects) == {"order's": "pending"}

    async def test_closing_keeps_the_result_the_facts_and_the_line(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.begin(EffectToBegin("other", "X", another(43), "{}"), NOW)
        facts: list[Fact] = [linked(an_intent()), SessionLinked(stripe=STRIPE, order=ORDER, session=a_session())]
        await store.ledger.close("k", '{"id": "pi_1"}', facts, [a_line("created")], NOW)
        record = await store.orders.load(ORDER)
        assert dict(record.effects) == {"k": "done"}
        assert dict(record.results) == {"k": '{"id": "pi_1"}'}
        assert (record.intents, record.sessions) == ((an_intent(),), (a_session(),))
        assert [line.summary for line in await store.timeline.read(ORDER)] == ["created"]

    async def test_closing_twice_keeps_the_first_result_and_one_line(self, store: Store) -> None:
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        await store.ledger.close("k", "1", [linked(an_intent(status="processing"))], [a_line("one")], NOW)
        await store.ledger.close("k", "2", [linked(an_intent(status="succeeded"))], [a_line("two")], NOW + HOUR)
        record = await store.orders.load(ORDER)
        assert dict(record.results) == {"k": "1"}
        assert [intent.status for intent in record.intents] == ["succeeded"]
        assert [line.summary for line in await store.timeline.read(ORDER)] == ["one"]

    async def test_what_follows_is_begun_with_the_closing(self, store: Store) -> None:
        following = EffectToBegin("next", "Y", ORDER, '{"n":1}')
        await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
        fresh = await store.ledger.close("k", "1", [], [a_line("one")], NOW, following=following)
        assert fresh is not None
        assert (fresh.key, fresh.kind, fresh.params, fresh.fresh, fresh.attempts) == ("next", "Y", '{"n":1}', True, 1)
        again = await store.ledger.close("k", "1", [], [a_line("one")], NOW + HOUR, following=following)
        assert again is not None
        assert (again.state, again.fresh, again.attempts, again.started_at) == ("pending", False, 2, NOW)
        assert (await store.orders.load(ORDER)).effects == {"k": "done", "next": "pending"}
        await store.ledger.close("next", "2", [], [], NOW)
        done = await store.ledger.close("k", "1", [], [], NOW, following=following)
        assert done is not None
        assert (done.state, done.result, done.attempts) == ("done", "2", 2)

    async def test_what_follows_something_never_begun_is_not_begun(self, store: Store) -> None:
        with pytest.raises(LookupError, match="never-begun"):
            await store.ledger.close(
                "never-begun", "{}", [], [], NOW, following=EffectToBegin("next", "Y", ORDER, "{}")
            )
        assert await store.ledger.read("next") is None

    async def test_closing_what_was_never_begun_is_refused_and_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(LookupError, match="never-begun"):
            await store.ledger.close("never-begun", "{}", [linked(an_intent())], [a_line("x")], NOW)
        assert (await store.orders.load(ORDER)).intents == ()
        assert await store.timeline.read(ORDER) == ()


class TestInbox:
    async def test_an_event_is_done_for_one_consumer_and_source(self, store: Store) -> None:
        assert not await store.inbox.is_done("orders", "magento/shop", "evt_1")
        for _ in range(2):
            await store.inbox.mark_done("orders", "magento/shop", "evt_1", NOW)
        assert await store.inbox.is_done("orders", "magento/shop", "evt_1")
        assert not await store.inbox.is_done("customers", "magento/shop", "evt_1")
        assert not await store.inbox.is_done("orders", "magento/b2b", "evt_1")
        assert not await store.inbox.is_done("orders", "magento/shop", "EVT_1")

    async def test_missing_are_those_not_done(self, store: Store) -> None:
        events = [f"evt_{n}" for n in range(1100)]
        done = [events[0], events[499], events[500], events[1099]]
        for event in done:
            await store.inbox.mark_done("stripe-events", "stripe", event, NOW)
        assert await store.inbox.missing("stripe-events", "stripe", events) == frozenset(events) - frozenset(done)
        assert await store.inbox.missing("stripe-events", "stripe", []) == frozenset()


class TestTimeline:
    async def test_lines_come_oldest_first_and_whole(self, store: Store) -> None:
        whole = TimelineEntry(
            subject=ORDER,
            at=NOW,
            source="stripe-events",
            kind="message.parked",
            summary="100 % “naïve” 💶",
            detail={"intent": "pi_1", "größe": "ß"},
            trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        )
        await store.timeline.append([whole, a_line("earlier", NOW - HOUR)])
        await store.timeline.append([a_line("same instant"), a_line("not ours", subject=another(43))])
        await store.timeline.append([])
        lines = await store.timeline.read(ORDER)
        assert [line.summary for line in lines] == ["earlier", whole.summary, "same instant"]
        assert lines[1] == whole

    async def test_an_order_and_a_customer_of_the_same_number_have_stories_of_their_own(self, store: Store) -> None:
        other = CustomerRef(instance=Instance("b2b"), customer_id=ACCOUNT.customer_id)
        for subject in (ORDER, ACCOUNT, other):
            await store.timeline.append([a_line(str(subject), subject=subject)])
        for subject in (ORDER, ACCOUNT, other):
            assert await store.timeline.read(subject) == (a_line(str(subject), subject=subject),)

    async def test_of_a_long_story_the_end_is_read(self, store: Store) -> None:
        await store.timeline.append([a_line(str(n), NOW + n * HOUR) for n in range(9)])
        assert [line.summary for line in await store.timeline.read(ORDER, limit=2)] == ["7", "8"]

    async def test_no_time_is_too_far_away(self, store: Store) -> None:
        far = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
        await store.timeline.append([a_line("far", far)])
        assert (await store.timeline.read(ORDER))[0].at == far


class TestCursors:
    async def test_a_cursor_moves(self, store: Store) -> None:
        assert await store.cursors.get("events/main/test") is None
        for value in ("evt_1", "evt_2", "evt_2"):
            await store.cursors.set("events/main/test", value)
        await store.cursors.set("events/main/live", "evt_9")
        assert await store.cursors.get("events/main/test") == "evt_2"


class TestLocks:
    async def test_only_one_of_twenty_holds_an_order(self, store: Store) -> None:
        holders, most = 0, 0

        async def work() -> None:
            nonlocal holders, most
            async with store.locks.hold(ORDER, PATIENT):
                holders += 1
                most = max(most, holders)
                await store.orders.load(ORDER)  # let the others have a go
                holders -= 1

        await asyncio.gather(*(work() for _ in range(20)))
        assert (most, holders) == (1, 0)

    async def test_who_waits_too_long_is_told_so(self, store: Store) -> None:
        async with store.locks.hold(ORDER, PATIENT):
            with pytest.raises(TransientError) as failure:
                async with store.locks.hold(ORDER, timedelta(milliseconds=50)):
                    pytest.fail("two hold the same order")
        assert (failure.value.upstream, failure.value.code) == ("store", "order_locked")

    async def test_other_orders_do_not_wait(self, store: Store) -> None:
        async with store.locks.hold(ORDER, PATIENT), store.locks.hold(another(43), timedelta(milliseconds=50)):
            pass
        async with store.locks.hold(ORDER, PATIENT), store.locks.hold(another(42, "b2b"), timedelta(seconds=1)):
            pass

    async def test_a_customer_does_not_wait_for_the_order_of_the_same_number(self, store: Store) -> None:
        async with store.locks.hold(ORDER, PATIENT), store.locks.hold(ACCOUNT, timedelta(seconds=1)):
            with pytest.raises(TransientError) as failure:
                async with store.locks.hold(ACCOUNT, timedelta(milliseconds=50)):
                    pytest.fail("two hold the same customer")
        assert failure.value.code == "customer_locked"

    async def test_a_failure_lets_go(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            async with store.locks.hold(ORDER, PATIENT):
                raise ZeroDivisionError
        async with store.locks.hold(ORDER, timedelta(seconds=1)):
            pass

    async def test_a_cancelled_holder_lets_go(self, store: Store) -> None:
        held = asyncio.Event()

        async def hold() -> None:
            async with store.locks.hold(ORDER, PATIENT):
                held.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(hold())
        await held.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with store.locks.hold(ORDER, timedelta(seconds=5)):
            pass

    async def test_a_cancelled_waiter_is_forgotten(self, store: Store) -> None:
        async def wait() -> None:
            async with store.locks.hold(ORDER, PATIENT):
                pytest.fail("it was cancelled before its turn")

        async with store.locks.hold(ORDER, PATIENT):
            task = asyncio.create_task(wait())
            await store.orders.load(ORDER)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with store.locks.hold(ORDER, timedelta(seconds=5)):
            pass

    async def test_one_is_exclusive_and_after_it_another(self, store: Store) -> None:
        for _ in range(2):
            async with (
                store.locks.exclusive("catch-up") as first,
                store.locks.exclusive("catch-up") as second,
                store.locks.exclusive("windows") as other,
            ):
                assert (first, second, other) == (True, False, True)


class TestReplicas:
    async def test_those_who_beat_are_counted_until_their_time_is_over(self, store: Store) -> None:
        ttl = timedelta(seconds=30)
        replicas = store.replicas
        assert await replicas.beat("stripe/main/test", "a", NOW, ttl) == 1
        assert await replicas.beat("stripe/main/test", "b", NOW + ttl / 2, ttl) == 2
        assert await replicas.beat("stripe/main/live", "c", NOW, ttl) == 1
        assert await replicas.beat("stripe/main/test", "b", NOW + ttl, ttl) == 1
        assert await replicas.beat("stripe/main/test", "a", NOW + ttl, ttl) == 2
        assert await replicas.living(NOW + ttl) == {"stripe/main/test": ("a", "b")}
        assert await replicas.living(NOW) == {"stripe/main/test": ("a", "b"), "stripe/main/live": ("c",)}
        await replicas.leave("stripe/main/test", "a")
        await replicas.leave("stripe/main/test", "a")
        assert await replicas.beat("stripe/main/test", "b", NOW + ttl, ttl) == 1
