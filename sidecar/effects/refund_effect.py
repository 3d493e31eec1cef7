"""What effects that give money back in Stripe have in common."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field
from typing_extensions import override

from schemas.contract import Frozen
from schemas.ids import PaymentIntentId
from schemas.money import Money
from schemas.stripe.refund import Refund
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, RefundObserved
from sidecar.ports.payments import Metadata, NewRefund


class RefundAnswer(Frozen):
    """What Stripe answered: a refund, or why it would not make one.

    Either is an end: what was refused is not asked for again under the same key.

    Attributes:
        amount: what was asked for.
        refund: what was made; null where it was refused.
        code, message: why it was refused, by Stripe's code and in its words.
        seen: every refund of the intent, as they were after the refusal; not kept in the ledger.
    """

    payment_intent: PaymentIntentId
    amount: Money
    refund: Refund | None = None
    code: str | None = None
    message: str | None = None
    seen: tuple[Refund, ...] = Field(default=(), exclude=True)


class RefundEffect(OrderEffect, StripeEffect):
    """Gives back part of one intent's money."""

    payment_intent: PaymentIntentId
    amount: Money
    metadata: Metadata

    @property
    @abstractmethod
    def reason(self) -> Literal["duplicate", "requested_by_customer"]:
        """Why, in Stripe's words."""

    @override
    async def perform(self, ports: Ports) -> RefundAnswer:
        new = NewRefund(
            payment_intent=self.payment_intent,
            amount=self.amount,
            reason=self.reason,
            metadata=self.metadata | self.mark,
        )
        account = self.account(ports)
        try:
            return self._answer(await account.create_refund(new, key=self.idempotency_key))
        except RefusedError as error:
            if error.code == "idempotency_mismatch":
                raise  # something was made under this key: it is looked for
            code, message = error.code, error.detail
        # Somebody may have been faster, for example in the dashboard: what is decided next has to know.
        seen = await account.find_refunds(self.payment_intent, {})
        return RefundAnswer(
            payment_intent=self.payment_intent, amount=self.amount, code=code, message=message, seen=seen
        )

    @override
    async def find(self, ports: Ports, since: datetime) -> RefundAnswer | None:
        found = await self.account(ports).find_refunds(self.payment_intent, self.mark)
        return self._answer(found[0]) if found else None

    def _answer(self, refund: Refund) -> RefundAnswer:
        return RefundAnswer(payment_intent=self.payment_intent, amount=self.amount, refund=refund)

    @override
    def facts(self, result: RefundAnswer, at: datetime) -> Sequence[Fact]:
        views = result.seen if result.refund is None else (result.refund,)
        return [RefundObserved(self.stripe, self.order, refund) for refund in views]

    @override
    def detail(self, result: RefundAnswer) -> Mapping[str, str]:
        if result.refund is None:
            return {"payment_intent": self.payment_intent, "refused": result.code or ""}
        return {
            "payment_intent": self.payment_intent,
            "refund": result.refund.id,
            "status": result.refund.status or "",
        }
