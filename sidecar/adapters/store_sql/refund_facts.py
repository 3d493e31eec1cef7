"""How facts about refunds and credit memos are written. Each is one statement, and may be repeated in any order."""

from sidecar.adapters.store_sql.values import Params
from sidecar.ports.facts import CreditmemoRefused, RefundDismissed, RefundLinked, RefundObserved

# What has come as far may be told anew, since whoever made a refund can change its metadata. The columns that the
# condition reads are assigned last, because an assignment sees those before it.
_FURTHER = "reached < %(reached)s OR (reached = %(reached)s AND (reached < 2 OR status = %(status)s))"
_REFUND = f"""
INSERT INTO refunds (account, mode, refund_id, instance, order_id, view, status, reached)
VALUES (%(account)s, %(mode)s, %(id)s, %(instance)s, %(order_id)s, %(view)s, %(status)s, %(reached)s)
ON DUPLICATE KEY UPDATE
  view = IF({_FURTHER}, %(view)s, view),
  status = IF({_FURTHER}, %(status)s, status),
  reached = IF({_FURTHER}, %(reached)s, reached)
"""  # noqa: S608  # built from the constants above
_REFUND_LINK = """
INSERT INTO refund_links (account, mode, refund_id, instance, order_id, creditmemo_id)
VALUES (%(account)s, %(mode)s, %(id)s, %(instance)s, %(order_id)s, %(creditmemo_id)s)
ON DUPLICATE KEY UPDATE refund_id = refund_id
"""
_DISMISSED = """
UPDATE refunds SET dismissed = COALESCE(dismissed, %(reason)s)
WHERE account = %(account)s AND mode = %(mode)s AND refund_id = %(id)s
"""
_REFUSED = """
UPDATE creditmemos SET refused_code = COALESCE(refused_code, %(code)s)
WHERE instance = %(instance)s AND creditmemo_id = %(creditmemo_id)s
"""


def statement_about_refund(
    fact: RefundObserved | RefundLinked | RefundDismissed | CreditmemoRefused,
) -> tuple[str, Params]:
    """The statement that keeps the fact, and its values."""
    match fact:
        case RefundObserved(stripe, order, refund):
            return _REFUND, {
                "account": stripe.account,
                "mode": stripe.mode,
                "id": refund.id,
                "instance": order.instance,
                "order_id": order.order_id,
                "view": refund.model_dump_json(),
                "status": refund.status or "",
                "reached": refund.reached,
            }
        case RefundLinked(stripe, order, refund_id, creditmemo):
            return _REFUND_LINK, {
                "account": stripe.account,
                "mode": stripe.mode,
                "id": refund_id,
                "instance": order.instance,
                "order_id": order.order_id,
                "creditmemo_id": creditmemo,
            }
        case RefundDismissed(stripe, refund_id, reason):
            return _DISMISSED, {"account": stripe.account, "mode": stripe.mode, "id": refund_id, "reason": reason}
        case CreditmemoRefused(order, creditmemo, code):
            return _REFUSED, {"instance": order.instance, "creditmemo_id": creditmemo, "code": code}
