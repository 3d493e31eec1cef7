"""What each invariant finds, and that an order that stands as it should breaks none."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import sidecar.invariants
from schemas.ids import MagentoCreditmemoId, RefundId
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.invariants.catalog import drifts_of, invariants
from sidecar.invariants.view import OrderView
from sidecar.policy import StorePolicy
from sidecar.ports.magento import MagentoOrder
from sidecar.ports.magento_books import BookedMemo, MemoState
from sidecar.ports.records import KnownCreditmemo, KnownRefund, OrderRecord
from tests.consumers.builders import ORDER, STRIPE, an_intent, an_order
from tests.consumers.refund_builders import a_creditmemo

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TOTAL = Decimal("87.48")


def in_magento(state: str = "pending_payment", **fields: Any) -> MagentoOrder:
    known: dict[str, Any] = {
        "order_id": ORDER.order_id,
        "increment_id": "000000042",
        "store_id": 1,
        "state": state,
        "status": state,
        "currency": "USD",
        "grand_total": TOTAL,
        "total_paid": Decimal(0),
        "total_refunded": Decimal(0),
        "payment_method": "sidecar_stripe",
        "updated_at": NOW,
    }
    return MagentoOrder(**known | fields)


def a_refund(intent: PaymentIntent, amount: int = 8748, status: str = "succeeded", **fields: Any) -> Refund:
    return Refund(
        id=RefundId("re_1"),
        status=status,
        amount=amount,
        currency="usd",
        created=1_795_000_100,
        payment_intent=intent.id,
        **fields,
    )


def a_memo(total: str = "10.00", state: MemoState = "refunded", number: int = 7) -> BookedMemo:
    return BookedMemo(
        creditmemo_id=MagentoCreditmemoId(number),
        order_id=ORDER.order_id,
        state=state,
        currency="USD",
        grand_total=Decimal(total),
        transaction_id=None,
        updated_at=NOW,
    )


def with_memo(
    memo: BookedMemo | None, *refunds: Refund, heard: bool = True, linked: bool = True, offline: bool = False
) -> OrderView:
    """A paid order with a credit memo and refunds."""
    view = a_view(PROCESSING, PAID, memos=(memo,) if memo else (), refunds=refunds)
    told = a_creditmemo(memo.creditmemo_id, str(memo.grand_total), order=an_order(), offline=offline) if memo else None
    record = replace(
        view.record,
        creditmemos=(KnownCreditmemo(told),) if told and heard else (),
        refunds=tuple(KnownRefund(refund) for refund in refunds),
        refund_links={refund.id: MagentoCreditmemoId(7) for refund in refunds} if linked else {},
    )
    return replace(view, record=record)


def a_view(
    magento: MagentoOrder | None,
    *intents: PaymentIntent,
    linked: bool = True,
    placed: bool = True,
    canceled: bool | None = None,
    **fields: Any,
) -> OrderView:
    told = magento is not None and magento.state == "canceled" if canceled is None else canceled
    record = OrderRecord(
        order=ORDER,
        placed=an_order() if placed else None,
        stripe=STRIPE if placed else None,
        canceled_at=NOW if told else None,
        window_closed_at=None,
        customer=None,
        customer_number=1,
        intents=intents if linked else (),
        sessions=(),
        effects=fields.pop("effects", {}),
        results={},
    )
    known: dict[str, Any] = {
        "order": ORDER,
        "magento": magento,
        "memos": (),
        "intents": intents,
        "accounts": {intent.id: STRIPE for intent in intents},
        "refunds": (),
        "record": record,
        "policy": StorePolicy(stripe=STRIPE),
    }
    return OrderView(**known | fields)


PAID = an_intent(1, "succeeded")
WAITING = an_intent(1)
RESERVED = an_intent(1, "requires_capture")
PROCESSING = in_magento("processing", total_paid=TOTAL)

GIVEN_BACK = {"sidecar_key": "stripe:main/test:refund:pi_2"}
TEN = a_refund(PAID, 1000)

HEALTHY = {
    "a memo and its refund": with_memo(a_memo(), TEN),
    "a memo whose refund is on its way": with_memo(a_memo(state="open"), a_refund(PAID, 1000, "pending")),
    "a memo whose refund failed": with_memo(a_memo(state="open"), a_refund(PAID, 1000, "failed")),
    "an offline memo": with_memo(a_memo(), offline=True),
    "waits for the shopper": a_view(in_magento(), WAITING),
    "paid": a_view(PROCESSING, PAID),
    "reserved": a_view(in_magento("processing"), RESERVED),
    "cancelled, its intent too": a_view(in_magento("canceled"), an_intent(1, "canceled")),
    "cancelled, its money given back": a_view(in_magento("canceled"), PAID, refunds=(a_refund(PAID),)),
    "cancelled, its money on the way back": a_view(
        in_magento("canceled"), PAID, refunds=(a_refund(PAID, status="pending"),)
    ),
    "paid twice, one of them given back": a_view(
        PROCESSING, PAID, an_intent(2, "succeeded"), refunds=(a_refund(an_intent(2, "succeeded"), metadata=GIVEN_BACK),)
    ),
    "paid by something else": a_view(
        in_magento("processing", total_paid=TOTAL, payment_method="checkmo"), placed=False
    ),
    "held with its payment": a_view(in_magento("holded", total_paid=TOTAL), PAID),
    "kept by policy": a_view(
        in_magento("canceled", total_paid=TOTAL),
        PAID,
        policy=StorePolicy(stripe=STRIPE, on_cancel_of_paid_order="keep"),
    ),
}

BROKEN = {
    "money_that_came_is_on_the_books": a_view(in_magento(), PAID),
    "money_on_the_books_came": a_view(PROCESSING, WAITING),
    "reserved_money_is_on_the_books": a_view(in_magento(), RESERVED),
    "cancelled_order_keeps_no_money": a_view(in_magento("canceled"), PAID),
    "cancelled_order_cannot_be_paid": a_view(in_magento("canceled"), WAITING),
    "order_is_paid_once": a_view(PROCESSING, PAID, an_intent(2, "succeeded")),
    "every_order_is_known": a_view(in_magento(), placed=False),
    "every_payment_has_its_order": a_view(None, PAID),
    "every_refund_has_its_credit_memo": with_memo(None, TEN, linked=False),
    "every_credit_memo_has_its_refund": with_memo(a_memo()),
    "credit_memo_shows_its_refund": with_memo(a_memo(state="open"), TEN),
    "nothing_is_left_open": a_view(PROCESSING, PAID, effects={"k": "unknown"}),
}


@pytest.mark.parametrize("view", HEALTHY.values(), ids=HEALTHY)
def test_an_order_that_stands_as_it_should_breaks_nothing(view: OrderView) -> None:
    assert drifts_of(view) == []


@pytest.mark.parametrize(("name", "view"), BROKEN.items(), ids=BROKEN)
def test_what_is_wrong_is_found_by_its_invariant(name: str, view: OrderView) -> None:
    assert name in {drift.invariant for drift in drifts_of(view)}


def test_every_invariant_is_broken_by_an_example() -> None:
    files = {path.stem for path in Path(sidecar.invariants.__file__).parent.glob("*.py")}
    assert set(invariants()) == files - {"__init__", "view", "drift", "catalog"}
    assert set(invariants()) == set(BROKEN)


def test_another_amount_is_a_persons_to_mend_and_a_lost_capture_is_not() -> None:
    less = an_intent(1, "succeeded", amount=8700, amount_received=8700)
    remedies = {
        drift.finding.remedy for view in (a_view(PROCESSING, less), a_view(None, PAID)) for drift in drifts_of(view)
    }
    assert remedies == {"person"}
    (drift,) = drifts_of(a_view(in_magento(), PAID))
    assert (drift.finding.remedy, "RecordCapture" in drift.finding.disproved) == ("settle", True)


def test_a_memo_that_never_came_is_asked_for_and_one_that_gave_too_much_is_a_persons() -> None:
    remedies = [
        [drift.finding.remedy for drift in drifts_of(view)]
        for view in (
            with_memo(a_memo(), TEN, heard=False),
            with_memo(a_memo()),
            with_memo(a_memo(), a_refund(PAID, 1001)),
        )
    ]
    assert remedies == [["republish"], ["settle"], ["person"]]


def test_a_cancellation_that_nobody_was_told_of() -> None:
    found = drifts_of(a_view(in_magento("canceled"), an_intent(1, "canceled"), canceled=False))
    assert [drift.invariant for drift in found] == ["every_order_is_known"]
