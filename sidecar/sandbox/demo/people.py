"""What shoppers and merchants do while the sidecar works, through the pages and the dashboard of the stand-ins."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import httpx
import orjson
from pydantic import BaseModel, ConfigDict

from sidecar.sandbox.demo.cast import GiveBack, Part
from sidecar.sandbox.demo.stage import ACCOUNT, STRIPE_KEY, Stage
from sidecar.sandbox.magento.snapshot import Line

PATIENCE = 100.0
"""Seconds: after an outage a circuit may be left alone for 30, and what was in hand waits up to 60 more."""
LOOK_EVERY = 0.2
GOOD_CARD = "4242424242424242"


class PaymentLinkSeen(BaseModel):
    """The way to pay that Magento shows."""

    model_config = ConfigDict(frozen=True)

    payment_intent_id: str | None = None
    checkout_session_id: str | None = None
    url: str | None = None
    client_secret: str | None = None
    reason: Literal["unpaid", "payment_failed", "action_required"]


class CreditmemoSeen(BaseModel):
    """A credit memo as the Magento stand-in lists it, with the status of each of its refunds."""

    model_config = ConfigDict(frozen=True)

    creditmemo_id: int
    increment_id: str
    state: Literal["open", "refunded", "canceled"]
    grand_total: str
    refunds: dict[str, str]
    comments: tuple[str, ...]


class OrderSeen(BaseModel):
    """An order as the Magento stand-in lists it."""

    model_config = ConfigDict(frozen=True)

    order_id: int
    increment_id: str
    state: str
    status: str
    currency: str
    grand_total: str
    total_paid: str | None
    total_refunded: str | None
    transaction_id: str | None
    invoices: int
    invoice: str | None
    captures: int
    creditmemos: tuple[CreditmemoSeen, ...]
    payment_link: PaymentLinkSeen | None


class _Orders(BaseModel):
    orders: tuple[OrderSeen, ...]


def _has_refunds(order: OrderSeen, *, number: int) -> bool:
    return len(order.creditmemos) == number and all(memo.refunds for memo in order.creditmemos)


def _ended(order: OrderSeen, *, expected: tuple[GiveBack, ...]) -> bool:
    states = [memo.state for memo in order.creditmemos]
    statuses = {status for memo in order.creditmemos for status in memo.refunds.values()}
    return states == [each.becomes for each in expected] and "pending" not in statuses


class People:
    """Places orders, pays pages, passes 3-D Secure, captures."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient) -> None:
        self._stage = stage
        self._http = http
        self._seen: dict[int, OrderSeen] = {}
        self._looked = asyncio.Condition()

    async def watch(self) -> None:
        """Look at the shop again and again, for ever."""
        while True:
            answer = await self._http.get(f"{self._stage.magento_url}/_sandbox/orders")
            if answer.is_error:  # its database is being restarted
                await asyncio.sleep(LOOK_EVERY)
                continue
            seen = {order.order_id: order for order in _Orders.model_validate_json(answer.content).orders}
            async with self._looked:
                self._seen = seen
                self._looked.notify_all()
            await asyncio.sleep(LOOK_EVERY)

    async def seen_when(self, order_id: int, fits: Callable[[OrderSeen], bool]) -> OrderSeen:
        """The order as soon as it fits.

        Raises:
            TimeoutError: it does not in `PATIENCE`.
        """
        async with asyncio.timeout(PATIENCE), self._looked:
            await self._looked.wait_for(lambda: order_id in self._seen and fits(self._seen[order_id]))
            return self._seen[order_id]

    async def place(self, part: Part) -> int:
        """Put the order through the checkout; returns its id."""
        answer = await self._http.post(
            f"{self._stage.magento_url}/_sandbox/orders", content=part.order.model_dump_json().encode()
        )
        answer.raise_for_status()
        return int(orjson.loads(answer.content)["order_id"])

    async def act(self, part: Part, order_id: int) -> datetime:
        """Do what this part asks for; returns when the last thing was done."""
        match part.act:
            case "pay_page":
                await self._pay_page(order_id)
            case "authenticate":
                await self._authenticate(order_id, passed=True)
            case "fail_authentication_then_pay_page":
                await self._authenticate(order_id, passed=False)
                await self.seen_when(order_id, lambda order: order.status == "payment_failed")
                await self._pay_page(order_id)
            case "confirm_headless":
                await self._confirm(order_id)
            case "capture":
                authorized = await self.seen_when(order_id, lambda order: order.state == "processing")
                await self._dashboard("payment_intents", authorized.transaction_id or "", "capture", {})
            case "nothing":
                if part.order.held:
                    await self._http.post(f"{self._stage.magento_url}/_sandbox/outbox/release")
        return datetime.now(UTC)

    async def give_back(self, part: Part, order_id: int) -> None:
        """Do, one after the other, what gives money of this part back, and wait until both sides know of each."""
        for number, each in enumerate(part.refunds, 1):
            if each.by == "credit memo":
                await self._creditmemo(order_id, each)
            else:
                order = await self.seen_when(order_id, lambda _: True)
                intent = (order.transaction_id or "").removesuffix("-capture")
                await self._dashboard("payment_intents", intent, "refund", {"amount": each.cents})
            known = partial(_has_refunds, number=number)
            if each.bank == "fails it":
                seen = await self.seen_when(order_id, known)
                (refund,) = seen.creditmemos[-1].refunds
                await self._dashboard("refunds", refund, "settle", {"status": "failed"})
            await self.seen_when(order_id, partial(_ended, expected=part.refunds[:number]))

    async def _creditmemo(self, order_id: int, each: GiveBack) -> None:
        body: dict[str, object] = {"adjustment_positive": each.adjustment}
        if each.qty is not None:
            body["items"] = [{"sku": Line.model_fields["sku"].default, "qty": str(each.qty)}] if each.qty else []
        if each.shipping is not None:
            body["shipping_amount"] = each.shipping
        answer = await self._http.post(f"{self._stage.magento_url}/_sandbox/orders/{order_id}/creditmemos", json=body)
        answer.raise_for_status()

    async def _link(self, order_id: int, fits: Callable[[PaymentLinkSeen], bool]) -> PaymentLinkSeen:
        order = await self.seen_when(order_id, lambda seen: seen.payment_link is not None and fits(seen.payment_link))
        if order.payment_link is None:
            raise AssertionError(order)
        return order.payment_link

    async def _pay_page(self, order_id: int) -> None:
        link = await self._link(order_id, lambda seen: seen.checkout_session_id is not None)
        await self._dashboard("checkout_sessions", link.checkout_session_id or "", "pay", {"card": GOOD_CARD})

    async def _authenticate(self, order_id: int, *, passed: bool) -> None:
        link = await self._link(order_id, lambda seen: seen.reason == "action_required")
        await self._dashboard("payment_intents", link.payment_intent_id or "", "authenticate", {"succeeded": passed})

    async def _confirm(self, order_id: int) -> None:
        link = await self._link(order_id, lambda seen: seen.client_secret is not None)
        answer = await self._http.post(
            f"{self._stage.stripe_url}/v1/payment_intents/{link.payment_intent_id}/confirm",
            data={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/back"},
            headers={"Authorization": f"Bearer {STRIPE_KEY}"},
        )
        answer.raise_for_status()

    async def _dashboard(self, kind: str, identifier: str, action: str, body: dict[str, object]) -> None:
        url = f"{self._stage.stripe_url}/_sandbox/accounts/{ACCOUNT}/{kind}/{identifier}/{action}"
        answer = await self._http.post(url, json=body)
        answer.raise_for_status()
