"""The shopper left a PaymentMethod that Stripe will not take: another's, one that was used up, or made up."""

import pytest

from sidecar.errors import RefusedError
from tests.consumers.refund_world import World


async def test_the_shopper_hears_of_it_and_is_offered_the_other_ways_to_pay() -> None:
    world = World("pm_unknown")
    await world.order_placed()
    assert world.intent.status == "requires_payment_method"
    (failure,) = world.order.failures
    assert (failure.code, failure.retryable) == ("payment_method_unusable", False)
    offered = world.order.link
    assert offered is not None
    assert (offered.reason, offered.payment_intent_id) == ("payment_failed", world.intent.id)
    assert offered.url is not None


async def test_it_is_said_once_however_often_the_order_comes() -> None:
    world = World("pm_unknown")
    for _ in range(3):
        await world.order_placed()
        await world.hear_everything()
    assert len(world.stripe.intents) == len(world.order.failures) == 1


async def test_what_is_paid_then_pays_the_order() -> None:
    world = World("pm_unknown")
    await world.order_placed()
    world.stripe.succeed(world.intent.id)
    await world.hear_everything()
    assert (world.order.invoices, len(world.order.failures)) == (1, 1)


async def test_what_is_wrong_with_anything_else_is_still_refused() -> None:
    world = World("pm_unknown")
    for _ in range(2):  # with what the shopper left, and without
        refusal = RefusedError("stripe", "parameter_invalid", "Too long", field="description")
        world.stripe.fail_next(refusal, method="create_payment_intent")
    with pytest.raises(RefusedError) as refused:
        await world.order_placed()
    assert refused.value.field == "description"
    assert world.stripe.intents == ()
