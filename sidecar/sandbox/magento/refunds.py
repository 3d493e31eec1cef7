"""The module's resources about refunds: a memo for a refund made in Stripe, and what became of a memo's money."""

from datetime import UTC, datetime
from decimal import Decimal

from sidecar.sandbox.magento.bodies import (
    CreditmemoRefund,
    CreditmemoRefundBody,
    StripeRefund,
    StripeRefundBody,
)
from sidecar.sandbox.magento.creditmemo_draft import ZERO, Drawn, WantedCreditmemo, WantedLine, draw_up
from sidecar.sandbox.magento.creditmemos import OPEN, REFUNDED, STATES, place_creditmemo, refundable
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import REQUIRED, MagentoError, missing
from sidecar.sandbox.magento.shop import Shop
from sidecar.sandbox.magento.write_back import answer, close, comment, done, why_not

ENDED = frozenset(("failed", "canceled"))
"""Nothing follows these for a refund."""
FOUR_DECIMALS = Decimal("0.0001")
"""As Magento's columns keep amounts."""
UNSETTLED = frozenset(("pending", "requires_action"))


async def refund(session: Session, order: Row, asked: StripeRefund, shop: Shop) -> Row:
    """Money went back in Stripe: make a memo for it."""
    given = asked.refund
    if given.lines == "items" and not given.items and given.shipping_amount is None:
        raise MagentoError(400, REQUIRED, {"fieldName": "refund.items"})
    linked = await _memo_of(session, given.refund_id)
    if linked is not None:
        return answer(order, "already_applied") | _about(linked)
    if order["state"] == "canceled":
        return answer(order, why_not(order))
    if order["total_invoiced"] is None:
        return answer(order, "not_refundable")
    if given.currency != order["order_currency_code"]:
        raise _mismatch(given, order["order_currency_code"])
    if given.amount > refundable(order):
        return answer(order, "not_refundable")
    drawn = await _drawn(session, order, given)
    if drawn.grand_total != given.amount:
        return answer(order, "lines_differ") | {"grand_total": str(drawn.grand_total.quantize(FOUR_DECIMALS))}
    memo = await place_creditmemo(
        session,
        order,
        drawn,
        shop,
        state=OPEN if given.status == "pending" else REFUNDED,
        stripe_refund=given.refund_id,
    )
    await _link(session, memo, given.refund_id, given.amount, given.status)
    if given.status == "succeeded":
        await _transaction(session, order, given.refund_id)
    await comment(session, order, _words(given))
    return await close(session, order, "refunds", given.refund_id, _about(memo))


async def creditmemo_refund(session: Session, memo: Row, order: Row, asked: CreditmemoRefund) -> Row:
    """Something became of a memo's money."""
    report = asked.refund
    _check_fields(report)
    if report.refund_id is None:
        return await _refused(session, memo, order, report)
    linked = await _memo_of(session, report.refund_id)
    if linked is not None and linked["entity_id"] != memo["entity_id"]:
        return answer(order, "linked_elsewhere") | _about(linked)
    about = f"{memo['entity_id']}/{report.refund_id}/{report.status}"
    before = await done(session, order, "creditmemo-refund", about)
    if before is not None or (linked is not None and _comes_late(linked["refund_status"], report.status)):
        return answer(order, "already_applied") | _about(memo)
    _check_amount(memo, report)
    if linked is None:
        await _link(session, memo, report.refund_id, report.amount, report.status)
    else:
        await session.update("sidecar_refund", "refund_id", report.refund_id, {"status": report.status})
    if report.status == "succeeded":
        await _transaction(session, order, report.refund_id)
    await _say(session, memo, order, report)
    await _settle(session, memo, report.refund_id)
    return await close(session, order, "creditmemo-refund", about, _about(memo))


async def creditmemo(session: Session, creditmemo_id: int) -> Row:
    """The memo.

    Raises:
        MagentoError: there is no such memo.
    """
    row = await session.row("SELECT * FROM sales_creditmemo WHERE entity_id = %s", creditmemo_id)
    if row is None:
        raise missing()
    return row


async def _drawn(session: Session, order: Row, given: StripeRefundBody) -> Drawn:
    wanted: WantedCreditmemo
    match given.lines:
        case "whole":
            wanted = WantedCreditmemo(offline=True, back_to_stock=given.back_to_stock)
        case "items":
            lines = tuple(WantedLine(order_item_id=item.order_item_id, qty=item.qty) for item in given.items)
            wanted = WantedCreditmemo(
                items=lines,
                shipping_amount=given.shipping_amount or ZERO,
                offline=True,
                back_to_stock=given.back_to_stock,
            )
        case "amount":
            wanted = WantedCreditmemo(items=(), shipping_amount=ZERO, adjustment_positive=given.amount, offline=True)
    return await draw_up(session, order, wanted)


def _check_fields(report: CreditmemoRefundBody) -> None:
    ends_badly = report.status in ENDED | {"refused"}
    if report.refund_id is None and report.status != "refused":
        raise MagentoError(400, REQUIRED, {"fieldName": "refund.refund_id"})
    if report.code is None and ends_badly:
        raise MagentoError(400, REQUIRED, {"fieldName": "refund.code"})
    if report.message is None and ends_badly:
        raise MagentoError(400, REQUIRED, {"fieldName": "refund.message"})


def _check_amount(memo: Row, report: CreditmemoRefundBody) -> None:
    if report.currency != memo["order_currency_code"] or report.amount > memo["grand_total"]:
        raise _mismatch(report, f"{memo['grand_total']} {memo['order_currency_code']}")


def _mismatch(given: StripeRefundBody | CreditmemoRefundBody, expected: str) -> MagentoError:
    said = f"{given.amount} {given.currency}"
    return MagentoError(400, "The refund of %1 does not match %2.", [said, expected])


async def _refused(session: Session, memo: Row, order: Row, report: CreditmemoRefundBody) -> Row:
    about = f"{memo['entity_id']}/refused/{report.code}"
    if await done(session, order, "creditmemo-refund", about) is not None:
        return answer(order, "already_applied") | _about(memo)
    _check_amount(memo, report)
    await _say(session, memo, order, report)
    await _change(session, memo, {"state": OPEN})
    return await close(session, order, "creditmemo-refund", about, _about(memo))


def _comes_late(known: str, told: str) -> bool:
    return known == told or known in ENDED or (known == "succeeded" and told in UNSETTLED)


async def _settle(session: Session, memo: Row, refund_id: str) -> None:
    """A memo is refunded once what came through comes to its total; until then it is open."""
    through = await session.row(
        "SELECT COALESCE(SUM(amount), 0) AS total FROM sidecar_refund"
        " WHERE creditmemo_id = %s AND status = 'succeeded'",
        memo["entity_id"],
    )
    complete = through is not None and through["total"] == memo["grand_total"]
    changes = {"state": REFUNDED if complete else OPEN, "transaction_id": memo["transaction_id"] or refund_id}
    await _change(session, memo, changes)


async def _change(session: Session, memo: Row, changes: Row) -> None:
    await session.update("sales_creditmemo", "entity_id", memo["entity_id"], changes)
    await session.update("sales_creditmemo_grid", "entity_id", memo["entity_id"], {"state": changes["state"]})
    memo.update(changes)


async def _say(session: Session, memo: Row, order: Row, report: CreditmemoRefundBody) -> None:
    amount = f"{report.amount} {report.currency}"
    number = f"Credit memo {memo['increment_id']}"
    if report.status == "refused":
        words = f"Stripe refused to give back {amount}: {report.message} ({report.code})"
    elif report.status in ENDED:
        words = f"The refund {report.refund_id} of {amount} {report.status}: {report.message} ({report.code})"
    else:
        words = f"The refund {report.refund_id} of {amount} is {report.status.replace('_', ' ')}."
    await session.insert(
        "sales_creditmemo_comment",
        {"parent_id": memo["entity_id"], "comment": words, "is_customer_notified": 0, "is_visible_on_front": 0},
    )
    await comment(session, order, f"{number}: {words}")


def _words(given: StripeRefundBody) -> str:
    reason = f": {given.reason}" if given.reason else ""
    return f'Stripe gave back {given.amount} {given.currency}. Transaction ID: "{given.refund_id}"{reason}'


async def _memo_of(session: Session, refund_id: str) -> Row | None:
    return await session.row(
        "SELECT m.*, r.status AS refund_status FROM sidecar_refund r"
        " JOIN sales_creditmemo m ON m.entity_id = r.creditmemo_id WHERE r.refund_id = %s",
        refund_id,
    )


async def _link(session: Session, memo: Row, refund_id: str, amount: Decimal, status: str) -> None:
    await session.insert(
        "sidecar_refund",
        {"refund_id": refund_id, "creditmemo_id": memo["entity_id"], "amount": amount, "status": status},
    )


async def _transaction(session: Session, order: Row, refund_id: str) -> None:
    """Below the capture that the money came by."""
    capture = await session.row(
        "SELECT * FROM sales_payment_transaction WHERE order_id = %s AND txn_type = 'capture'"
        " ORDER BY transaction_id LIMIT 1",
        order["entity_id"],
    )
    await session.insert(
        "sales_payment_transaction",
        {
            "order_id": order["entity_id"],
            "payment_id": capture["payment_id"] if capture else 0,
            "parent_id": capture["transaction_id"] if capture else None,
            "parent_txn_id": capture["txn_id"] if capture else None,
            "txn_id": refund_id,
            "txn_type": "refund",
            "is_closed": 1,
            "created_at": datetime.now(UTC).replace(tzinfo=None),
        },
    )


def _about(memo: Row) -> Row:
    return {
        "creditmemo_id": memo["entity_id"],
        "creditmemo_increment_id": memo["increment_id"],
        "creditmemo_state": STATES[memo["state"]],
    }
