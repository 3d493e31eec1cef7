"""Give back money that the shop cannot keep."""

from collections.abc import Mapping
from datetime import datetime

from typing_extensions import override

from schemas.ids import PaymentIntentId
from schemas.money import Money
from schemas.stripe.refund import Refund
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import Metadata, NewRefund


class RefundPayment(OrderEffect, StripeEffect):
    """Refunds one intent in full, since its order is cancelled or was paid twice.

    Attributes:
        cause: `order_canceled` or `paid_twice`; not part of the key, since there may be reason enough for both.
    """

    payment_intent: PaymentIntentId
    amount: Money
    cause: str
    metadata: Metadata

    @property
    @override
    def key(self) -> str:
        return self._key("refund", self.payment_intent)

    @property
    @override
    def summary(self) -> str:
        return f"Refunded {self.amount}: {self.cause.replace('_', ' ')}"

    @override
    async def perform(self, ports: Ports) -> Refund:
        new = NewRefund(
            payment_intent=self.payment_intent,
            amount=self.amount,
            reason="duplicate" if self.cause == "paid_twice" else "requested_by_customer",
            metadata=self.metadata | self.mark,
        )
        account = self.account(ports)
        try:
            return await account.create_refund(new, key=self.idempotency_key)
        except RefusedError as error:
            if error.code != "charge_already_refunded":
                raise
            # Somebody was faster, for example in the dashboard: what was wanted is done.
            others = await account.find_refunds(self.payment_intent, {})
            if not others:
                raise
            return others[0]

    @override
    async def find(self, ports: Ports, since: datetime) -> Refund | None:
        found = await self.account(ports).find_refunds(self.payment_intent, self.mark)
        return found[0] if found else None

    @override
    def detail(self, result: Refund) -> Mapping[str, str]:
        return {"payment_intent": self.payment_intent, "refund": result.id, "status": result.status or ""}
