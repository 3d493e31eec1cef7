"""Can a shopper pay on the page, fail, try again, come back, and be too late?"""

from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import call
from tests.sandbox.stripe.tour import session_parameters


class Browser:
    """Follows the pages."""

    def __init__(self, client: stripe.StripeClient, sandbox: StripeSandbox) -> None:
        self.client = client
        self.sandbox = sandbox

    async def session(self, **changes: object) -> Any:  # an SDK object
        return await cast("Any", self.client.v1.checkout.sessions).create_async(session_parameters(**changes))

    async def now(self, session: Any) -> Any:  # an SDK object
        return await self.client.v1.checkout.sessions.retrieve_async(
            session.id, {"expand": ["payment_intent.latest_charge"]}
        )

    async def get(self, url: str) -> tuple[int, str, str | None]:
        body, status, headers = await call(self.sandbox.app, "GET", url, {})
        return status, body.decode(), headers.get("location")

    async def submit(self, url: str, **fields: str) -> tuple[int, str, str | None]:
        body, status, headers = await call(self.sandbox.app, "POST", url, {}, urlencode(fields).encode())
        return status, body.decode(), headers.get("location")

    async def types(self) -> list[str]:
        return [str(event.type) for event in (await self.client.v1.events.list_async({"limit": 100})).data][::-1]


@pytest.fixture
def browser(client: stripe.StripeClient, sandbox: StripeSandbox) -> Browser:
    return Browser(client, sandbox)


async def test_a_payment_on_the_page(browser: Browser) -> None:
    session = await browser.session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.expires_at - session.created) == (5000, 24 * 3600)
    status, page, _ = await browser.get(session.url)
    assert (status, "Order 100000042" in page, "$50.00" in page) == (200, True, True)
    status, _, location = await browser.submit(
        session.url, card="4242 4242 4242 4242", email="ann@example.com", name="Ann"
    )
    assert (status, location) == (303, f"https://shop.example/ok?session={session.id}")
    ended = await browser.now(session)
    assert (ended.status, ended.payment_status, ended.url) == ("complete", "paid", None)
    assert (ended.customer_details.email, ended.customer_details.name) == ("ann@example.com", "Ann")
    intent = ended.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["magento_order_id"]) == ("succeeded", 5000, "42")
    assert intent.latest_charge.billing_details.email == "ann@example.com"
    assert await browser.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    found = await browser.client.v1.checkout.sessions.list_async({"payment_intent": intent.id})
    assert [each.id for each in found.data] == [session.id]


async def test_a_failed_attempt_leaves_the_page_open_and_the_intent_the_same(browser: Browser) -> None:
    session = await browser.session()
    status, page, _ = await browser.submit(session.url, card="4000000000000002", email="a@b.ch")
    assert (status, "Your card was declined." in page) == (402, True)
    failed = await browser.now(session)
    assert (failed.status, failed.payment_intent.status) == ("open", "requires_payment_method")
    status, page, _ = await browser.submit(session.url, card="1111", email="a@b.ch")
    assert (status, "card number is incorrect" in page) == (402, True)
    await browser.submit(session.url, card="4242424242424242", email="a@b.ch")
    paid = await browser.now(session)
    assert (paid.status, paid.payment_intent.id) == ("complete", failed.payment_intent.id)
    charges = (await browser.client.v1.charges.list_async({"payment_intent": paid.payment_intent.id})).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


@pytest.mark.parametrize(("outcome", "status"), [("complete", "complete"), ("fail", "open")])
async def test_through_the_bank_and_back(browser: Browser, outcome: str, status: str) -> None:
    session = await browser.session()
    _, _, bank = await browser.submit(session.url, card="4000002500003155", email="a@b.ch")
    assert bank is not None
    assert (await browser.now(session)).payment_intent.status == "requires_action"
    secret = parse_qs(urlsplit(bank).query)["client_secret"][0]
    _, _, back = await browser.submit(bank, outcome=outcome, client_secret=secret)
    assert back is not None
    code, page, shop = await browser.get(back)
    if outcome == "complete":
        assert (code, shop) == (303, f"https://shop.example/ok?session={session.id}")
    else:
        assert (code, "unable to authenticate" in page) == (402, True)
    assert (await browser.now(session)).status == status


async def test_a_page_that_is_paid_or_expired_takes_no_money(browser: Browser, sandbox: StripeSandbox) -> None:
    paid, expired, timed_out = [await browser.session() for _ in range(3)]
    await browser.submit(paid.url, card="4242424242424242", email="a@b.ch")
    await browser.client.v1.checkout.sessions.expire_async(expired.id)
    sandbox.advance(24 * 3600)
    for session in (paid, expired, timed_out):
        assert "<form" not in (await browser.get(session.url))[1]
        assert "<form" not in (await browser.submit(session.url, card="4242424242424242", email="a@b.ch"))[1]
    assert len(sandbox.accounts["main"].charges) == 1
    assert (await browser.types()).count("checkout.session.expired") == 2
    with pytest.raises(stripe.InvalidRequestError, match="open"):
        await browser.client.v1.checkout.sessions.expire_async(paid.id)


async def test_the_intent_of_an_open_page_is_ended_through_the_page(browser: Browser) -> None:
    session = await browser.session()
    await browser.submit(session.url, card="4000000000000002", email="a@b.ch")
    intent = (await browser.now(session)).payment_intent.id
    with pytest.raises(stripe.InvalidRequestError, match="Expire the Checkout"):
        await browser.client.v1.payment_intents.cancel_async(intent)
    await browser.client.v1.checkout.sessions.expire_async(session.id)
    assert (await browser.client.v1.payment_intents.retrieve_async(intent)).status == "canceled"


async def test_an_authorisation_on_the_page_is_captured_later(browser: Browser) -> None:
    session = await browser.session(payment_intent_data={"capture_method": "manual"})
    await browser.submit(session.url, card="4242424242424242", email="a@b.ch")
    held = await browser.now(session)
    assert (held.status, held.payment_status, held.payment_intent.status) == ("complete", "unpaid", "requires_capture")
    await browser.client.v1.payment_intents.capture_async(held.payment_intent.id)
    assert (await browser.now(session)).payment_status == "paid"


@pytest.mark.parametrize(
    ("account", "event", "payment_status"),
    [
        ("pm_usBankAccount", "checkout.session.async_payment_succeeded", "paid"),
        ("pm_usBankAccount_insufficientFunds", "checkout.session.async_payment_failed", "unpaid"),
    ],
)
async def test_a_slow_payment_is_told_when_it_has_ended(
    browser: Browser, sandbox: StripeSandbox, account: str, event: str, payment_status: str
) -> None:
    session = await browser.session(allowed_payment_method_types=["card", "us_bank_account"])
    await browser.submit(session.url, method=account, email="a@b.ch")
    waiting = await browser.now(session)
    assert (waiting.status, waiting.payment_status, waiting.payment_intent.status) == (
        "complete",
        "unpaid",
        "processing",
    )
    sandbox.advance(sandbox.config.settlement_delay)
    assert (await browser.now(session)).payment_status == payment_status
    assert event in await browser.types()


async def test_a_customer_is_used_or_made(browser: Browser) -> None:
    ann = await browser.client.v1.customers.create_async({"email": "ann@example.com"})
    hers = await browser.session(customer=ann.id)
    status, page, _ = await browser.get(hers.url)
    assert (status, "ann@example.com" in page) == (200, True)
    await browser.submit(hers.url, card="4242424242424242")
    assert (await browser.now(hers)).payment_intent.customer == ann.id
    made = await browser.session(customer_creation="always", customer_email="bea@example.com")
    await browser.submit(made.url, card="4242424242424242")
    ended = await browser.now(made)
    assert (await browser.client.v1.customers.retrieve_async(ended.customer)).email == "bea@example.com"
    guest = await browser.session()
    await browser.submit(guest.url, card="4242424242424242", email="c@d.ch")
    assert (await browser.now(guest)).payment_intent.customer is None


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"success_url": None}, "success_url"),
        ({"line_items": []}, "line_items"),
        ({"expires_at": 1_790_000_000 + 60}, "expires_at"),
        ({"expires_at": 1_790_000_000 + 2 * 86_400}, "expires_at"),
        ({"mode": "subscription"}, "mode other than payment"),
        ({"customer": "cus_x", "customer_email": "a@b.ch"}, None),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
    ],
)
async def test_what_stripe_refuses_is_refused(browser: Browser, changes: dict[str, object], param: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await browser.session(**changes)
    assert refused.value.param == param


async def test_the_page_can_be_paid_without_a_browser(browser: Browser, sandbox: StripeSandbox) -> None:
    session = await browser.session()
    url = f"http://stripe.test/_sandbox/accounts/main/checkout_sessions/{session.id}/pay"
    body, status, _ = await call(sandbox.app, "POST", url, {}, orjson.dumps({"card": "4000000000009995"}))
    assert (status, orjson.loads(body)["error"]["decline_code"]) == (402, "insufficient_funds")
    body, status, _ = await call(sandbox.app, "POST", url, {}, orjson.dumps({"card": "4242424242424242"}))
    assert (status, orjson.loads(body)["payment_status"]) == (200, "paid")


async def test_unknown_pages_and_strange_input_are_harmless(browser: Browser) -> None:
    session = await browser.session(line_items=[
        {"price_data": {"currency": "usd", "unit_amount": 100, "product_data": {"name": "<script>alert(1)</script>"}}}
    ])  # fmt: skip
    assert "<script>alert" not in (await browser.get(session.url))[1]
    for path in ("/c/pay/main/cs_unknown", "/c/pay/nobody/cs_x", "/3d_secure/main/pi_x", "/receipts/ch_x"):
        assert (await browser.get(f"http://stripe.test{path}"))[0] == 404


async def test_the_receipt_shows_what_was_paid(browser: Browser) -> None:
    session = await browser.session()
    await browser.submit(session.url, card="4242424242424242", email="a@b.ch")
    charge = (await browser.now(session)).payment_intent.latest_charge
    status, page, _ = await browser.get(charge.receipt_url)
    assert (status, "$50.00" in page) == (200, True)
