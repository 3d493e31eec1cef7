"""The one door by which Stripe's events come onto the broker: webhooks and the look-back both use it."""

from schemas.stripe.event_v1 import StripeEventV1
from sidecar.bridge.envelope import Wrapped
from sidecar.ports.publisher import Publisher


async def publish(publisher: Publisher, wrapped: Wrapped) -> None:
    """Publish one event and return when the broker has it.

    Raises:
        TransientError: it has not.
    """
    await publisher.publish(
        "stripe.events",
        wrapped.routing_key,
        wrapped.body,
        message_id=wrapped.event_id,
        message_type=StripeEventV1.TYPE,
        traceparent=wrapped.traceparent,
    )
