"""Whose a row is: an order's, or that of another subject."""

from typing import Final

from schemas.ids import CustomerRef, OrderRef, Subject
from sidecar.adapters.store_sql.values import Params

NO_ORDER: Final = 0
"""In `order_id` of a row that is no order's, which the first release may not leave empty; Magento's ids begin at 1."""


def columns_of(subject: Subject) -> Params:
    """The columns `instance`, `order_id` and `subject` of a row of the subject's. An order is named by its own two."""
    if isinstance(subject, OrderRef):
        return {"instance": subject.instance, "order_id": subject.order_id, "subject": None}
    instance = subject.instance if isinstance(subject, CustomerRef) else ""
    return {"instance": instance, "order_id": NO_ORDER, "subject": f"{subject.kind}/{subject}"}


def condition_of(subject: Subject) -> str:
    """What `WHERE` says to find the subject's rows by an index, with the values of `columns_of`."""
    if isinstance(subject, OrderRef):
        return "instance = %(instance)s AND order_id = %(order_id)s"
    return "subject = %(subject)s"
