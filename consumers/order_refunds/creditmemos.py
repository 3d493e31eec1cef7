"""Gives back the money of credit memos that Magento made."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from consumers.order_payment.books import is_booked, payment_of
from consumers.order_payment.give_back import is_given_back
from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.allocate import Part, Source, allocate
from schemas.ids import MagentoCreditmemoId, PaymentIntentId, RefundId
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from schemas.money import Money, MoneyError
from sidecar.effects.effect import Effect
from sidecar.effects.record_creditmemo_refund import RecordCreditmemoRefund
from sidecar.effects.refund_creditmemo import CREDITMEMO_ID, RefundCreditmemo
from sidecar.effects.refund_effect import RefundAnswer
from sidecar.ports.magento import CreditmemoRefund
from sidecar.ports.records import KnownCreditmemo
from sidecar.stripe_metadata import metadata_of

Links = Mapping[RefundId, MagentoCreditmemoId]


def refund_creditmemos(state: OrderPaymentState, links: Links) -> list[Effect]:
    """The refunds that are due, memo by memo in the order of their creation, and what cannot be refunded at all.

    What is planned for one memo counts as gone for the next. A refund that was begun and not finished is finished
    before any other is planned, since what it took is only known then.
    """
    if not state.succeeded:
        return []
    sources = _sources(state)
    effects: list[Effect] = []
    for known in state.creditmemos:
        try:
            due = unallocated(state, known, links)
        except MoneyError as error:
            total = known.memo.totals.grand_total
            effects.append(_refused(state, known.memo, total, "amount_not_expressible", str(error)))
            continue
        if due.minor_units <= 0:
            continue
        answers = _answers(state, known.memo)
        usable = [_usable(source, answers) for source in sources] if due.currency == state.expected.currency else []
        parts = allocate(due.minor_units, usable)
        if not parts:
            effects.append(_why_not(state, known.memo, due, usable, answers))
            continue
        for number, part in enumerate(parts, len(answers) + 1):
            effect = _refund(state, known.memo, number, part)
            effects.append(effect)
            if effect.key in state.attempted:
                return effects
        sources = [_less(source, parts) for source in sources]
    return effects


def wait_for_payment(state: OrderPaymentState, links: Links) -> list[MagentoCreditmemoId]:
    """The memos whose payment has not been heard of yet."""
    if state.succeeded:
        return []
    return [known.memo.creditmemo_id for known in state.creditmemos if _wants_money(state, known, links)]


def unallocated(state: OrderPaymentState, known: KnownCreditmemo, links: Links) -> Money:
    """How much of a memo's money no refund was ever made for; zero for one whose money is not to move.

    A refund that failed counts: it is not made again by itself.

    Raises:
        MoneyError: the currency cannot express the memo's total.
    """
    memo = known.memo
    nothing = Money(minor_units=0, currency=memo.totals.currency)
    if memo.offline or memo.stripe_refund or memo.payment_method != PAYMENT_METHOD_CODE or known.refused:
        return nothing
    if not memo.totals.grand_total:
        return nothing
    total = Money.from_decimal(memo.totals.grand_total, memo.totals.currency)
    theirs = {refund for refund, linked in links.items() if linked == memo.creditmemo_id}
    views = {known.refund.id: known.refund.amount for known in state.refunds}
    if theirs - views.keys():
        return nothing  # nobody has told how much it is: its event will
    return Money(minor_units=total.minor_units - sum(views[refund] for refund in theirs), currency=total.currency)


def _refused(
    state: OrderPaymentState, memo: CreditmemoCreatedV1, amount: Decimal, code: str, message: str
) -> RecordCreditmemoRefund:
    """Tell Magento that a memo's money does not go back."""
    return RecordCreditmemoRefund(
        order=state.order,
        creditmemo=memo.creditmemo_id,
        refund=CreditmemoRefund(
            stripe=state.stripe,
            amount=amount,
            currency=memo.totals.currency,
            status="refused",
            code=code,
            message=message,
        ),
    )


def _why_not(
    state: OrderPaymentState, memo: CreditmemoCreatedV1, due: Money, usable: list[Source], answers: list[RefundAnswer]
) -> RecordCreditmemoRefund:
    """Stripe's own reason where it gave one, else ours."""
    left = Money(minor_units=sum(source.left for source in usable), currency=state.expected.currency)
    last = next((answer for answer in reversed(answers) if answer.refund is None), None)
    if due.currency != state.expected.currency:
        code, message = "currency_mismatch", f"The order was paid in {state.expected.currency}."
    elif last is not None:
        code, message = last.code or "unknown", last.message or "Stripe gave no reason."
    elif left.minor_units:
        code, message = "amount_too_large", f"Only {left} of this order are left to give back."
    else:
        code, message = "charge_already_refunded", "Nothing of this order is left to give back."
    return _refused(state, memo, due.to_decimal(), code, message)


def _wants_money(state: OrderPaymentState, known: KnownCreditmemo, links: Links) -> bool:
    try:
        return unallocated(state, known, links).minor_units > 0
    except MoneyError:
        return True


def _sources(state: OrderPaymentState) -> list[Source]:
    """The payments that the order stands on: not those that are given back because they could not be kept."""
    payment = payment_of(state)
    theirs = [intent for intent in state.succeeded if is_booked(state, intent) or intent == payment]
    return [
        Source(intent.id, intent.created, state.left_of(intent))
        for intent in theirs
        if not is_given_back(state, intent) and intent.currency.upper() == state.expected.currency
    ]


def _usable(source: Source, answers: list[RefundAnswer]) -> Source:
    """Without what Stripe has refused to give: asked for no less, it would refuse again."""
    refused = (answer for answer in answers if answer.refund is None and answer.payment_intent == source.intent)
    asked = [answer.amount.minor_units for answer in refused]
    return replace(source, left=0) if any(source.left >= amount for amount in asked) else source


def _less(source: Source, parts: list[Part]) -> Source:
    taken = sum(part.amount for part in parts if part.intent == source.intent)
    return replace(source, left=source.left - taken)


def _answers(state: OrderPaymentState, memo: CreditmemoCreatedV1) -> list[RefundAnswer]:
    """What Stripe answered so far to the parts of a memo."""
    answers: list[RefundAnswer] = []
    nowhere = Part(PaymentIntentId(""), 0)
    while (key := _refund(state, memo, len(answers) + 1, nowhere).key) in state.results:
        answers.append(RefundAnswer.model_validate_json(state.results[key]))
    return answers


def _refund(state: OrderPaymentState, memo: CreditmemoCreatedV1, number: int, part: Part) -> RefundCreditmemo:
    return RefundCreditmemo(
        order=state.order,
        stripe=state.stripe,
        creditmemo=memo.creditmemo_id,
        part=number,
        payment_intent=part.intent,
        amount=Money(minor_units=part.amount, currency=memo.totals.currency),
        metadata=metadata_of(state.placed) | {CREDITMEMO_ID: str(memo.creditmemo_id)},
    )
