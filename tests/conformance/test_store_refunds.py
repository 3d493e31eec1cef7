"""What every store has to do with credit memos and refunds, asked of the one in SQL and of the one in memory."""

from collections.abc import AsyncIterator
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.ids import AccountAlias, Instance, MagentoCreditmemoId, MagentoOrderId, OrderRef, RefundId, StripeRef
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.stripe.refund import Refund
from sidecar.adapters.store_sql import migrate, open_store
from sidecar.ports.facts import CreditmemoRefused, RefundDismissed, RefundLinked, RefundObserved
from sidecar.ports.records import KnownRefund
from sidecar.ports.store import Store
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.consumers.refund_builders import a_creditmemo, a_refund
from tests.fakes.store import MemoryStore

LIVE = StripeRef(account=STRIPE.account, mode="live")
ELSEWHERE = StripeRef(account=AccountAlias("other"), mode="test")
OTHER_ORDER = OrderRef(instance=Instance("shop"), order_id=MagentoOrderId(43))
RE_1, MEMO = RefundId("re_1"), MagentoCreditmemoId(8)


@pytest.fixture
def memory() -> Store:
    return MemoryStore()


@pytest.fixture
async def sql(database_url: str) -> AsyncIterator[Store]:
    await migrate(database_url)
    async with open_store(database_url, connections=4, lock_connections=4) as opened:
        yield opened


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> Store:
    asked: Store = request.getfixturevalue(request.param)
    return asked


def seen(refund: Refund, order: OrderRef = ORDER, stripe: StripeRef = STRIPE) -> RefundObserved:
    return RefundObserved(stripe, order, refund)


async def test_a_memo_comes_back_as_it_was_and_the_first_one_wins(store: Store) -> None:
    memo = a_creditmemo(8, order=an_order(), items=((1, "0.5"),), comment="Entschuldigung, größer ging's nicht 💶")
    await store.orders.record_creditmemo(memo)
    await store.orders.record_creditmemo(memo.model_copy(update={"comment": "another"}))
    (known,) = (await store.orders.load(ORDER)).creditmemos
    assert (known.memo, known.refused) == (memo, None)


async def test_memos_come_by_their_ids_and_stay_with_their_order_and_instance(store: Store) -> None:
    for number in (10, 9, 100):
        await store.orders.record_creditmemo(a_creditmemo(number, order=an_order()))
    await store.orders.record_creditmemo(a_creditmemo(11, order=an_order(order_id=43)))
    elsewhere = CreditmemoCreatedV1.model_validate(a_creditmemo(9, order=an_order()).model_dump() | {"instance": "b2b"})
    await store.orders.record_creditmemo(elsewhere)
    assert [known.memo.creditmemo_id for known in (await store.orders.load(ORDER)).creditmemos] == [9, 10, 100]
    assert len((await store.orders.load(elsewhere.order)).creditmemos) == 1


async def test_a_refusal_stays_with_its_first_reason(store: Store) -> None:
    await store.orders.record_creditmemo(a_creditmemo(8, order=an_order()))
    await store.orders.record_creditmemo(a_creditmemo(9, order=an_order()))
    for code in ("charge_disputed", "charge_already_refunded"):
        await store.orders.record_facts([CreditmemoRefused(ORDER, MEMO, code)])
    assert [known.refused for known in (await store.orders.load(ORDER)).creditmemos] == ["charge_disputed", None]


async def test_refunds_come_in_the_order_of_their_creation(store: Store) -> None:
    await store.orders.record_facts([seen(a_refund(3)), seen(a_refund(1)), seen(a_refund(2), OTHER_ORDER)])
    assert (await store.orders.load(ORDER)).refunds == (KnownRefund(a_refund(1)), KnownRefund(a_refund(3)))


@pytest.mark.parametrize("told", list(permutations(["pending", "succeeded", "failed"])), ids=",".join)
async def test_a_refund_never_goes_back(store: Store, told: tuple[str, ...]) -> None:
    for status in told:
        await store.orders.record_facts([seen(a_refund(status=status))])
    (known,) = (await store.orders.load(ORDER)).refunds
    assert known.refund.status == "failed"


async def test_what_is_canceled_does_not_fail_besides(store: Store) -> None:
    await store.orders.record_facts([seen(a_refund(status="canceled")), seen(a_refund(status="failed"))])
    assert (await store.orders.load(ORDER)).refunds[0].refund.status == "canceled"


async def test_a_refund_that_waits_may_wait_for_something_else_and_change_its_metadata(store: Store) -> None:
    marked = a_refund(status="pending", metadata={"magento_creditmemo_id": "8"})
    for view in (a_refund(status="pending"), a_refund(status="requires_action"), marked):
        await store.orders.record_facts([seen(view)])
    assert (await store.orders.load(ORDER)).refunds == (KnownRefund(marked),)


async def test_a_refund_belongs_to_its_account_and_mode_and_stays_with_its_order(store: Store) -> None:
    await store.orders.record_facts([seen(a_refund()), seen(a_refund(), OTHER_ORDER, LIVE)])
    await store.orders.record_facts([seen(a_refund(status="failed"), OTHER_ORDER)])
    assert [known.refund.status for known in (await store.orders.load(ORDER)).refunds] == ["failed"]
    assert [known.refund.status for known in (await store.orders.load(OTHER_ORDER)).refunds] == ["succeeded"]


async def test_a_refund_has_one_memo_for_ever(store: Store) -> None:
    for memo in (8, 9):
        await store.orders.record_facts([RefundLinked(STRIPE, ORDER, RE_1, MagentoCreditmemoId(memo))])
    assert (await store.orders.load(ORDER)).refund_links == {RE_1: 8}


async def test_a_memo_may_have_several_refunds_and_another_account_its_own(store: Store) -> None:
    facts = [RefundLinked(STRIPE, ORDER, RefundId(f"re_{number}"), MEMO) for number in (1, 2)]
    await store.orders.record_facts([*facts, RefundLinked(ELSEWHERE, OTHER_ORDER, RE_1, MagentoCreditmemoId(9))])
    assert (await store.orders.load(ORDER)).refund_links == {RE_1: 8, "re_2": 8}
    assert (await store.orders.load(OTHER_ORDER)).refund_links == {RE_1: 9}


async def test_a_refund_is_dismissed_for_its_first_reason_once_it_was_seen(store: Store) -> None:
    await store.orders.record_facts([RefundDismissed(STRIPE, RE_1, "too early")])
    assert (await store.orders.load(ORDER)).refunds == ()
    await store.orders.record_facts([seen(a_refund())])
    for reason in ("not_refundable", "paid_twice"):
        await store.orders.record_facts([RefundDismissed(STRIPE, RE_1, reason)])
    await store.orders.record_facts([seen(a_refund(status="failed"))])
    (known,) = (await store.orders.load(ORDER)).refunds
    assert (known.refund.status, known.dismissed) == ("failed", "not_refundable")


async def test_links_and_views_are_told_in_any_order_and_any_number_of_times(store: Store) -> None:
    facts: list[Any] = [
        seen(a_refund()),
        RefundLinked(STRIPE, ORDER, RE_1, MEMO),
        RefundDismissed(STRIPE, RE_1, "held"),
        CreditmemoRefused(ORDER, MEMO, "charge_disputed"),
    ]
    await store.orders.record_creditmemo(a_creditmemo(8, order=an_order()))
    await store.orders.record_facts(facts)
    once = await store.orders.load(ORDER)
    await store.orders.record_facts([*reversed(facts), *facts])
    assert await store.orders.load(ORDER) == once


_fresh = count(1000)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(views=st.lists(st.sampled_from(["pending", "requires_action", "succeeded", "failed"]), min_size=1, max_size=6))
async def test_views_in_any_order_end_in_the_furthest(store: Store, views: list[str]) -> None:
    order = OrderRef(instance=Instance("shop"), order_id=MagentoOrderId(next(_fresh)))
    for status in views:
        await store.orders.record_facts([seen(a_refund(order.order_id, status=status), order)])
    (known,) = (await store.orders.load(order)).refunds
    assert known.refund.reached == max(a_refund(status=status).reached for status in views)
