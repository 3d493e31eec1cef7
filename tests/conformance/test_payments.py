"""What every account has to do, asked of the adapter against the stand-in and of the one in memory."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal, Protocol

import aiohttp
import orjson
import pytest
from pydantic import SecretStr

from schemas.ids import (
    AccountAlias,
    CheckoutSessionId,
    CustomerId,
    PaymentIntentId,
    PaymentMethodId,
    StripeRef,
)
from schemas.magento.address import Address
from schemas.money import Money
from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import CustomerShipping
from schemas.stripe.event_v1 import OtherObject, StripeEventV1
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.adapters.stripe.accounts import open_accounts
from sidecar.adapters.stripe.options import StripeAccountOptions, stripe_limits
from sidecar.customer_profile.addresses import stripe_address
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import SHARED, Changes, Profile, ProfileField, TaxNumber
from sidecar.errors import NotFoundError, RefusedError, TransientError, UnknownOutcomeError
from sidecar.ports.payments import (
    Attempt,
    IdempotencyKey,
    NewCheckoutSession,
    NewCustomer,
    NewPaymentIntent,
    NewRefund,
    Payments,
    Shipping,
)
from sidecar.sandbox.stripe import AccountConfig, RateLimits, StripeSandbox, StripeSandboxConfig
from tests.fakes.payments import FakePayments
from tests.serving import serving

REF = StripeRef(account=AccountAlias("main"), mode="test")
SECRET_KEY = "sk_test_conformance"
PRICE = Money(minor_units=8748, currency="USD")
ADDRESS = Address(
    firstname="Grace",
    lastname="Hopper",
    street=("1 Navy Way", "Building 7", "Room 3"),
    city="Arlington",
    region="Virginia",
    region_code="VA",
    postcode="22201",
    country_id="US",
)
PAYS, DECLINED = "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds"
ASKS = "pm_card_authenticationRequired"

_numbers = count(1)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class World(Protocol):
    """An account, and the shopper in front of it."""

    @property
    def payments(self) -> Payments: ...

    async def pay_page(self, session: CheckoutSessionId, card: str) -> None: ...

    async def authenticate(self, intent: PaymentIntentId, *, passed: bool) -> None: ...

    async def save_card(self, customer: CustomerId) -> PaymentMethodId:
        """The shopper saves a card."""

    async def settle_refund(self, refund: Refund, status: Literal["succeeded", "failed"]) -> None:
        """The bank takes the money, or does not."""

    async def pass_hours(self, hours: int) -> None:
        """Time passes at Stripe."""

    async def lose_next_answer(self) -> None:
        """The next intent is made, and nobody hears of it."""

    async def be_away_once(self) -> None:
        """The next intent is not made."""


class Memory:
    def __init__(self) -> None:
        self.ahead = timedelta()
        self.fake = FakePayments(REF, lambda: datetime.now(UTC) + self.ahead)

    @property
    def payments(self) -> Payments:
        return self.fake

    async def pay_page(self, session: CheckoutSessionId, card: str) -> None:
        self.fake.pay_page(session, card)

    async def authenticate(self, intent: PaymentIntentId, *, passed: bool) -> None:
        if passed:
            self.fake.succeed(intent)
        else:
            self.fake.decline(intent)

    async def save_card(self, customer: CustomerId) -> PaymentMethodId:
        return self.fake.save_card(customer)

    async def settle_refund(self, refund: Refund, status: Literal["succeeded", "failed"]) -> None:
        self.fake.settle_refund(refund.id, status)

    async def pass_hours(self, hours: int) -> None:
        self.ahead += timedelta(hours=hours)

    async def lose_next_answer(self) -> None:
        self.fake.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method="create_payment_intent")

    async def be_away_once(self) -> None:
        self.fake.fail_next(TransientError("stripe", "http_503"), method="create_payment_intent")


class StandIn:
    def __init__(self, payments: Payments, address: str) -> None:
        self._payments = payments
        self._address = address

    @property
    def payments(self) -> Payments:
        return self._payments

    async def pay_page(self, session: CheckoutSessionId, card: str) -> None:
        await self._act(f"accounts/main/checkout_sessions/{session}/pay", {"card": card})

    async def authenticate(self, intent: PaymentIntentId, *, passed: bool) -> None:
        await self._act(f"accounts/main/payment_intents/{intent}/authenticate", {"succeeded": passed})

    async def save_card(self, customer: CustomerId) -> PaymentMethodId:
        url = f"{self._address}/v1/payment_methods/pm_card_visa/attach"
        headers = {"Authorization": f"Bearer {SECRET_KEY}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(url, data={"customer": customer}) as answer,
        ):
            return PaymentMethodId(orjson.loads(await answer.read())["id"])

    async def settle_refund(self, refund: Refund, status: Literal["succeeded", "failed"]) -> None:
        await self._act(f"accounts/main/refunds/{refund.id}/settle", {"status": status})

    async def pass_hours(self, hours: int) -> None:
        await self._act("clock/advance", {"seconds": hours * 3600})

    async def lose_next_answer(self) -> None:
        await self._act("faults", {"kind": "cut_body", "method": "POST", "path": "/v1/payment_intents"})

    async def be_away_once(self) -> None:
        fault = {"kind": "status", "status": 503, "method": "POST", "path": "/v1/payment_intents"}
        await self._act("faults", fault)

    async def _act(self, path: str, body: Mapping[str, object]) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._address}/_sandbox/{path}", json=body) as answer,
        ):
            assert answer.status in {200, 402}, await answer.text()


@pytest.fixture(params=["memory", "stripe"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        yield Memory()
        return
    config = StripeSandboxConfig(
        accounts={"main": AccountConfig(secret_keys=(SecretStr(SECRET_KEY),))}, rate_limits=RateLimits(enabled=False)
    )
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serving(StripeSandbox(config).app))
        options = StripeAccountOptions(
            ref=REF,
            secret_key=SecretStr(SECRET_KEY),
            limits=stripe_limits("test", per_second=10_000, endpoint_per_second=10_000),
            base_url=address,
        )
        accounts = await stack.enter_async_context(open_accounts([options], SystemClock()))
        yield StandIn(accounts[REF], address)


@pytest.fixture
def payments(world: World) -> Payments:
    return world.payments


def a_key() -> IdempotencyKey:
    return IdempotencyKey(f"key-{next(_numbers)}")


def an_intent(payment_method: str | None = None, **fields: Any) -> NewPaymentIntent:
    known: dict[str, Any] = {
        "amount": PRICE,
        "customer": None,
        "payment_method": payment_method,
        "capture_method": "automatic",
        "description": "Order 000000042",
        "metadata": {"magento_order_id": "42"},
    }
    return NewPaymentIntent.model_validate(known | fields)


def a_page(**fields: Any) -> NewCheckoutSession:
    known: dict[str, Any] = {
        "amount": PRICE,
        "customer": None,
        "capture_method": "automatic",
        "description": "Order 000000042",
        "success_url": "https://shop.example/thanks",
        "cancel_url": "https://shop.example/cart",
        "expires_at": datetime.now(UTC) + timedelta(hours=3),
        "metadata": {"magento_order_id": "42", "magento_increment_id": "000000042"},
    }
    return NewCheckoutSession.model_validate(known | fields)


async def a_customer(payments: Payments, email: str = "grace@example.com", **metadata: str) -> CustomerId:
    new = NewCustomer(
        name="Grace Hopper",
        email=email,
        phone="5550100",
        address=ADDRESS,
        preferred_locale="en_US",
        metadata=metadata,
    )
    return (await payments.create_customer(new, key=a_key())).id


async def paid(payments: Payments, **fields: Any) -> PaymentIntent:
    attempt = await payments.create_payment_intent(an_intent(PAYS, **fields), key=a_key())
    return attempt.intent


def a_refund(intent: PaymentIntent, cents: int, **metadata: str) -> NewRefund:
    return NewRefund(payment_intent=intent.id, amount=Money(minor_units=cents, currency="USD"), metadata=metadata)


# Paying with a PaymentMethod.


async def test_a_card_that_pays_succeeds_with_its_charge(payments: Payments) -> None:
    customer = await a_customer(payments)
    new = an_intent(
        PAYS,
        customer=customer,
        return_url="https://shop.example/back",
        receipt_email="grace@example.com",
        statement_descriptor_suffix="ORDER 000000042",
        shipping=Shipping(name="Grace Hopper", phone="5550100", address=ADDRESS),
        save_payment_method=True,
    )
    attempt = await payments.create_payment_intent(new, key=a_key())
    intent = attempt.intent
    assert attempt.error is None
    assert (intent.status, intent.received, intent.customer) == ("succeeded", PRICE, customer)
    assert (intent.currency, intent.metadata) == ("usd", new.metadata)
    assert intent.charge is not None
    assert (intent.charge.captured, intent.charge.amount_captured) == (True, 8748)
    assert intent.charge.payment_method_details is not None
    assert intent.charge.payment_method_details.card is not None
    assert intent.charge.payment_method_details.card.last4 == "4242"
    assert intent.charge.outcome is not None
    assert intent.charge.outcome.risk_level == "normal"


async def test_what_is_read_later_is_what_was_made(payments: Payments) -> None:
    intent = await paid(payments)
    assert await payments.retrieve_payment_intent(intent.id) == intent
    assert intent.charge is not None
    assert await payments.retrieve_charge(intent.charge.id) == intent.charge


async def test_manual_capture_reserves(payments: Payments) -> None:
    intent = await paid(payments, capture_method="manual")
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 8748, 0)
    assert intent.charge is not None
    assert not intent.charge.captured


async def test_a_decline_is_an_answer(payments: Payments) -> None:
    attempt = await payments.create_payment_intent(an_intent(DECLINED), key=a_key())
    assert attempt.error is not None
    assert (attempt.error.type, attempt.error.code, attempt.error.decline_code) == (
        "card_error",
        "card_declined",
        "insufficient_funds",
    )
    assert attempt.intent.status == "requires_payment_method"
    assert attempt.intent.last_payment_error == attempt.error
    assert attempt.error.charge is not None
    assert attempt.intent.charge_id == attempt.error.charge
    assert (await payments.retrieve_charge(attempt.error.charge)).status == "failed"


async def test_a_decline_says_what_to_do_next(payments: Payments) -> None:
    attempt = await payments.create_payment_intent(an_intent("pm_card_visa_chargeDeclinedStolenCard"), key=a_key())
    assert attempt.error is not None
    assert (attempt.error.decline_code, attempt.error.advice_code) == ("stolen_card", "do_not_try_again")


async def test_authentication_leads_to_the_bank_and_back(world: World) -> None:
    new = an_intent(ASKS, return_url="https://shop.example/back")
    asked = (await world.payments.create_payment_intent(new, key=a_key())).intent
    assert asked.status == "requires_action"
    assert asked.next_action is not None
    assert asked.next_action.redirect_to_url is not None
    assert asked.next_action.redirect_to_url.url
    await world.authenticate(asked.id, passed=True)
    assert (await world.payments.retrieve_payment_intent(asked.id)).status == "succeeded"


async def test_failed_authentication_leaves_the_intent_to_another_card(world: World) -> None:
    new = an_intent(ASKS, return_url="https://shop.example/back")
    asked = (await world.payments.create_payment_intent(new, key=a_key())).intent
    await world.authenticate(asked.id, passed=False)
    intent = await world.payments.retrieve_payment_intent(asked.id)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None


async def test_without_an_address_to_come_back_to_nothing_leads_away(payments: Payments) -> None:
    assert (await payments.create_payment_intent(an_intent(PAYS), key=a_key())).intent.status == "succeeded"


async def test_off_session_authentication_is_a_decline(payments: Payments) -> None:
    customer = await a_customer(payments)
    new = an_intent(ASKS, customer=customer, off_session=True, save_payment_method=True)
    attempt = await payments.create_payment_intent(new, key=a_key())
    assert attempt.error is not None
    assert attempt.error.code == "authentication_required"
    assert attempt.intent.status == "requires_payment_method"


async def test_an_intent_without_a_card_waits_for_the_shopper(payments: Payments) -> None:
    new = an_intent(off_session=True, return_url="https://shop.example/back")
    intent = (await payments.create_payment_intent(new, key=a_key())).intent
    assert intent.status == "requires_payment_method"
    assert intent.client_secret is not None
    assert intent.client_secret.get_secret_value().startswith(f"{intent.id}_secret_")


async def test_the_yen_has_no_cents(payments: Payments) -> None:
    intent = await paid(payments, amount=Money(minor_units=1099, currency="JPY"))
    assert intent.received == Money(minor_units=1099, currency="JPY")


async def test_too_little_is_refused_with_the_field(payments: Payments) -> None:
    new = an_intent(PAYS, amount=Money(minor_units=3, currency="USD"))
    with pytest.raises(RefusedError) as refused:
        await payments.create_payment_intent(new, key=a_key())
    assert (refused.value.code, refused.value.field) == ("amount_too_small", "amount")


async def test_an_unknown_customer_is_refused_with_the_field(payments: Payments) -> None:
    with pytest.raises(RefusedError) as refused:
        await payments.create_payment_intent(an_intent(PAYS, customer=CustomerId("cus_nobody")), key=a_key())
    assert (refused.value.code, refused.value.field) == ("resource_missing", "customer")


async def test_an_unknown_payment_method_is_refused_with_the_field_and_nothing_is_made(payments: Payments) -> None:
    new = an_intent("pm_unknown", metadata={"about": "pm_unknown"})
    with pytest.raises(RefusedError) as refused:
        await payments.create_payment_intent(new, key=a_key())
    assert (refused.value.code, refused.value.field) == ("resource_missing", "payment_method")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert await payments.find_payment_intents(None, long_ago, new.metadata) == ()


# Keys.


async def test_the_same_key_does_it_once(payments: Payments) -> None:
    key, new = a_key(), an_intent(PAYS)
    first, second = [await payments.create_payment_intent(new, key=key) for _ in range(2)]
    assert first == second
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert len(await payments.find_payment_intents(None, since, {})) == 1


async def test_the_same_key_repeats_the_decline(payments: Payments) -> None:
    key, new = a_key(), an_intent(DECLINED)
    first, second = [await payments.create_payment_intent(new, key=key) for _ in range(2)]
    assert isinstance(first, Attempt)
    assert first == second


async def test_a_key_is_for_one_request(payments: Payments) -> None:
    key = a_key()
    await payments.create_payment_intent(an_intent(PAYS), key=key)
    other = an_intent(PAYS, amount=Money(minor_units=8749, currency="USD"))
    with pytest.raises(RefusedError) as refused:
        await payments.create_payment_intent(other, key=key)
    assert refused.value.code == "idempotency_mismatch"


@pytest.mark.parametrize("card", [PAYS, DECLINED])
async def test_an_answer_that_was_lost_is_had_by_asking_again(world: World, card: str) -> None:
    key, new = a_key(), an_intent(card)
    await world.lose_next_answer()
    with pytest.raises(UnknownOutcomeError):
        await world.payments.create_payment_intent(new, key=key)
    since = datetime.now(UTC) - timedelta(minutes=1)
    (made,) = await world.payments.find_payment_intents(None, since, {})
    attempt = await world.payments.create_payment_intent(new, key=key)
    assert (attempt.intent.id, attempt.intent.status) == (made.id, made.status)
    assert len(await world.payments.find_payment_intents(None, since, {})) == 1


async def test_what_was_turned_away_can_be_asked_again(world: World) -> None:
    key = a_key()
    await world.be_away_once()
    with pytest.raises(TransientError) as failed:
        await world.payments.create_payment_intent(an_intent(PAYS), key=key)
    assert not isinstance(failed.value, UnknownOutcomeError)
    assert await world.payments.find_payment_intents(None, datetime.now(UTC) - timedelta(minutes=1), {}) == ()
    assert (await world.payments.create_payment_intent(an_intent(PAYS), key=key)).intent.status == "succeeded"


# Cancelling.


@pytest.mark.parametrize(
    ("card", "capture"), [(None, "automatic"), (DECLINED, "automatic"), (ASKS, "automatic"), (PAYS, "manual")]
)
async def test_what_is_not_paid_can_be_canceled(payments: Payments, card: str | None, capture: str) -> None:
    new = an_intent(card, capture_method=capture, return_url="https://shop.example/back" if card else None)
    intent = (await payments.create_payment_intent(new, key=a_key())).intent
    canceled = await payments.cancel_payment_intent(intent.id, key=a_key())
    assert (canceled.status, canceled.amount_capturable) == ("canceled", 0)
    assert await payments.retrieve_payment_intent(intent.id) == canceled


async def test_canceling_what_is_paid_says_that_it_is_paid(payments: Payments) -> None:
    intent = await paid(payments)
    assert await payments.cancel_payment_intent(intent.id, key=a_key()) == intent


async def test_canceling_twice_is_canceling(payments: Payments) -> None:
    intent = (await payments.create_payment_intent(an_intent(), key=a_key())).intent
    first = await payments.cancel_payment_intent(intent.id, key=a_key())
    assert await payments.cancel_payment_intent(intent.id, key=a_key()) == first


async def test_what_is_not_there_is_not_found(payments: Payments) -> None:
    with pytest.raises(NotFoundError):
        await payments.retrieve_payment_intent(PaymentIntentId("pi_nothing"))
    with pytest.raises(NotFoundError):
        await payments.retrieve_charge("ch_nothing")
    with pytest.raises(NotFoundError):
        await payments.cancel_payment_intent(PaymentIntentId("pi_nothing"), key=a_key())
    with pytest.raises(NotFoundError):
        await payments.retrieve_checkout_session(CheckoutSessionId("cs_test_nothing"))
    with pytest.raises(NotFoundError):
        await payments.expire_checkout_session(CheckoutSessionId("cs_test_nothing"), key=a_key())


# Pages.


async def test_a_page_is_open_and_has_no_intent(payments: Payments) -> None:
    customer = await a_customer(payments)
    new = a_page(
        customer=customer,
        shipping=Shipping(name="Grace Hopper", phone="5550100", address=ADDRESS),
        receipt_email="grace@example.com",
        statement_descriptor_suffix="ORDER 42",
        save_payment_method=True,
        locale="de_AT",
    )
    page = await payments.create_checkout_session(new, key=a_key())
    assert (page.status, page.payment_status, page.payment_intent) == ("open", "unpaid", None)
    assert page.url
    assert page.metadata == new.metadata
    assert abs(page.expires_at - new.expires_at.timestamp()) <= 600
    assert await payments.retrieve_checkout_session(page.id) == page


@pytest.mark.parametrize("hours", [-5, 0, 24, 80])
async def test_a_page_is_open_as_long_as_stripe_allows(payments: Payments, hours: int) -> None:
    before = datetime.now(UTC)
    page = await payments.create_checkout_session(a_page(expires_at=before + timedelta(hours=hours)), key=a_key())
    lives = datetime.fromtimestamp(page.expires_at, UTC) - before
    # Seconds are not split, and the bound may be rounded by ten minutes.
    assert timedelta(minutes=29, seconds=59) <= lives <= timedelta(hours=24, seconds=1)
    if hours > 1:
        assert lives >= timedelta(hours=23, minutes=45)


@pytest.mark.parametrize("capture", ["automatic", "manual"])
async def test_a_paid_page_leads_to_its_intent(world: World, capture: str) -> None:
    page = await world.payments.create_checkout_session(a_page(capture_method=capture), key=a_key())
    await world.pay_page(page.id, PAYS)
    done = await world.payments.retrieve_checkout_session(page.id)
    manual = capture == "manual"
    assert (done.status, done.payment_status) == ("complete", "unpaid" if manual else "paid")
    assert done.payment_intent is not None
    intent = await world.payments.retrieve_payment_intent(done.payment_intent)
    assert intent.status == ("requires_capture" if manual else "succeeded")
    assert intent.metadata == page.metadata
    assert intent.total == PRICE


async def test_a_page_stays_open_after_a_decline(world: World) -> None:
    page = await world.payments.create_checkout_session(a_page(), key=a_key())
    await world.pay_page(page.id, DECLINED)
    still = await world.payments.retrieve_checkout_session(page.id)
    assert still.status == "open"
    assert still.payment_intent is not None
    failed = await world.payments.retrieve_payment_intent(still.payment_intent)
    assert failed.status == "requires_payment_method"
    with pytest.raises(RefusedError):
        await world.payments.cancel_payment_intent(failed.id, key=a_key())
    await world.pay_page(page.id, PAYS)
    done = await world.payments.retrieve_checkout_session(page.id)
    assert (done.status, done.payment_intent) == ("complete", failed.id)


async def test_an_expired_page_takes_its_intent_along(world: World) -> None:
    page = await world.payments.create_checkout_session(a_page(), key=a_key())
    await world.pay_page(page.id, DECLINED)
    expired = await world.payments.expire_checkout_session(page.id, key=a_key())
    assert expired.status == "expired"
    assert expired.payment_intent is not None
    assert (await world.payments.retrieve_payment_intent(expired.payment_intent)).status == "canceled"


async def test_expiring_what_is_closed_says_how_it_is(world: World) -> None:
    page = await world.payments.create_checkout_session(a_page(), key=a_key())
    await world.pay_page(page.id, PAYS)
    assert (await world.payments.expire_checkout_session(page.id, key=a_key())).status == "complete"


# Refunds.


async def test_money_goes_back_in_parts_and_no_more_than_there_was(payments: Payments) -> None:
    intent = await paid(payments)
    first = await payments.create_refund(a_refund(intent, 748, part="1"), key=a_key())
    assert (first.amount, first.currency, first.payment_intent) == (748, "usd", intent.id)
    with pytest.raises(RefusedError) as refused:
        await payments.create_refund(a_refund(intent, 8001), key=a_key())
    assert (refused.value.code, refused.value.field) == ("amount_too_large", "amount")
    second = await payments.create_refund(a_refund(intent, 8000, part="2"), key=a_key())
    with pytest.raises(RefusedError) as refused:
        await payments.create_refund(a_refund(intent, 1), key=a_key())
    assert refused.value.code == "charge_already_refunded"
    assert await payments.find_refunds(intent.id, {}) == (second, first)
    assert await payments.find_refunds(intent.id, {"part": "1"}) == (first,)
    assert intent.charge is not None
    assert (await payments.retrieve_charge(intent.charge.id)).amount_refunded == 8748


async def test_a_refund_that_the_bank_took_at_once_is_on_the_accounts_ledger(payments: Payments) -> None:
    refund = await payments.create_refund(a_refund(await paid(payments), 748), key=a_key())
    assert (refund.status, refund.is_live, refund.failure_reason) == ("succeeded", True, None)
    assert refund.balance_transaction is not None
    assert refund.created <= int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize(("status", "left"), [("succeeded", 748), ("failed", 0)])
async def test_a_refund_waits_for_the_bank_and_money_that_it_does_not_take_is_back(
    world: World, status: Literal["succeeded", "failed"], left: int
) -> None:
    attempt = await world.payments.create_payment_intent(an_intent("pm_card_pendingRefund"), key=a_key())
    intent = attempt.intent
    refund = await world.payments.create_refund(a_refund(intent, 748), key=a_key())
    assert (refund.status, refund.reached) == ("pending", 0)
    await world.settle_refund(refund, status)
    (seen,) = await world.payments.find_refunds(intent.id, {})
    assert (seen.id, seen.status, seen.is_live) == (refund.id, status, status == "succeeded")
    assert (seen.failure_reason is None) == (status == "succeeded")
    assert intent.charge is not None
    assert (await world.payments.retrieve_charge(intent.charge.id)).amount_refunded == left


async def test_what_the_shoppers_bank_has_taken_back_is_not_refunded_besides(world: World) -> None:
    attempt = await world.payments.create_payment_intent(an_intent("pm_card_createDispute"), key=a_key())
    with pytest.raises(RefusedError) as refused:
        await world.payments.create_refund(a_refund(attempt.intent, 748), key=a_key())
    assert refused.value.code == "charge_disputed"


async def test_the_events_of_a_refund_tell_whose_money_it_is(world: World) -> None:
    attempt = await world.payments.create_payment_intent(an_intent("pm_card_pendingRefund"), key=a_key())
    refund = await world.payments.create_refund(a_refund(attempt.intent, 748, part="1"), key=a_key())
    await world.settle_refund(refund, "failed")
    told = {}
    async for raw in world.payments.list_events(datetime.now(UTC) - timedelta(hours=1)):
        event = StripeEventV1.model_validate_json(raw.body)
        told[event.type] = event.data.object
    assert {"charge.refunded", "refund.created", "refund.failed", "refund.updated", "charge.refund.updated"} <= set(
        told
    )
    for kind in ("refund.created", "refund.failed", "charge.refund.updated"):
        subject = told[kind]
        assert isinstance(subject, OtherObject)
        assert (subject.id, subject.payment_intent, subject.charge) == (refund.id, attempt.intent.id, refund.charge)
        assert subject.metadata == {"part": "1"}
    assert getattr(told["refund.failed"], "status", None) == "failed"


async def test_what_is_not_paid_cannot_be_refunded(payments: Payments) -> None:
    intent = (await payments.create_payment_intent(an_intent(), key=a_key())).intent
    with pytest.raises(RefusedError) as refused:
        await payments.create_refund(a_refund(intent, 100), key=a_key())
    assert refused.value.field == "payment_intent"


# Looking for what was made.


NEW = NewCustomer(
    name="Grace Hopper",
    email="grace@example.com",
    phone="5550100",
    address=ADDRESS,
    shipping=Shipping(name="Grace Hopper", phone="5550101", address=ADDRESS),
    preferred_locale="en_US",
    tax_exempt="exempt",
    business_name="Navy",
    metadata={"magento_customer_id": "7", "magento_group_id": "1"},
)


async def test_a_customer_has_what_it_was_made_with(payments: Payments) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    assert await payments.retrieve_customer(made.id) == made
    profile = profile_of_stripe(made)
    assert profile.model_dump(exclude={"address", "shipping"}) == {
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "phone": "5550100",
        "preferred_locales": ("en-US",),
        "tax_exempt": "exempt",
        "business_name": "Navy",
        "metadata": {"magento_customer_id": "7", "magento_group_id": "1"},
        "tax_number": None,
    }
    assert profile.address == stripe_address(ADDRESS)
    assert profile.shipping == CustomerShipping(name="Grace Hopper", phone="5550101", address=stripe_address(ADDRESS))


@pytest.mark.parametrize("field", [*SHARED, "shipping", "preferred_locales", "business_name"])
async def test_an_update_touches_nothing_else_and_null_unsets(payments: Payments, field: ProfileField) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    changed = await payments.update_customer(made.id, Changes(fields=(field,), to=Profile()), key=a_key())
    assert profile_of_stripe(changed) == profile_of_stripe(made).taking((field,), Profile())
    assert await payments.retrieve_customer(made.id) == changed


async def test_an_update_replaces_addresses_whole(payments: Payments) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    short = StripeAddress(line1="2 New Street", city="Boston", country="US")
    to = Profile(address=short, shipping=CustomerShipping(name="Ann", address=short))
    changed = await payments.update_customer(made.id, Changes(fields=("address", "shipping"), to=to), key=a_key())
    assert (profile_of_stripe(changed).address, profile_of_stripe(changed).shipping) == (to.address, to.shipping)


async def test_metadata_is_changed_key_by_key(payments: Payments) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    to = Profile(metadata={"magento_group_id": "2", "magento_customer_id": "", "magento_website": "base"})
    changed = await payments.update_customer(made.id, Changes(fields=("metadata",), to=to), key=a_key())
    assert changed.metadata == {"magento_group_id": "2", "magento_website": "base"}


async def test_an_address_that_is_none_is_refused_with_the_field(payments: Payments) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    with pytest.raises(RefusedError) as refused:
        await payments.update_customer(made.id, Changes(fields=("email",), to=Profile(email="no address")), key=a_key())
    assert refused.value.field == "email"


async def test_a_deleted_customer_is_deleted_for_good(payments: Payments) -> None:
    made = await payments.create_customer(NEW, key=a_key())
    assert (await payments.delete_customer(made.id)).deleted
    assert (await payments.delete_customer(made.id)).deleted
    assert (await payments.retrieve_customer(made.id)).deleted
    with pytest.raises(NotFoundError):
        await payments.update_customer(made.id, Changes(fields=("name",), to=Profile(name="x")), key=a_key())
    assert await payments.find_customers(NEW.email) == ()
    with pytest.raises(RefusedError) as refused:
        await payments.create_payment_intent(an_intent(customer=made.id), key=a_key())
    assert (refused.value.code, refused.value.field) == ("resource_missing", "customer")
    with pytest.raises(RefusedError) as refused:
        await payments.create_checkout_session(a_page(customer=made.id), key=a_key())
    assert (refused.value.code, refused.value.field) == ("resource_missing", "customer")


async def test_a_customer_that_was_never_there_is_not_found(payments: Payments) -> None:
    with pytest.raises(NotFoundError):
        await payments.retrieve_customer(CustomerId("cus_never"))


async def test_customers_are_found_by_their_address_letter_by_letter(payments: Payments) -> None:
    made = [await payments.create_customer(NEW, key=a_key()) for _ in range(2)]
    other = NEW.model_copy(update={"email": "Grace@example.com"})
    await payments.create_customer(other, key=a_key())
    assert await payments.find_customers(NEW.email) == tuple(reversed(made))


async def test_tax_numbers_come_and_go(payments: Payments) -> None:
    customer = (await payments.create_customer(NEW, key=a_key())).id
    number = TaxNumber(type="eu_vat", value="DE123456789")
    key = a_key()
    made = await payments.create_tax_id(customer, number, key=key)
    assert await payments.create_tax_id(customer, number, key=key) == made
    assert await payments.list_tax_ids(customer) == (made,)
    with pytest.raises(RefusedError) as refused:
        await payments.create_tax_id(customer, TaxNumber(type="eu_vat", value="123"), key=a_key())
    assert refused.value.code == "tax_id_invalid"
    for _ in range(2):
        await payments.delete_tax_id(made.id)
    assert await payments.list_tax_ids(customer) == ()


async def test_saved_cards_are_listed_and_taken_away(world: World) -> None:
    payments = world.payments
    customer = (await payments.create_customer(NEW, key=a_key())).id
    saved = await world.save_card(customer)
    assert await payments.list_payment_methods(customer) == (saved,)
    await payments.detach_payment_method(saved, key=a_key())
    assert await payments.list_payment_methods(customer) == ()


async def test_a_customer_is_found_by_address_and_metadata(payments: Payments) -> None:
    await a_customer(payments, sidecar_key="1", shop="a")
    second = await a_customer(payments, sidecar_key="2", shop="a")
    await a_customer(payments, "ada@example.com", sidecar_key="2", shop="a")
    found = await payments.find_customer("grace@example.com", {"shop": "a"})
    assert found is not None
    assert (found.id, found.metadata) == (second, {"sidecar_key": "2", "shop": "a"})
    assert await payments.find_customer("grace@example.com", {"sidecar_key": "3"}) is None
    assert await payments.find_customer("nobody@example.com", {}) is None


async def test_intents_are_found_by_customer_time_and_metadata(payments: Payments) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    customer = await a_customer(payments)
    theirs = await paid(payments, customer=customer, metadata={"sidecar_key": "1"})
    nobodys = await paid(payments, metadata={"sidecar_key": "1"})
    await paid(payments, customer=customer, metadata={"sidecar_key": "2"})
    assert await payments.find_payment_intents(customer, since, {"sidecar_key": "1"}) == (theirs,)
    assert await payments.find_payment_intents(None, since, {"sidecar_key": "1"}) == (nobodys, theirs)
    assert await payments.find_payment_intents(None, since, {"sidecar_key": "3"}) == ()
    assert await payments.find_payment_intents(None, since + timedelta(hours=1), {}) == ()


async def test_an_intent_that_is_old_enough_is_found_by_its_metadata_alone(world: World) -> None:
    payments, since = world.payments, datetime.now(UTC) - timedelta(minutes=1)
    old = await paid(payments, metadata={"magento_order_id": "42", "magento_instance": "it's"})
    open_one = (await payments.create_payment_intent(an_intent(), key=a_key())).intent
    await paid(payments, metadata={"magento_order_id": "421"})
    await world.pass_hours(13)
    await paid(payments, metadata={"magento_order_id": "42"})
    canceled = await payments.cancel_payment_intent(open_one.id, key=a_key())
    assert await payments.search_payment_intents(since, {"magento_order_id": "42"}) == (canceled, old)
    wanted = {"magento_order_id": "42", "magento_instance": "it's"}
    assert await payments.search_payment_intents(since, wanted) == (old,)
    assert await payments.search_payment_intents(since, {"magento_order_id": "43"}) == ()
    assert await payments.search_payment_intents(since + timedelta(hours=1), {"magento_order_id": "42"}) == ()


async def test_pages_are_found_by_customer_time_and_metadata(payments: Payments) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    customer = await a_customer(payments)
    page = await payments.create_checkout_session(a_page(customer=customer, metadata={"sidecar_key": "1"}), key=a_key())
    await payments.create_checkout_session(a_page(metadata={"sidecar_key": "2"}), key=a_key())
    assert await payments.find_checkout_sessions(customer, since, {"sidecar_key": "1"}) == (page,)
    assert await payments.find_checkout_sessions(None, since, {"sidecar_key": "1"}) == (page,)
    assert await payments.find_checkout_sessions(customer, since, {"sidecar_key": "2"}) == ()
    assert await payments.find_checkout_sessions(None, since + timedelta(hours=1), {}) == ()


# Events, endpoints, keys.


async def test_events_come_oldest_first_and_say_what_happened(payments: Payments) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    intent = await paid(payments)
    events = [event async for event in payments.list_events(since)]
    kinds = [event.type for event in events]
    assert kinds.index("payment_intent.created") < kinds.index("payment_intent.succeeded")
    assert [event.created for event in events] == sorted(event.created for event in events)
    succeeded = events[kinds.index("payment_intent.succeeded")]
    parsed = StripeEventV1.model_validate_json(succeeded.body)
    assert (parsed.id, parsed.type, parsed.livemode) == (succeeded.id, succeeded.type, False)
    assert isinstance(parsed.data.object, PaymentIntent)
    assert parsed.data.object.id == intent.id
    assert parsed.data.object.client_secret == intent.client_secret
    assert orjson.loads(succeeded.body)["data"]["object"]["latest_charge"] == intent.charge_id
    assert [event async for event in payments.list_events(since + timedelta(hours=1))] == []


async def test_an_account_without_endpoints_has_none(payments: Payments) -> None:
    assert await payments.list_webhook_endpoints() == ()


async def test_a_key_knows_its_mode(payments: Payments) -> None:
    assert payments.ref == REF
    assert await payments.key_mode() == "test"
    await paid(payments)
    assert await payments.key_mode() == "test"
