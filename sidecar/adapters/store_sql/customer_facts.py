"""How each fact about a customer is written. Each is one statement, and may be repeated and come in any order."""

from schemas.ids import CustomerId, StripeRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.adapters.store_sql.values import Params, to_column
from sidecar.ports.facts import (
    CustomerAgreed,
    CustomerDeletedObserved,
    CustomerFact,
    CustomerGone,
    CustomerLinked,
    CustomerRead,
    CustomerSeen,
)

# The same customer keeps its agreements, an older one changes nothing. `customer_id` and `number` are assigned last.
_STAYS = "customer_id = %(customer_id)s OR number > %(number)s"
_CUSTOMER = f"""
INSERT INTO customer_links (account, mode, instance, website_code, buyer, customer_id, number, agreed)
VALUES (%(account)s, %(mode)s, %(instance)s, %(website_code)s, %(buyer)s, %(customer_id)s, %(number)s, %(agreed)s)
ON DUPLICATE KEY UPDATE
  gone_at = IF({_STAYS}, gone_at, NULL),
  agreed = IF({_STAYS}, agreed, %(agreed)s),
  revision = IF({_STAYS}, revision, 0),
  seen = IF({_STAYS}, seen, NULL),
  seen_at = IF({_STAYS}, seen_at, NULL),
  customer_id = IF(number > %(number)s, customer_id, %(customer_id)s),
  number = GREATEST(number, %(number)s)
"""  # noqa: S608  # built from the constants above
_THIS_CUSTOMER = "account = %(account)s AND mode = %(mode)s AND customer_id = %(customer_id)s"
_AGREED = f"""
UPDATE customer_links
SET agreed = %(agreed)s, revision = revision + 1, seen = IF(seen_at IS NULL OR %(is_partial)s, seen, %(seen)s)
WHERE {_THIS_CUSTOMER} AND instance = %(instance)s AND buyer = %(buyer)s AND revision = %(revision)s
"""  # noqa: S608  # built from the constants above
_SEEN = f"""
UPDATE customer_links SET seen = %(seen)s, seen_at = %(at)s
WHERE {_THIS_CUSTOMER} AND buyer LIKE 'customer/%%' AND (seen_at IS NULL OR seen_at <= %(at)s)
"""  # noqa: S608  # built from the constants above
_GONE = f"""
UPDATE customer_links
SET gone_at = LEAST(COALESCE(gone_at, %(at)s), %(at)s), agreed = IF(%(unknown)s, NULL, agreed)
WHERE {_THIS_CUSTOMER}
"""  # noqa: S608  # built from the constants above
# The newest snapshot wins. `updated_at` is assigned last, because the others ask it.
_YIELDS_TO_SNAPSHOT = "deleted_at IS NULL AND (updated_at IS NULL OR updated_at <= %(updated_at)s)"
_SNAPSHOT = f"""
INSERT INTO customers (instance, customer_id, store, snapshot, updated_at, certain)
VALUES (%(instance)s, %(number)s, %(store)s, %(snapshot)s, %(updated_at)s, TRUE)
ON DUPLICATE KEY UPDATE
  certain = IF({_YIELDS_TO_SNAPSHOT}, {{certain}}, certain),
  store = IF({_YIELDS_TO_SNAPSHOT}, %(store)s, store),
  snapshot = IF({_YIELDS_TO_SNAPSHOT}, %(snapshot)s, snapshot),
  updated_at = IF({_YIELDS_TO_SNAPSHOT}, %(updated_at)s, updated_at)
"""  # noqa: S608  # built from the constants above
SAVED = _SNAPSHOT.format(
    certain="IF(updated_at = %(updated_at)s AND snapshot IS NOT NULL AND snapshot <> %(snapshot)s, FALSE, certain"
    " OR updated_at IS NULL OR updated_at < %(updated_at)s)"
)
_READ = _SNAPSHOT.format(certain="TRUE")
DELETED = """
INSERT INTO customers (instance, customer_id, store, deleted_at) VALUES (%(instance)s, %(number)s, %(store)s, %(at)s)
ON DUPLICATE KEY UPDATE
  store = COALESCE(store, %(store)s), snapshot = NULL, updated_at = NULL,
  deleted_at = LEAST(COALESCE(deleted_at, %(at)s), %(at)s)
"""


def customer_statement_of(fact: CustomerFact) -> tuple[str, Params]:
    """The statement that keeps the fact, and its values."""
    match fact:
        case CustomerLinked():
            return _CUSTOMER, {
                **_stripe(fact.stripe, fact.customer),
                "instance": fact.instance,
                "website_code": fact.website_code,
                "buyer": fact.buyer,
                "number": fact.number,
                "agreed": None if fact.agreed is None else fact.agreed.model_dump_json(),
            }
        case CustomerAgreed():
            return _AGREED, {
                **_stripe(fact.stripe, fact.stripe_customer),
                "instance": fact.customer.instance,
                "buyer": f"customer/{fact.customer.customer_id}",
                "revision": fact.revision,
                "agreed": fact.agreed.model_dump_json(),
                "seen": fact.agreed.stripe.model_dump_json(),
                "is_partial": int(fact.is_partial),
            }
        case CustomerSeen(stripe, customer, profile, at):
            seen = None if profile is None else profile.model_dump_json()
            return _SEEN, {**_stripe(stripe, customer), "seen": seen, "at": to_column(at)}
        case CustomerGone(stripe, customer, at, unknown):
            return _GONE, {**_stripe(stripe, customer), "at": to_column(at), "unknown": int(unknown)}
        case CustomerRead(snapshot):
            return _READ, snapshot_columns(snapshot)
        case CustomerDeletedObserved(account, at):
            return DELETED, {
                "instance": account.instance,
                "number": account.customer_id,
                "store": None,
                "at": to_column(at),
            }


def snapshot_columns(snapshot: CustomerSnapshot) -> Params:
    """What is kept of a customer's snapshot: only what every snapshot has, however it came."""
    plain = CustomerSnapshot.model_validate(snapshot.model_dump())
    return {
        "instance": snapshot.instance,
        "number": snapshot.customer_id,
        "store": snapshot.store.model_dump_json(),
        "snapshot": plain.model_dump_json(),
        "updated_at": to_column(snapshot.updated_at),
    }


def _stripe(stripe: StripeRef, customer: CustomerId) -> Params:
    return {"account": stripe.account, "mode": stripe.mode, "customer_id": customer}
