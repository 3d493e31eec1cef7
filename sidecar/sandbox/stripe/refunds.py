"""Refunds (docs.stripe.com/api/refunds)."""

from stripe.params import (
    RefundCancelParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
    RefundUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.balance_transactions import record_refund, record_refund_failure
from sidecar.sandbox.stripe.charges import charge_document
from sidecar.sandbox.stripe.currencies import check_precision, display_amount
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid, refused
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, Refund, RefundStatus
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import Parameters

_NOT_MODELLED = frozenset(("customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"))


def refund_document(account: Account, refund: Refund) -> JsonObject:
    """Write it as the API does."""
    charge = account.charges.get(refund.charge)
    document: JsonObject = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "customer": charge.customer,
        "customer_account": None,
        "destination_details": _destination(charge, refund),
        "metadata": dict(refund.metadata),
        "payment_intent": refund.payment_intent,
        "payment_method": charge.payment_method,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }
    if refund.failure_reason is not None:
        document["failure_reason"] = refund.failure_reason
    if refund.failure_balance_transaction is not None:
        document["failure_balance_transaction"] = refund.failure_balance_transaction
    if refund.status == "pending":
        document["pending_reason"] = "processing"
    return document


def _destination(charge: Charge, refund: Refund) -> JsonObject:
    if charge.method.type == "us_bank_account":
        return {"type": "us_bank_transfer", "us_bank_transfer": {}}
    card: JsonObject = {"type": "reversal" if refund.release else "refund"}
    if not refund.release and refund.status != "failed":
        card |= {"reference_status": "pending", "reference_type": "acquirer_reference_number"}
    return {"card": card, "type": "card"}


def release(account: Account, charge: Charge, amount: int) -> Refund:
    """Let go of what was authorised and not captured; Stripe lists it as a refund without a balance transaction."""
    charge.amount_released += amount
    charge.amount_refunded += amount
    refund = _new(account, charge, amount, "succeeded", is_release=True)
    emit(account, "refund.created", refund_document(account, refund))
    return refund


def _new(account: Account, charge: Charge, amount: int, status: RefundStatus, *, is_release: bool = False) -> Refund:
    return account.refunds.add(
        Refund(
            id=account.new_id("re"),
            created=account.clock.now(),
            amount=amount,
            currency=charge.currency,
            charge=charge.id,
            payment_intent=charge.payment_intent,
            status=status,
            release=is_release,
        ),
        charge=charge.id,
        payment_intent=charge.payment_intent,
    )


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    charge = _charge_to_refund(account, parameters)
    asked = parameters.integer("amount")
    if asked is not None and asked < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    metadata = parameters.metadata()
    refund = refund_charge(account, charge, asked, parameters.text("reason"), metadata)
    return refund_document(account, refund)


def _charge_to_refund(account: Account, parameters: Parameters) -> Charge:
    named, intent_id = parameters.text("charge"), parameters.text("payment_intent")
    if named is None and intent_id is None:
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if intent_id is not None:
        intent = account.payment_intents.get(intent_id, param="payment_intent", status=400)
        charge = account.charges.find(intent.latest_charge or "")
        if named is not None and (charge is None or charge.id != named):
            raise refused(f"The charge {named} does not belong to {intent_id}.", param="charge")
        if charge is None or intent.status != "succeeded":
            raise refused(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        return charge
    charge = account.charges.get(named or "", param="charge", status=400)
    if charge.status != "succeeded":
        raise refused(f"Charge {charge.id} has no successful payment to refund.", code="charge_not_refundable")
    if not charge.captured:
        raise refused(
            f"Charge {charge.id} is not captured: cancel its PaymentIntent {charge.payment_intent} instead.",
            code="charge_not_refundable",
        )
    return charge


def refund_charge(
    account: Account, charge: Charge, asked: int | None, reason: str | None, metadata: dict[str, str]
) -> Refund:
    """Give back money, all that is left when no amount is given.

    Raises:
        StripeError: 400, when nothing or less is left, or the money is under dispute.
    """
    if charge.disputed and any(not dispute.inquiry for dispute in account.disputes.members("charge", charge.id)):
        raise refused(f"Charge {charge.id} has been charged back; cannot issue a refund.", code="charge_disputed")
    if charge.refundable == 0:
        raise refused(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
    amount = charge.refundable if asked is None else asked
    check_precision(amount, charge.currency)
    if amount > charge.refundable:
        untouched = charge.amount_refunded == 0
        raise refused(
            f"Refund amount ({display_amount(amount, charge.currency)}) is greater than "
            + ("charge amount" if untouched else "unrefunded amount on charge")
            + f" ({display_amount(charge.refundable, charge.currency)})",
            param="amount",
            code="amount_too_large",
        )
    waits = charge.method.refund == "pending" or charge.method.type == "us_bank_account"
    refund = _new(account, charge, amount, "pending" if waits else "succeeded")
    refund.reason, refund.metadata = reason, metadata
    charge.amount_refunded += amount
    record_refund(account, refund)
    emit(account, "charge.refunded", charge_document(account, charge))
    emit(account, "refund.created", refund_document(account, refund))
    delay = account.shared.config.settlement_delay
    if charge.method.refund == "fails":
        account.agenda.after(delay, lambda: settle_refund(account, refund, "failed"))
    elif waits:
        account.agenda.after(delay, lambda: settle_refund(account, refund, "succeeded"))
    return refund


def settle_refund(account: Account, refund: Refund, status: RefundStatus) -> None:
    """Move a refund on by the bank's hand; a failed or cancelled one brings the money back to the account."""
    if refund.status in {"failed", "canceled", status}:
        return
    previous: JsonObject = {"status": refund.status}
    refund.status = status
    if status in {"failed", "canceled"}:
        charge = account.charges.get(refund.charge)
        charge.amount_refunded -= refund.amount
        refund.failure_reason = "unknown" if status == "failed" else "merchant_request"
        record_refund_failure(account, refund)
    document = refund_document(account, refund)
    if status == "failed":
        emit(account, "refund.failed", document)
    emit(account, "refund.updated", document, previous)
    emit(account, "charge.refund.updated", document, previous)


def _update(call: Call) -> JsonObject:
    account = call.account
    refund = account.refunds.get(call.id)
    before = dict(refund.metadata)
    refund.metadata = call.parameters.metadata(refund.metadata)
    document = refund_document(account, refund)
    if refund.metadata != before:
        previous: JsonObject = {"metadata": before}
        emit(account, "refund.updated", document, previous)
        emit(account, "charge.refund.updated", document, previous)
    return document


def _cancel(call: Call) -> JsonObject:
    account = call.account
    refund = account.refunds.get(call.id)
    if refund.status != "requires_action":
        raise refused(
            f"Refund {refund.id} cannot be canceled because it has a status of {refund.status}. Only a refund with a "
            "status of requires_action can be canceled."
        )
    settle_refund(account, refund, "canceled")
    return refund_document(account, refund)


def _retrieve(call: Call) -> JsonObject:
    return refund_document(call.account, call.account.refunds.get(call.id))


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    charge, intent = parameters.text("charge"), parameters.text("payment_intent")
    return account.refunds.page(
        parameters,
        "/v1/refunds",
        lambda refund: refund_document(account, refund),
        group=("charge", charge) if charge else ("payment_intent", intent),
    )


OPERATIONS = (
    Operation("POST", "/v1/refunds", _create, RefundCreateParams, _NOT_MODELLED),
    Operation("GET", "/v1/refunds", _list, RefundListParams),
    Operation("GET", "/v1/refunds/{id}", _retrieve, RefundRetrieveParams),
    Operation("POST", "/v1/refunds/{id}", _update, RefundUpdateParams),
    Operation("POST", "/v1/refunds/{id}/cancel", _cancel, RefundCancelParams),
)
