"""What effects on Stripe have in common."""

from datetime import timedelta
from typing import ClassVar, Self

from typing_extensions import override

from schemas.ids import StripeRef
from sidecar.effects.effect import Effect
from sidecar.errors import Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import IdempotencyKey, Metadata, Payments

CLOCK_SKEW = timedelta(days=1)
"""How far Stripe's clock and ours may be apart when an older attempt is looked for, among one customer's objects."""

EFFECT_KEY = "sidecar_key"
"""The metadata key under which an object carries the effect that made it, so that it can be found again."""


class StripeEffect(Effect):
    """An effect on one account and mode.

    Attributes:
        key_number: over 1 where Stripe keeps a failure under the keys before it and repeats only that.
    """

    upstream: ClassVar[Upstream] = "stripe"
    forgets_keys: ClassVar[bool] = True

    stripe: StripeRef
    key_number: int = 1

    def account(self, ports: Ports) -> Payments:
        """The account's adapter."""
        return ports.payments[self.stripe]

    @property
    def idempotency_key(self) -> IdempotencyKey:
        """The effect's own key: what is sent to Stripe is what stands in the ledger."""
        return IdempotencyKey(self.key if self.key_number == 1 else f"{self.key}~{self.key_number}")

    @override
    def with_next_key(self) -> Self:
        return self.model_copy(update={"key_number": self.key_number + 1})

    @property
    def mark(self) -> Metadata:
        """What the made object carries of this effect."""
        return {EFFECT_KEY: self.key}

    def _key(self, verb: str, about: object) -> str:
        return f"stripe:{self.stripe}:{verb}:{about}"
