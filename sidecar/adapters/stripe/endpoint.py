"""What Stripe counts as one endpoint: a method and a path template (docs.stripe.com/rate-limits)."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the API; all objects it is asked about share its limit.

    Attributes:
        method: lower case, as the SDK wants it.
        template: the path with `{id}` where the object's id goes.
    """

    method: Literal["get", "post", "delete"]
    template: str

    def path(self, identifier: str = "") -> str:
        """The path of one object. The id is quoted: it came in a message and must not change the path."""
        return self.template.replace("{id}", quote(identifier, safe=""))

    @override
    def __str__(self) -> str:
        """As Stripe's documentation names it; it becomes a metric label."""
        return f"{self.method.upper()} {self.template}"
