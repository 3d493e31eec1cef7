from collections.abc import AsyncIterator

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import Time, new_sandbox, sdk


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def sandbox(time: Time) -> AsyncIterator[StripeSandbox]:
    made = new_sandbox(time)
    yield made
    await made.delivery.aclose()


@pytest.fixture
def client(sandbox: StripeSandbox) -> stripe.StripeClient:
    return sdk(sandbox)
