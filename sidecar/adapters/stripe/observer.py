"""What may be measured of the calls to Stripe."""

from typing import Protocol

from schemas.ids import StripeRef


class StripeObserver(Protocol):
    """Told about each call; `endpoint` is `POST /v1/refunds` and the like, never an object's own path."""

    def waited(self, stripe: StripeRef, endpoint: str, seconds: float) -> None:
        """The call waited so long for its turn."""
        ...

    def answered(self, stripe: StripeRef, endpoint: str, code: str, seconds: float) -> None:
        """The call is over. `code` is `ok` or the error's."""
        ...

    def throttled(self, stripe: StripeRef, endpoint: str, reason: str) -> None:
        """Stripe refused it for being too many."""
        ...


class Unobserved:
    """Nobody measures."""

    def waited(self, stripe: StripeRef, endpoint: str, seconds: float) -> None:
        """Let it pass."""

    def answered(self, stripe: StripeRef, endpoint: str, code: str, seconds: float) -> None:
        """Let it pass."""

    def throttled(self, stripe: StripeRef, endpoint: str, reason: str) -> None:
        """Let it pass."""
