"""Values of a label that come from outside: their number must not grow with what others send."""

import re

OTHER = "other"
_FORM = re.compile(r"^[a-z0-9_.:-]{1,64}$")


class BoundedLabel:
    """Lets the first `limit` values of the right form through, and calls every other one `other`.

    Prometheus keeps a series for each value for ever, so a label may only have values from a short list. Stripe's codes
    are one, but it is Stripe's: it may grow, and a value of a wrong form may be anything.
    """

    def __init__(self, limit: int = 100) -> None:
        self._limit = limit
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """The value, or `other`."""
        if value in self._known:
            return value
        if not _FORM.match(value) or len(self._known) >= self._limit:
            return OTHER
        self._known.add(value)
        return value
