"""How an authorisation ends: taken, in full or in part, or let go."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.balance_transactions import record_charge
from sidecar.sandbox.stripe.charges import charge_document
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, PaymentIntent
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document
from sidecar.sandbox.stripe.refunds import release


def capture(account: Account, intent: PaymentIntent, amount: int) -> None:
    """Take what was authorised, or part of it: the rest is released."""
    charge = _charge_of(account, intent)
    charge.captured = True
    charge.amount_captured = amount
    record_charge(account, charge)
    intent.status = "succeeded"
    intent.amount_capturable = 0
    intent.amount_received = amount
    if amount < charge.amount:
        release(account, charge, charge.amount - amount)
    emit(account, "charge.captured", charge_document(account, charge))
    emit(account, "payment_intent.succeeded", payment_intent_document(account, intent))
    account.tell(intent)


def cancel(account: Account, intent: PaymentIntent, reason: str | None) -> None:
    """End it without a payment; what was authorised is released, which Stripe shows as a refund of the charge."""
    held = intent.status == "requires_capture"
    intent.status = "canceled"
    intent.amount_capturable = 0
    intent.canceled_at = account.clock.now()
    intent.cancellation_reason = reason
    intent.next_action = None
    if held:
        charge = _charge_of(account, intent)
        release(account, charge, charge.amount)
        emit(account, "charge.refunded", charge_document(account, charge))
    emit(account, "payment_intent.canceled", payment_intent_document(account, intent))
    account.tell(intent)


def _charge_of(account: Account, intent: PaymentIntent) -> Charge:
    return account.charges.get(intent.latest_charge or "")
