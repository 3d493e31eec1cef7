"""Whose a row is: an order's or a customer's."""

from typing import Final

from schemas.ids import OrderRef, Subject
from sidecar.adapters.store_sql.values import Params

NO_ORDER: Final = 0
"""Stands in `order_id` of a customer's row, which the first release may not leave empty; Magento's ids begin at 1."""


def columns_of(subject: Subject) -> Params:
    """The columns `instance`, `order_id` and `customer_id` of a row of the subject's."""
    if isinstance(subject, OrderRef):
        return {"instance": subject.instance, "order_id": subject.order_id, "customer_id": None}
    return {"instance": subject.instance, "order_id": NO_ORDER, "customer_id": subject.customer_id}


def condition_of(subject: Subject) -> str:
    """What `WHERE` says to find the subject's rows by an index, with the values of `columns_of`."""
    column = "order_id" if isinstance(subject, OrderRef) else "customer_id"
    return f"instance = %(instance)s AND {column} = %({column})s"
