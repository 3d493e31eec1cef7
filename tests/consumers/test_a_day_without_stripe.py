"""Stripe cannot be reached for longer than it keeps keys, and all that has been waiting comes at once."""

from datetime import timedelta

import pytest

from sidecar.errors import TransientError, UnknownOutcomeError
from sidecar.ports.payments import Attempt, IdempotencyKey, NewPaymentIntent
from sidecar.ports.records import EffectToBegin
from tests.consumers.builders import ORDER
from tests.consumers.refund_world import World

KEY = f"stripe:main/test:payment_intent:{ORDER}/1"


async def test_what_never_left_is_not_looked_for_among_all_that_was_made_since() -> None:
    world = World()
    world.stripe.fail_next(TransientError("stripe", "circuit_open"), method="create_payment_intent")
    with pytest.raises(TransientError):
        await world.order_placed()
    assert await world.ports.store.ledger.read(KEY) is None
    world.time += timedelta(days=2)
    await world.order_placed()
    assert world.intent.status == "succeeded"
    assert "find_payment_intents" not in {call.method for call in world.stripe.calls}


async def test_what_may_have_left_before_is_looked_for_although_it_could_not_leave_again() -> None:
    world = World()
    lost = UnknownOutcomeError("stripe", "timeout")
    world.stripe.fail_next(lost, when="after", method="create_payment_intent")
    with pytest.raises(UnknownOutcomeError):
        await world.order_placed()
    world.stripe.fail_next(TransientError("stripe", "circuit_open"), method="create_payment_intent")
    with pytest.raises(TransientError):
        await world.order_placed()
    world.time += timedelta(days=2)
    world.stripe.forget_keys()
    await world.order_placed()
    assert world.intent.status == "succeeded"


async def test_what_somebody_else_is_about_meanwhile_stays_written_down() -> None:
    world = World()
    ledger, create = world.ports.store.ledger, world.stripe.create_payment_intent

    async def meanwhile(new: NewPaymentIntent, *, key: IdempotencyKey) -> Attempt:
        await ledger.begin(EffectToBegin(KEY, "CreatePaymentIntent", ORDER, "{}"), world.now())
        return await create(new, key=key)

    world.stripe.create_payment_intent = meanwhile  # type: ignore[method-assign]  # two orders may want one customer
    world.stripe.fail_next(TransientError("stripe", "lock_timeout"), method="create_payment_intent")
    with pytest.raises(TransientError):
        await world.order_placed()
    entry = await ledger.read(KEY)
    assert entry is not None
    assert entry.attempts == 2
