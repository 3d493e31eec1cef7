"""Give back money that the shop cannot keep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from typing_extensions import override

from schemas.ids import StripeRef
from schemas.stripe.refund import Refund
from sidecar.effects.refund_effect import RefundAnswer, RefundEffect
from sidecar.effects.stripe_effect import EFFECT_KEY
from sidecar.ports.facts import Fact, RefundDismissed

Cause = Literal["order_canceled", "paid_twice"]


class RefundPayment(RefundEffect):
    """Gives back what is left of one intent, since its order is cancelled or was paid twice.

    Attributes:
        cause: not part of the key, since there may be reason enough for both.
        number: 1 for the first; another follows where somebody else's refund of a part failed later, or came between.
    """

    cause: Cause
    number: int = 1

    @property
    @override
    def key(self) -> str:
        return self._key("refund", f"{self.payment_intent}{f'/{self.number}' if self.number > 1 else ''}")

    @property
    @override
    def summary(self) -> str:
        return f"Asked Stripe to give back {self.amount}: {self.cause.replace('_', ' ')}"

    @property
    @override
    def reason(self) -> Literal["duplicate", "requested_by_customer"]:
        return "duplicate" if self.cause == "paid_twice" else "requested_by_customer"

    @override
    def facts(self, result: RefundAnswer, at: datetime) -> Sequence[Fact]:
        seen = super().facts(result, at)
        if result.refund is None:
            return seen
        return [*seen, RefundDismissed(self.stripe, result.refund.id, self.cause)]


def returns_a_payment(refund: Refund, stripe: StripeRef) -> bool:
    """Whether the refund was made by this effect, for whichever order: no credit memo stands for it."""
    return (refund.metadata or {}).get(EFFECT_KEY, "").startswith(f"stripe:{stripe}:refund:")
