"""Every contract: its type, its class, the exchange it is published to and its routing key."""

from dataclasses import dataclass
from typing import Literal

from schemas.commerce.payment_events import (
    PaymentActionRequiredV1,
    PaymentAuthorizedV1,
    PaymentCanceledV1,
    PaymentCapturedV1,
    PaymentFailedV1,
    PaymentHeldV1,
    PaymentRefundedV1,
    PaymentWindowClosedV1,
)  # fmt: skip
from schemas.commerce.refund_failed_v1 import RefundFailedV1
from schemas.contract import Frozen
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_edited_v1 import OrderEditedV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.shipment_created_v1 import ShipmentCreatedV1
from schemas.stripe.event_v1 import StripeEventV1

Exchange = Literal["magento.events", "stripe.events", "commerce.events"]


@dataclass(frozen=True, slots=True)
class Contract:
    """One kind of message.

    Attributes:
        name: the CloudEvents type, which ends in the version.
        model: the class of the envelope's `data`.
        exchange: the topic exchange it is published to.
        routing_key: the key it is published with, or the pattern of keys where the publisher adds detail.
        address: the key with `{names}` for what the publisher adds.
    """

    name: str
    model: type[Frozen]
    exchange: Exchange
    routing_key: str
    address: str


def _contract(model: type[Frozen], exchange: Exchange) -> Contract:
    name: str = getattr(model, "TYPE")  # noqa: B009  # a ClassVar that the base cannot declare
    key = name.split(".", 1)[1]
    return Contract(name, model, exchange, routing_key=key, address=key)


_STRIPE_EVENT = Contract(
    StripeEventV1.TYPE, StripeEventV1, "stripe.events", routing_key="*.*.#", address="{account}.{mode}.{event}"
)


CATALOG: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        _contract(OrderPlacedV1, "magento.events"),
        _contract(OrderCanceledV1, "magento.events"),
        _contract(OrderEditedV1, "magento.events"),
        _contract(CustomerSavedV1, "magento.events"),
        _contract(CustomerDeletedV1, "magento.events"),
        _contract(CreditmemoCreatedV1, "magento.events"),
        _contract(ShipmentCreatedV1, "magento.events"),
        _STRIPE_EVENT,
        _contract(PaymentAuthorizedV1, "commerce.events"),
        _contract(PaymentCapturedV1, "commerce.events"),
        _contract(PaymentFailedV1, "commerce.events"),
        _contract(PaymentActionRequiredV1, "commerce.events"),
        _contract(PaymentCanceledV1, "commerce.events"),
        _contract(PaymentRefundedV1, "commerce.events"),
        _contract(PaymentHeldV1, "commerce.events"),
        _contract(PaymentWindowClosedV1, "commerce.events"),
        _contract(RefundFailedV1, "commerce.events"),
    )
}
"""By CloudEvents type. Stripe events are published with the key `{account}.{mode}.{Stripe's event type}`."""
