"""What is asked of Stripe: the mapping from the port's words to its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import CustomerId, PaymentIntentId, PaymentMethodId
from schemas.magento.address import Address
from schemas.money import Money
from sidecar.adapters.stripe import checkout_sessions, customers, payment_intents, refunds
from sidecar.adapters.stripe.addresses import address_of
from sidecar.adapters.stripe.expiry import session_expiry
from sidecar.adapters.stripe.key_mode import claimed_mode
from sidecar.adapters.stripe.locales import CHECKOUT_LOCALES, checkout_locale
from sidecar.adapters.stripe.statement import statement_suffix
from sidecar.ports.payments import NewCheckoutSession, NewCustomer, NewPaymentIntent, NewRefund, Shipping
from tests.sidecar.stripe.conftest import NOW

PRICE = Money(minor_units=1099, currency="EUR")
BARE = Address(firstname="Ada", lastname="Lovelace", country_id="GB")
ADDRESS = Address(
    firstname="Ada",
    lastname="Lovelace",
    street=("12 St James's Square", "", "Flat 2"),
    city="London",
    region="Greater London",
    postcode="SW1Y 4JH",
    country_id="GB",
)


def intent_params(**fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "amount": PRICE, "customer": "cus_1", "capture_method": "manual", "description": "Order 1", "metadata": {},
    }  # fmt: skip
    return dict(payment_intents.create_params(NewPaymentIntent.model_validate(known | fields)))


def page_params(**fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "amount": PRICE,
        "customer": "cus_1",
        "capture_method": "manual",
        "description": "Order 000000001",
        "success_url": "https://shop.example/thanks",
        "cancel_url": "https://shop.example/cart",
        "expires_at": NOW + timedelta(hours=5),
        "metadata": {"magento_increment_id": "000000001"},
    }
    return dict(checkout_sessions.create_params(NewCheckoutSession.model_validate(known | fields), NOW))


CARD = PaymentMethodId("pm_1")


def test_without_a_card_nothing_of_confirming_is_said() -> None:
    params = intent_params(off_session=True, return_url="https://shop.example/back")
    assert not {"confirm", "off_session", "return_url", "payment_method", "payment_method_types"} & params.keys()
    assert params["automatic_payment_methods"] == {"enabled": True}
    assert (params["amount"], params["currency"], params["capture_method"]) == (1099, "eur", "manual")


@pytest.mark.parametrize(
    ("return_url", "methods"),
    [(None, {"enabled": True, "allow_redirects": "never"}), ("https://shop.example/back", {"enabled": True})],
)
def test_with_a_card_it_is_confirmed_at_once(return_url: str | None, methods: dict[str, object]) -> None:
    params = intent_params(payment_method=CARD, return_url=return_url)
    assert (params["confirm"], params["payment_method"]) == (True, "pm_1")
    assert params.get("return_url") == return_url
    assert params["automatic_payment_methods"] == methods
    assert "off_session" not in params


@pytest.mark.parametrize(
    ("save", "away", "said"), [(True, False, "off_session"), (False, False, None), (True, True, None)]
)
def test_a_card_is_saved_while_its_owner_is_there(save: bool, away: bool, said: str | None) -> None:  # noqa: FBT001  # a table
    params = intent_params(payment_method=CARD, save_payment_method=save, off_session=away)
    assert params.get("setup_future_usage") == said
    assert params.get("off_session", False) is away


def test_what_else_an_intent_says() -> None:
    params = intent_params(
        receipt_email="ada@example.com",
        shipping=Shipping(name="Ada Lovelace", phone="020", address=ADDRESS),
        statement_descriptor_suffix='Order "7"',
    )
    assert params["receipt_email"] == "ada@example.com"
    assert params["shipping"] == {"name": "Ada Lovelace", "phone": "020", "address": address_of(ADDRESS)}
    assert params["statement_descriptor_suffix"] == "Order 7"
    assert params["expand"] == ["latest_charge"]


def test_nothing_is_said_of_what_is_not_known() -> None:
    params = intent_params(customer=None, statement_descriptor_suffix="000000042")
    assert not {"customer", "shipping", "receipt_email", "statement_descriptor_suffix"} & params.keys()


def test_an_address_has_two_lines() -> None:
    assert address_of(ADDRESS) == {
        "line1": "12 St James's Square",
        "line2": "Flat 2",
        "city": "London",
        "state": "Greater London",
        "postal_code": "SW1Y 4JH",
        "country": "GB",
    }
    assert address_of(BARE) == {"country": "GB"}


def test_a_page_is_one_line_of_the_whole_amount() -> None:
    params = page_params(
        save_payment_method=True,
        receipt_email="ada@example.com",
        statement_descriptor_suffix="Order 1",
        shipping=Shipping(name="Ada Lovelace", phone="020", address=ADDRESS),
        locale="en_GB",
    )
    (line,) = params["line_items"]
    assert line == {
        "quantity": 1,
        "price_data": {"currency": "eur", "unit_amount": 1099, "product_data": {"name": "Order 000000001"}},
    }
    assert params["payment_intent_data"] == {
        "capture_method": "manual",
        "description": "Order 000000001",
        "metadata": {"magento_increment_id": "000000001"},
        "setup_future_usage": "off_session",
        "receipt_email": "ada@example.com",
        "statement_descriptor_suffix": "Order 1",
        "shipping": {"name": "Ada Lovelace", "phone": "020", "address": address_of(ADDRESS)},
    }
    assert (params["client_reference_id"], params["metadata"]) == ("000000001", {"magento_increment_id": "000000001"})
    assert (params["mode"], params["customer"], params["locale"]) == ("payment", "cus_1", "en-GB")
    assert "payment_method_types" not in params


@pytest.mark.parametrize(
    ("customer", "email", "said"),
    [
        ("cus_1", "ada@example.com", {"customer": "cus_1"}),
        (None, "ada@example.com", {"customer_email": "ada@example.com"}),
        (None, None, {}),
    ],
)
def test_a_page_names_the_customer_or_the_address(customer: str | None, email: str | None, said: object) -> None:
    params = page_params(customer=customer, customer_email=email)
    assert {name: params[name] for name in ("customer", "customer_email") if name in params} == said


def test_a_page_leaves_out_an_address_without_a_street() -> None:
    assert "shipping" not in page_params(shipping=Shipping(name="Ada", address=BARE))["payment_intent_data"]


def test_a_customer() -> None:
    new = NewCustomer(
        name="A" * 300,
        email="ada@example.com",
        phone="020 7946 0018",
        address=BARE,
        preferred_locale="en_GB",
        metadata={"magento_customer_id": "7"},
    )
    assert customers.create_params(new) == {
        "name": "A" * 256,
        "email": "ada@example.com",
        "phone": "020 7946 0018",
        "address": {"country": "GB"},
        "preferred_locales": ["en-GB"],
        "metadata": {"magento_customer_id": "7"},
    }
    assert "phone" not in customers.create_params(new.model_copy(update={"phone": "0" * 21}))


@pytest.mark.parametrize("reason", [None, "duplicate"])
def test_a_refund(reason: str | None) -> None:
    new = NewRefund.model_validate(
        {"payment_intent": PaymentIntentId("pi_1"), "amount": PRICE, "reason": reason, "metadata": {"a": "b"}}
    )
    said = {"payment_intent": "pi_1", "amount": 1099, "metadata": {"a": "b"}}
    assert refunds.create_params(new) == (said if reason is None else said | {"reason": reason})


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # a bound
    wanted=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_a_page_closes_when_it_should_or_as_near_as_stripe_lets_it(now: datetime, wanted: timedelta) -> None:
    asked = (now + wanted).timestamp()
    left = session_expiry(now + wanted, now) - now.timestamp()
    assert 30 * 60 + 59 <= left <= 24 * 3600 - 60
    if timedelta(minutes=42) <= wanted <= timedelta(hours=23, minutes=48):
        assert abs(left + now.timestamp() - asked) < 1
    else:
        assert left <= 42 * 60 or left >= (24 * 60 - 12) * 60


@pytest.mark.parametrize("wanted", [timedelta(0), timedelta(days=3)])
def test_a_repeated_request_asks_for_the_same(wanted: timedelta) -> None:
    """Same key, same parameters: within ten minutes the bound does not move."""
    start = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
    asked = {session_expiry(start + wanted, start + timedelta(seconds=later)) for later in range(0, 400, 20)}
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("magento", "stripe"),
    [
        ("en_US", "en"),
        ("en_GB", "en-GB"),
        ("de_AT", "de"),
        ("pt_BR", "pt-BR"),
        ("pt_PT", "pt"),
        ("fr_CA", "fr-CA"),
        ("es_MX", "es-419"),
        ("es_ES", "es"),
        ("zh_Hans_CN", "zh"),
        ("zh_Hant_TW", "zh-TW"),
        ("zh_Hant_HK", "zh-HK"),
        ("nb_NO", "nb"),
        ("nn_NO", "nb"),
        ("hi_IN", "hi-IN"),
        ("uk_UA", "auto"),
        ("", "auto"),
    ],
)
def test_a_page_speaks_the_shops_language_where_it_can(magento: str, stripe: str) -> None:
    assert checkout_locale(magento) == stripe
    assert stripe in CHECKOUT_LOCALES | {"auto"}


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("Order 000000042", "Order 000000042"),
        ("<Order> *'\"\\42", "Order 42"),
        ("Bestellung für Grüße 000000042", "Bestellung fr Gre 0000"),
        ("000000042", None),
        ("", None),
        ("注文", None),
    ],
)
def test_a_statement_says_what_banks_can_print(text: str, suffix: str | None) -> None:
    assert statement_suffix(text) == suffix


@given(st.text(max_size=80))
def test_no_text_makes_a_statement_that_is_refused(text: str) -> None:
    suffix = statement_suffix(text)
    if suffix is not None:
        assert 1 <= len(suffix) <= 22
        assert not set("<>\\'\"*") & set(suffix)
        assert suffix.isascii()
        assert any(letter.isalpha() for letter in suffix)


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        ("sk_test_1", "test"), ("rk_test_1", "test"), ("sk_live_1", "live"), ("rk_live_1", "live"),
        ("pk_test_1", None), ("sk_org_1", None), ("whsec_1", None), ("", None),
    ],
)  # fmt: skip
def test_a_key_says_its_mode(key: str, mode: str | None) -> None:
    assert claimed_mode(key) == mode


def test_an_intent_belongs_to_its_customer() -> None:
    assert intent_params(customer=CustomerId("cus_9"))["customer"] == "cus_9"
