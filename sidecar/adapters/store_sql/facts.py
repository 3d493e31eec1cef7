"""How each fact is written. Each is one statement, and may be repeated and come in any order."""

from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import FINAL, PaymentIntent
from sidecar.adapters.store_sql.customer_facts import customer_statement_of
from sidecar.adapters.store_sql.refund_facts import statement_about_refund
from sidecar.adapters.store_sql.values import Params, to_column
from sidecar.ports.facts import (
    CreditmemoRefused,
    Fact,
    IntentLinked,
    OrderCanceledObserved,
    RefundDismissed,
    RefundLinked,
    RefundObserved,
    SessionLinked,
)

# A view gives way to any as long as it is not final, and then only to one of the same status that tells no less.
# The columns that the condition reads are assigned last, because an assignment sees those before it.
_YIELDS = "finality = 0 OR (status = %(status)s AND finality <= %(finality)s)"
_UPSERT_VIEW = f"""
INSERT INTO {{table}} (account, mode, {{id}}, instance, order_id, view, status, finality)
VALUES (%(account)s, %(mode)s, %(id)s, %(instance)s, %(order_id)s, %(view)s, %(status)s, %(finality)s)
ON DUPLICATE KEY UPDATE
  view = IF({_YIELDS}, %(view)s, view),
  status = IF({_YIELDS}, %(status)s, status),
  finality = IF({_YIELDS}, %(finality)s, finality)
"""  # noqa: S608  # built from the constants above
_INTENT = _UPSERT_VIEW.format(table="payment_intents", id="intent_id")
_SESSION = _UPSERT_VIEW.format(table="checkout_sessions", id="session_id")
_CANCELED = """
INSERT INTO orders (instance, order_id, canceled_at) VALUES (%(instance)s, %(order_id)s, %(at)s)
ON DUPLICATE KEY UPDATE canceled_at = LEAST(COALESCE(canceled_at, %(at)s), %(at)s)
"""


def statement_of(fact: Fact) -> tuple[str, Params]:
    """The statement that keeps the fact, and its values."""
    match fact:
        case IntentLinked(stripe, order, intent):
            return _INTENT, {
                "account": stripe.account,
                "mode": stripe.mode,
                "id": intent.id,
                "instance": order.instance,
                "order_id": order.order_id,
                "view": intent.model_dump_json(exclude={"client_secret"}),
                "status": intent.status,
                "finality": finality_of_intent(intent),
            }
        case SessionLinked(stripe, order, session):
            return _SESSION, {
                "account": stripe.account,
                "mode": stripe.mode,
                "id": session.id,
                "instance": order.instance,
                "order_id": order.order_id,
                "view": session.model_dump_json(),
                "status": session.status or "",
                "finality": finality_of_session(session),
            }
        case RefundObserved() | RefundLinked() | RefundDismissed() | CreditmemoRefused():
            return statement_about_refund(fact)
        case OrderCanceledObserved(order, at):
            return _CANCELED, {"instance": order.instance, "order_id": order.order_id, "at": to_column(at)}
        case other:
            return customer_statement_of(other)


def finality_of_intent(intent: PaymentIntent) -> int:
    """0 for a view that others may follow, 1 for a final one, 2 for a final one that brings the charge."""
    if intent.status not in FINAL:
        return 0
    return 1 if intent.charge is None else 2


def finality_of_session(session: CheckoutSession) -> int:
    """0 while open, 1 when over, 2 when over and paid: a delayed method pays a complete session later.

    Source: docs.stripe.com/api/checkout/sessions/object (`status`, `payment_status`).
    """
    if session.status not in ("complete", "expired"):
        return 0
    return 1 if session.payment_status == "unpaid" else 2
