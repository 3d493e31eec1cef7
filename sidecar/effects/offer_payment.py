"""Give the shopper, through Magento, a way to pay."""

from datetime import datetime
from typing import Literal

from typing_extensions import override

from schemas.ids import CheckoutSessionId, PaymentIntentId, StripeRef
from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import PaymentLink, WriteBack


class OfferPayment(MagentoEffect):
    """Writes the hosted page's address, and the client secret of an intent for a headless front.

    The client secret is read from Stripe at the moment of writing: the ledger never sees it.

    Attributes:
        url: where to go: a Checkout page, or the bank's page for 3-D Secure.
        payment_intent: the intent that a headless front may confirm.
    """

    stripe: StripeRef
    reason: Literal["unpaid", "payment_failed", "action_required"]
    url: str | None
    payment_intent: PaymentIntentId | None
    checkout_session: CheckoutSessionId | None
    expires_at: datetime | None
    notify_shopper: bool

    @property
    @override
    def key(self) -> str:
        return self._key("link", f"{self.reason}/{self.checkout_session or '-'}/{self.payment_intent or '-'}")

    @property
    @override
    def summary(self) -> str:
        return f"Magento shows the shopper a way to pay: {self.reason.replace('_', ' ')}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        secret = None
        if self.payment_intent is not None:
            secret = (await ports.payments[self.stripe].retrieve_payment_intent(self.payment_intent)).client_secret
        link = PaymentLink(
            payment_intent_id=self.payment_intent,
            checkout_session_id=self.checkout_session,
            url=self.url,
            client_secret=secret,
            expires_at=self.expires_at,
            reason=self.reason,
            notify_shopper=self.notify_shopper,
        )
        return await self.magento(ports).record_payment_link(self.order.order_id, link)
