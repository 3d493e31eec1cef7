"""Orders are placed with the payment method in a real Magento, and shoppers ask how their payment stands."""

import re
from typing import Any

import httpx
import orjson
import pytest

from tests.magento.shop import ADDRESS, EXCHANGE_LINES, METHOD, Shop

CARD_NUMBER = "4242424242424242"


async def cart_of(shop: Shop) -> str:
    """A guest's cart that has everything but its payment."""
    cart: str = await shop.ask("POST", "guest-carts", signed=False)
    for line in EXCHANGE_LINES:
        item = {"sku": line.sku, "qty": line.qty, "quote_id": cart}
        await shop.ask("POST", f"guest-carts/{cart}/items", {"cartItem": item}, signed=False)
    shipping = {
        "shipping_address": ADDRESS,
        "billing_address": ADDRESS,
        "shipping_carrier_code": "flatrate",
        "shipping_method_code": "flatrate",
    }
    await shop.ask("POST", f"guest-carts/{cart}/shipping-information", {"addressInformation": shipping}, signed=False)
    return cart


async def pay(shop: Shop, cart: str, data: dict[str, Any] | None = None) -> httpx.Response:
    """Place the order of a cart, whatever is answered."""
    payment = {"method": METHOD} if data is None else {"method": METHOD, "additional_data": data}
    body = {"email": ADDRESS["email"], "billingAddress": ADDRESS, "paymentMethod": payment}
    return await shop.request("POST", f"guest-carts/{cart}/payment-information", body)


async def kept(shop: Shop, order: int) -> dict[str, Any]:
    """What the order's payment keeps."""
    (row,) = await shop.rows("SELECT additional_information FROM sales_order_payment WHERE parent_id = %s", order)
    information: dict[str, Any] = orjson.loads(row["additional_information"])
    return information


async def test_does_a_new_order_wait_for_its_payment_and_its_mail(shop: Shop) -> None:
    order = int((await pay(shop, await cart_of(shop))).raise_for_status().json())
    (row,) = await shop.rows(
        "SELECT state, status, email_sent, send_email FROM sales_order WHERE entity_id = %s", order
    )
    assert row == {"state": "pending_payment", "status": "pending_payment", "email_sent": None, "send_email": None}


async def test_is_nothing_kept_but_what_is_on_the_list(shop: Shop) -> None:
    data = {
        "payment_method": "pm_1QxVisa",
        "save_card": True,
        "off_session": True,
        "cc_number": CARD_NUMBER,
        "payment_link": "https://evil.example/",
    }
    order = int((await pay(shop, await cart_of(shop), data)).raise_for_status().json())
    information = await kept(shop, order)
    assert {name: information[name] for name in information if name not in {"method_title", "return_url"}} == {
        "payment_method": "pm_1QxVisa",
        "save_card": True,
    }, "an anonymous front is not believed that the shopper is absent"
    columns = await shop.rows("SELECT * FROM sales_order_payment WHERE parent_id = %s", order)
    carts = await shop.rows(
        "SELECT * FROM quote_payment WHERE quote_id = (SELECT quote_id FROM sales_order WHERE entity_id = %s)", order
    )
    assert CARD_NUMBER not in str(columns + carts)


@pytest.mark.parametrize(
    "data",
    [
        {"payment_method": CARD_NUMBER},
        {"return_url": "https://evil.example/"},
        {"return_url": "javascript:alert(1)"},
        {"save_card": "perhaps"},
    ],
    ids=lambda data: next(iter(data)),
)
async def test_is_a_wrong_word_refused_and_not_repeated(shop: Shop, data: dict[str, Any]) -> None:
    cart = await cart_of(shop)
    refusal = await pay(shop, cart, data)
    assert refusal.status_code == 400
    body = refusal.json()
    body.pop("trace", None)  # where Magento runs in developer mode
    assert next(iter(data.values())) not in orjson.dumps(body).decode()
    assert (await pay(shop, cart)).is_success, "the shopper tries again"


async def test_does_a_guest_follow_their_payment_by_its_token(shop: Shop) -> None:
    cart = await cart_of(shop)
    order = int((await pay(shop, cart)).raise_for_status().json())
    token: str = await shop.ask("GET", f"sidecar/guest-orders/{cart}/payment-token", signed=False)
    status = f"sidecar/payment-status/{token}"

    assert await shop.ask("GET", status, signed=False) == {"state": "waiting"}
    assert (await kept(shop, order))["return_url"].split("?")[0].endswith(f"/sidecar/payment/show/token/{token}")

    url, secret = "https://checkout.stripe.com/c/pay/cs_1", f"pi_{order}_secret_Example"
    link = {"url": url, "client_secret": secret, "reason": "unpaid", "notify_shopper": False}
    (await shop.post(f"orders/{order}/payment-link", {"link": link})).raise_for_status()
    assert await shop.ask("GET", status, signed=False) == {"state": "action_required", "url": url}
    assert (await shop.ask("GET", f"{status}?clientSecret=1", signed=False))["client_secret"] == secret
    assert secret not in str(await shop.ask("GET", f"orders/{order}")), "who may read orders is no shopper"

    failure = {
        "payment_intent_id": f"pi_{order}",
        "failure_id": f"ch_{order}",
        "code": "card_declined",
        "message": "Your card was declined.",
        "retryable": True,
        "notify_shopper": False,
    }
    (await shop.post(f"orders/{order}/payment-failure", {"failure": failure})).raise_for_status()
    assert await shop.ask("GET", status, signed=False) == {
        "state": "failed",
        "url": url,
        "message": "Your card was declined.",
    }

    payment = {
        "account": "main",
        "mode": "test",
        "payment_intent_id": f"pi_{order}",
        "amount": "87.48",
        "currency": "USD",
    }
    (await shop.post(f"orders/{order}/capture", {"payment": payment})).raise_for_status()
    assert await shop.ask("GET", status, signed=False) == {"state": "paid"}


async def test_does_no_other_token_open_anything(shop: Shop) -> None:
    cart = await cart_of(shop)
    (await pay(shop, cart)).raise_for_status()
    token: str = await shop.ask("GET", f"sidecar/guest-orders/{cart}/payment-token", signed=False)
    other = re.sub(".$", lambda last: "A" if last[0] != "A" else "B", token)
    assert (await shop.request("GET", f"sidecar/payment-status/{other}")).status_code == 404
    assert (await shop.request("GET", f"sidecar/guest-orders/{cart[::-1]}/payment-token")).status_code == 404
    assert (await shop.request("GET", "sidecar/orders/mine/1/payment-token")).status_code == 401


@pytest.mark.parametrize("capture", [True, False])
async def test_does_core_make_no_invoice_of_an_order_that_waits(shop: Shop, *, capture: bool) -> None:
    order = await shop.place()
    refusal = await shop.request("POST", f"order/{order}/invoice", {"capture": capture}, signed=True)
    assert refusal.status_code == 400
    after = await shop.after(order)
    assert (after["state"], after["invoices"], after["total_paid"]) == ("pending_payment", 0, None)
