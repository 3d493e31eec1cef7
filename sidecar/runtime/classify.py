"""The one place where an exception becomes an outcome."""

from sidecar.errors import (
    NotYetError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnmappableError,
)
from sidecar.outcome import Outcome, Park, Retry

WAITING_ON_US = frozenset(("order_locked", "customer_locked"))
"""Codes of waits that are nobody's failure: they use up no attempt."""


def classify(error: Exception) -> Outcome:
    """What becomes of a message whose handling ended in this error."""
    outcome: Outcome
    match error:
        case UnmappableError(reason=reason):
            outcome = Park(reason, str(error))
        case NotYetError(reason=reason, detail=detail):
            outcome = Retry(reason, detail)
        case UnauthorizedError(code=code):
            outcome = Retry(code, str(error), limited=False)
        case TransientError(code=code, retry_after=after):
            outcome = Retry(code, str(error), after, limited=code not in WAITING_ON_US and error.spends_attempt)
        case RefusedError(code=code, field=field):
            outcome = Park(code, f"{error}{f' (field {field})' if field else ''}")
        case _:
            outcome = Retry("bug", f"{type(error).__name__}: {error}")
    return outcome
