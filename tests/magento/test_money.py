"""What captures and refunds leave in Magento's books, where the shop's base currency is not the order's."""

from decimal import Decimal
from typing import Any

import pytest

from tests.magento.shop import EXCHANGE_LINES, Shop, payment

CALIFORNIA = {
    "firstname": "Gus",
    "lastname": "Guest",
    "email": "gus@example.com",
    "street": ["1 Main St"],
    "city": "Los Angeles",
    "region_id": 12,
    "region_code": "CA",
    "region": "California",
    "postcode": "90001",
    "country_id": "US",
    "telephone": "5555550100",
}
"""Where the shop takes sales tax, if it takes any."""
TOTALS = (
    "state, status, order_currency_code, base_currency_code, grand_total, base_grand_total, total_paid,"
    " base_total_paid, total_invoiced, base_total_invoiced, total_due, base_total_due, total_refunded,"
    " base_total_refunded"
)
CENT = Decimal("0.01")


@pytest.fixture
async def foreign(shop: Shop) -> str:
    """The code of a store view whose orders are not in base currency."""
    for store in await shop.ask("GET", "store/storeConfigs"):
        if store["base_currency_code"] != store["default_display_currency_code"]:
            code: str = store["code"]
            return code
    pytest.skip("every store view of this shop sells in its base currency")


async def paid(shop: Shop, store: str) -> tuple[int, dict[str, Any]]:
    """An order of that store with tax, and its totals once it is paid."""
    order = await shop.place_lines(EXCHANGE_LINES, store, CALIFORNIA)
    before = await totals(shop, order)
    body = {"payment": payment(order, before["grand_total"], before["order_currency_code"])}
    answer = await shop.post(f"orders/{order}/capture", body)
    assert answer.json()["outcome"] == "applied", answer.text
    return order, await totals(shop, order)


async def totals(shop: Shop, order: int) -> dict[str, Any]:
    """The order's."""
    return await shop.row(f"SELECT {TOTALS} FROM sales_order WHERE entity_id = %s", order)  # noqa: S608  # our own words


async def refund(shop: Shop, order: int, number: int, amount: str, currency: str, **fields: Any) -> dict[str, Any]:
    """The answer to a refund that was made in Stripe."""
    body = {
        "account": "main",
        "mode": "test",
        "payment_intent_id": f"pi_{order}",
        "refund_id": f"re_{order}_{number}",
        "order_id": order,
        "amount": amount,
        "currency": currency,
        "status": "succeeded",
        **fields,
    }
    answer = await shop.post("refunds", {"refund": body})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def memo(shop: Shop, creditmemo: int) -> dict[str, Any]:
    """A credit memo's amounts."""
    return await shop.row(
        "SELECT grand_total, base_grand_total, adjustment_positive, base_adjustment_positive, subtotal, tax_amount,"
        " shipping_amount, state FROM sales_creditmemo WHERE entity_id = %s",
        creditmemo,
    )


async def test_a_capture_is_on_the_books_in_both_currencies(shop: Shop, foreign: str) -> None:
    order, after = await paid(shop, foreign)
    total, base = after["grand_total"], after["base_grand_total"]
    assert total != base
    assert (after["total_paid"], after["base_total_paid"]) == (total, base)
    assert (after["total_invoiced"], after["base_total_invoiced"]) == (total, base)
    assert [Decimal(after["total_due"]), Decimal(after["base_total_due"])] == [Decimal(0)] * 2
    invoice = await shop.row(
        "SELECT state, grand_total, base_grand_total, transaction_id FROM sales_invoice WHERE order_id = %s", order
    )
    assert invoice == {
        "state": 2,
        "grand_total": total,
        "base_grand_total": base,
        "transaction_id": f"pi_{order}",
    }
    paid_by = await shop.row(
        "SELECT amount_paid, base_amount_paid, base_amount_paid_online, last_trans_id, cc_type, cc_last_4"
        " FROM sales_order_payment WHERE parent_id = %s",
        order,
    )
    assert paid_by == {
        "amount_paid": total,
        "base_amount_paid": base,
        "base_amount_paid_online": base,
        "last_trans_id": f"pi_{order}",
        "cc_type": "visa",
        "cc_last_4": "4242",
    }


async def test_everything_goes_back_in_both_currencies(shop: Shop, foreign: str) -> None:
    order, before = await paid(shop, foreign)
    told = await refund(shop, order, 1, before["grand_total"], before["order_currency_code"], lines="whole")
    assert (told["outcome"], told["state"]) == ("applied", "closed")
    after = await totals(shop, order)
    assert after["total_refunded"] == before["grand_total"]
    assert after["base_total_refunded"] == before["base_grand_total"]


async def test_an_item_goes_back_with_its_tax(shop: Shop, foreign: str) -> None:
    order, before = await paid(shop, foreign)
    item = (await shop.ids(order))["mug_item_id"]
    line = await shop.row("SELECT row_total_incl_tax, tax_amount FROM sales_order_item WHERE item_id = %s", item)
    told = await refund(
        shop,
        order,
        1,
        line["row_total_incl_tax"],
        before["order_currency_code"],
        lines="items",
        items=[{"order_item_id": item, "qty": "3"}],
    )
    assert told["outcome"] == "applied", told
    made = await memo(shop, told["creditmemo_id"])
    assert made["grand_total"] == line["row_total_incl_tax"]
    assert made["tax_amount"] == line["tax_amount"]
    assert Decimal(made["shipping_amount"]) == 0
    assert (await totals(shop, order))["total_refunded"] == line["row_total_incl_tax"]


async def test_amounts_go_back_to_the_cent_and_come_to_nothing_in_both_currencies(shop: Shop, foreign: str) -> None:
    order, before = await paid(shop, foreign)
    currency, left = before["order_currency_code"], Decimal(before["grand_total"])
    amounts = ["0.01", "0.07", "10.00", "33.33"]
    for number, amount in enumerate(amounts):
        told = await refund(shop, order, number, amount, currency, lines="amount")
        assert told["outcome"] == "applied", told
        made = await memo(shop, told["creditmemo_id"])
        assert (Decimal(made["grand_total"]), Decimal(made["adjustment_positive"])) == (
            Decimal(amount),
            Decimal(amount),
        )
        assert made["base_grand_total"] == made["base_adjustment_positive"]
        assert {Decimal(made[name]) for name in ("subtotal", "tax_amount", "shipping_amount")} == {Decimal(0)}
        left -= Decimal(amount)
    told = await refund(shop, order, 98, str(left + CENT), currency, lines="amount")
    assert told["outcome"] == "not_refundable"
    told = await refund(shop, order, 99, str(left), currency, lines="amount")
    assert told["outcome"] == "applied", told
    after = await totals(shop, order)
    assert after["total_refunded"] == before["grand_total"]
    assert after["base_total_refunded"] == before["base_grand_total"]


async def test_shipping_goes_back_in_part(shop: Shop, foreign: str) -> None:
    order, before = await paid(shop, foreign)
    told = await refund(shop, order, 1, "1.00", before["order_currency_code"], lines="items", shipping_amount="1.00")
    # With tax on shipping the sum is another one, and Magento says which.
    taxed = Decimal(
        (await shop.row("SELECT shipping_tax_amount AS tax FROM sales_order WHERE entity_id = %s", order))["tax"]
    )
    assert told["outcome"] == ("lines_differ" if taxed else "applied"), told


async def test_what_goes_back_has_its_transactions_and_the_capture_stays_the_last(shop: Shop) -> None:
    order = await shop.place()
    assert (await shop.post(f"orders/{order}/capture", {"payment": payment(order)})).json()["outcome"] == "applied"
    await refund(shop, order, 1, "1.23", "USD", lines="amount")
    kept = await shop.row("SELECT last_trans_id, amount_refunded FROM sales_order_payment WHERE parent_id = %s", order)
    assert kept == {"last_trans_id": f"pi_{order}", "amount_refunded": "1.2300"}
    link = await shop.row(
        "SELECT account, mode, refund_id, amount, currency, status FROM sidecar_refund WHERE order_id = %s", order
    )
    assert link == {
        "account": b"main",
        "mode": "test",
        "refund_id": f"re_{order}_1".encode(),
        "amount": "1.2300",
        "currency": "USD",
        "status": "succeeded",
    }


async def test_a_held_order_that_is_given_back_whole_is_closed_when_it_is_released(shop: Shop) -> None:
    order = await shop.place()
    await shop.post(f"orders/{order}/capture", {"payment": payment(order)})
    await shop.ask("POST", f"orders/{order}/hold")
    told = await refund(shop, order, 1, "87.48", "USD", lines="whole")
    assert (told["outcome"], told["state"], told["status"]) == ("applied", "holded", "holded")
    await shop.ask("POST", f"orders/{order}/unhold")
    after = await totals(shop, order)
    assert (after["state"], after["status"], after["total_refunded"]) == ("closed", "closed", "87.4800")
