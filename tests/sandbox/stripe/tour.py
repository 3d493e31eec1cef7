"""A walk through everything that the stand-in can answer, with every answer kept."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from stripe._encode import _api_encode

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import TEST_KEY, call, new_sandbox, paying

Json = dict[str, Any]  # an answer as it came, to be judged by the schemas


@dataclass
class Tour:
    sandbox: StripeSandbox
    answers: list[Json] = field(default_factory=list)
    errors: list[Json] = field(default_factory=list)

    async def ask(self, method: str, path: str, parameters: Json | None = None) -> Json:
        encoded = urlencode(list(_api_encode(parameters or {})))
        url = f"http://stripe.test{path}" + (f"?{encoded}" if method != "POST" and encoded else "")
        body, status, _ = await call(
            self.sandbox.app,
            method,
            url,
            {"Authorization": f"Bearer {TEST_KEY}", "Content-Type": "application/x-www-form-urlencoded"},
            encoded.encode() if method == "POST" else b"",
        )
        document: Json = orjson.loads(body)
        (self.answers if status == 200 else self.errors).append(document)
        return document

    async def control(self, path: str, **body: object) -> Json:
        content, _, _ = await call(
            self.sandbox.app, "POST", f"http://stripe.test/_sandbox/{path}", {}, orjson.dumps(body)
        )
        document: Json = orjson.loads(content)
        return document


SHIPPING = {"name": "Ann Shopper", "address": {"line1": "1 Road", "city": "Zürich", "country": "CH"}}


async def take_tour() -> Tour:
    tour = Tour(new_sandbox(search_delay=0, settlement_delay=5))
    await _customers(tour)
    await _payments(tour)
    await _declines(tour)
    await _checkout(tour)
    tour.sandbox.advance(3 * 86_400)
    await _readings(tour)
    await tour.sandbox.delivery.aclose()
    return tour


async def _customers(tour: Tour) -> None:
    bare = await tour.ask("POST", "/v1/customers")
    full = await tour.ask(
        "POST",
        "/v1/customers",
        {
            "name": "Ann",
            "email": "ann@example.com",
            "phone": "1",
            "description": "d",
            "address": SHIPPING["address"],
            "shipping": SHIPPING,
            "preferred_locales": ["de"],
            "metadata": {"a": "1"},
            "payment_method": "pm_card_visa",
        },
    )
    await tour.ask("POST", f"/v1/customers/{full['id']}", {"name": "Bea", "metadata": {"a": "", "b": "2"}})
    await tour.ask("POST", f"/v1/customers/{full['id']}", {"phone": "", "business_name": "Bea Ltd", "shipping": ""})
    tax_id = await tour.ask("POST", f"/v1/customers/{full['id']}/tax_ids", {"type": "eu_vat", "value": "DE123456789"})
    await tour.ask("GET", f"/v1/customers/{full['id']}/tax_ids")
    await tour.ask("DELETE", f"/v1/tax_ids/{tax_id['id']}")
    method = await tour.ask("POST", "/v1/payment_methods/pm_card_mastercard/attach", {"customer": full["id"]})
    await tour.ask("POST", f"/v1/payment_methods/{method['id']}", {"metadata": {"x": "y"}})
    await tour.ask("POST", f"/v1/payment_methods/{method['id']}/detach")
    await tour.ask("GET", "/v1/payment_methods/pm_usBankAccount")
    await tour.ask(
        "POST", f"/v1/customers/{full['id']}", {"invoice_settings": {"default_payment_method": method["id"]}}
    )
    await tour.ask("GET", f"/v1/customers/{full['id']}/payment_methods", {"type": "card"})
    await tour.ask("GET", "/v1/payment_methods", {"customer": full["id"]})
    await tour.ask("GET", "/v1/customers/search", {"query": "email:'ann@example.com'"})
    await tour.ask("DELETE", f"/v1/customers/{bare['id']}")
    await tour.ask("GET", f"/v1/customers/{bare['id']}")


async def _payments(tour: Tour) -> None:
    customer = (await tour.ask("POST", "/v1/customers", {"email": "p@example.com"}))["id"]
    everything = ["latest_charge.balance_transaction", "latest_charge.refunds", "customer", "payment_method"]
    for token in (
        "pm_card_visa pm_card_amex pm_card_riskLevelElevated pm_card_createDispute pm_card_createDisputeInquiry "
        "pm_card_createIssuerFraudRecord pm_card_pendingRefund pm_card_refundFail pm_card_avsFail pm_card_jcb"
    ).split(" "):
        intent = await tour.ask(
            "POST",
            "/v1/payment_intents",
            paying(token, customer=customer, shipping=SHIPPING, metadata={"o": "1"}, receipt_email="a@b.ch"),
        )
        await tour.ask("POST", "/v1/refunds", {"payment_intent": intent["id"], "amount": 100, "reason": "duplicate"})
        await tour.ask("GET", f"/v1/payment_intents/{intent['id']}", {"expand": everything})
    tour.sandbox.advance(6)
    held = await tour.ask("POST", "/v1/payment_intents", paying(capture_method="manual", expand=["latest_charge"]))
    await tour.ask("POST", f"/v1/payment_intents/{held['id']}/capture", {"amount_to_capture": 500})
    voided = await tour.ask("POST", "/v1/payment_intents", paying(capture_method="manual"))
    await tour.ask("POST", f"/v1/payment_intents/{voided['id']}/cancel", {"cancellation_reason": "abandoned"})
    left = await tour.ask("POST", "/v1/payment_intents", paying(capture_method="manual", off_session=True))
    tour.sandbox.advance(8 * 86_400)
    await tour.ask("GET", f"/v1/payment_intents/{left['id']}", {"expand": ["latest_charge"]})
    for passed in (True, False):
        asked = await tour.ask("POST", "/v1/payment_intents", paying("pm_card_threeDSecure2Required"))
        await tour.control(f"accounts/main/payment_intents/{asked['id']}/authenticate", succeeded=passed)
        await tour.ask("GET", f"/v1/payment_intents/{asked['id']}", {"expand": ["latest_charge"]})
    await tour.ask("POST", "/v1/payment_intents", paying("pm_card_threeDSecureRequired", use_stripe_sdk=True))
    mandate = {"customer_acceptance": {"type": "offline", "offline": {}}}
    for token in ("pm_usBankAccount_success", "pm_usBankAccount_insufficientFunds", "pm_usBankAccount_processing"):
        debit = await tour.ask("POST", "/v1/payment_intents", paying(token, mandate_data=mandate))
        tour.sandbox.advance(6)
        await tour.ask("GET", f"/v1/payment_intents/{debit['id']}", {"expand": ["latest_charge"]})
    waiting = await tour.ask("POST", "/v1/payment_intents", {"amount": 5000, "currency": "usd"})
    await tour.control(f"accounts/main/payment_intents/{waiting['id']}/partially_fund", amount=100)
    await tour.ask("POST", f"/v1/payment_intents/{waiting['id']}", {"amount": 6000})


async def _declines(tour: Tour) -> None:
    for token in (
        "pm_card_visa_chargeDeclined pm_card_chargeDeclinedExpiredCard pm_card_radarBlock "
        "pm_card_chargeDeclinedProcessingError pm_card_chargeDeclinedIncorrectCvc"
    ).split(" "):
        await tour.ask("POST", "/v1/payment_intents", paying(token))
    await tour.ask("POST", "/v1/payment_intents", paying("pm_card_authenticationRequired", off_session=True))
    await tour.ask(
        "POST", "/v1/payment_intents", paying("pm_card_authenticationRequired", error_on_requires_action=True)
    )
    await tour.ask("POST", "/v1/payment_intents", {"amount": 1, "currency": "usd"})
    await tour.ask("POST", "/v1/payment_intents", {"currency": "usd", "color": "red"})
    await tour.ask("GET", "/v1/payment_intents/pi_unknown")
    await tour.ask("GET", "/v1/nothing")


def session_parameters(**changes: object) -> Json:
    return {
        "mode": "payment",
        "success_url": "https://shop.example/ok?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/cart",
        "line_items": [
            {
                "price_data": {"currency": "usd", "unit_amount": 2500, "product_data": {"name": "Order 100000042"}},
                "quantity": 2,
            }
        ],
        "metadata": {"magento_order_id": "42"},
        "payment_intent_data": {"metadata": {"magento_order_id": "42"}, "description": "Order 100000042"},
    } | changes


async def _checkout(tour: Tour) -> None:
    paid = await tour.ask("POST", "/v1/checkout/sessions", session_parameters(expand=["line_items"]))
    await tour.control(f"accounts/main/checkout_sessions/{paid['id']}/pay", card="4000000000000002")
    await tour.ask("GET", f"/v1/checkout/sessions/{paid['id']}")
    await tour.control(f"accounts/main/checkout_sessions/{paid['id']}/pay", email="a@b.ch", name="Ann")
    await tour.ask("GET", f"/v1/checkout/sessions/{paid['id']}", {"expand": ["payment_intent.latest_charge"]})
    await tour.ask("GET", f"/v1/checkout/sessions/{paid['id']}/line_items")
    created = await tour.ask(
        "POST", "/v1/checkout/sessions", session_parameters(customer_creation="always", customer_email="c@b.ch")
    )
    await tour.control(f"accounts/main/checkout_sessions/{created['id']}/pay")
    await tour.ask("GET", f"/v1/checkout/sessions/{created['id']}", {"expand": ["customer"]})
    closed = await tour.ask("POST", "/v1/checkout/sessions", session_parameters())
    await tour.ask("POST", f"/v1/checkout/sessions/{closed['id']}/expire")
    for card in ("pm_usBankAccount", "pm_usBankAccount_insufficientFunds"):
        debit = await tour.ask(
            "POST",
            "/v1/checkout/sessions",
            session_parameters(allowed_payment_method_types=["card", "us_bank_account"]),
        )
        await tour.control(f"accounts/main/checkout_sessions/{debit['id']}/pay", card=card)
        tour.sandbox.advance(6)


async def _readings(tour: Tour) -> None:
    endpoint = await tour.ask(
        "POST", "/v1/webhook_endpoints", {"url": "https://shop.example/hook", "enabled_events": ["charge.failed"]}
    )
    await tour.ask("GET", f"/v1/webhook_endpoints/{endpoint['id']}")
    await tour.ask("POST", f"/v1/webhook_endpoints/{endpoint['id']}", {"disabled": True})
    for path in (
        "/v1/account /v1/balance /v1/balance_transactions /v1/charges /v1/checkout/sessions /v1/customers /v1/disputes "
        "/v1/payment_intents /v1/radar/early_fraud_warnings /v1/refunds /v1/webhook_endpoints"
    ).split(" "):
        await tour.ask("GET", path)
    await tour.ask("GET", "/v1/payment_intents/search", {"query": "status:'succeeded' OR status:'canceled'"})
    await tour.ask("GET", "/v1/charges/search", {"query": "amount>5"})
    await tour.ask("DELETE", f"/v1/webhook_endpoints/{endpoint['id']}")
    cursor: Json = {"limit": 100}
    while True:
        page = await tour.ask("GET", "/v1/events", cursor)
        if not page["has_more"]:
            break
        cursor["starting_after"] = page["data"][-1]["id"]
