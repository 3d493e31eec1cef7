"""Shoppers and merchants: they place, pay, cancel and give back while everything fails, and remember what they did."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx

from schemas.ids import MagentoCustomerId
from sidecar.errors import UpstreamError
from sidecar.sandbox.demo.accounts import Accounts
from sidecar.sandbox.demo.stage import ACCOUNT, Stage
from tests.chaos.plan import QTY, Back, EditPlan, OrderPlan, Plan
from tests.chaos.watch import OrderSeen, StuckError, Watch, rows_of
from tests.chaos.world import AccountDeed, CreditmemoDeed, Deeds, OrderDeed, RefundDeed

GOOD_CARD = "4242424242424242"
SKU = "TEE-RED-M"
TRY_AGAIN = 0.5
PATIENCE = 180.0
"""Seconds for which anything is waited while nothing moves; longer than the whole ladder of a message."""

DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True, slots=True)
class Settled:
    """How long an order took: from the last thing that a person did to the moment at which Magento had it."""

    order_id: int
    since: float
    at: float


@dataclass(slots=True)
class People:
    """Everybody.

    Attributes:
        patience: seconds for which anything is waited while nothing moves.
        settled: the orders that came to their end, in that order; times of `time.monotonic`.
        stuck: what did not come about.
    """

    stage: Stage
    http: httpx.AsyncClient
    watch: Watch
    shop_accounts: Accounts
    patience: float = PATIENCE
    settled: list[Settled] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    placed: int = 0
    _orders: list[OrderDeed] = field(default_factory=list)
    _memos: list[CreditmemoDeed] = field(default_factory=list)
    _refunds: list[RefundDeed] = field(default_factory=list)
    _accounts: list[MagentoCustomerId] = field(default_factory=list)
    _edits: dict[int, list[EditPlan]] = field(default_factory=dict)
    _turns: dict[int, asyncio.Lock] = field(default_factory=dict)

    async def open_accounts(self, number: int) -> None:
        """Register so many shoppers, before anything fails."""
        for n in range(number):
            self._accounts.append(await self.shop_accounts.register(f"account{n}@example.com", f"Grace N{n}"))

    async def live(self, plan: Plan) -> None:
        """Do everything that is planned, at its rate, and wait until all of it has come to its end."""
        began = time.monotonic()
        edits = list(plan.edits)
        async with asyncio.TaskGroup() as lives:
            for order in plan.orders:
                await asyncio.sleep(max(0.0, began + order.number / plan.rate - time.monotonic()))
                lives.create_task(self._patiently(self._order(order), order.what))
                self.placed += 1
                while edits and edits[0].after <= order.number:
                    edit = edits.pop(0)
                    lives.create_task(self._patiently(self._edit(edit), f"edit of {edit.field} in {edit.where}"))

    def deeds(self) -> Deeds:
        """What they did."""
        accounts = []
        for number, customer in enumerate(self._accounts):
            edits = self._edits.get(number, [])
            emails = [
                f"account{number}@example.com",
                *(e.value for e in edits if (e.field, e.where) == ("email", "shop")),
            ]
            names = {f"Grace N{number}", *(e.value for e in edits if e.field == "name")}
            phones = {"5550100", *(e.value for e in edits if e.field == "phone")}
            accounts.append(AccountDeed(customer, tuple(emails), frozenset(names), frozenset(phones)))
        return Deeds(tuple(self._orders), tuple(self._memos), tuple(self._refunds), tuple(accounts))

    async def _patiently(self, life: Awaitable[None], what: str) -> None:
        try:
            await life
        except StuckError as stuck:
            self.stuck.append(f"{what}: {stuck}")

    # Orders.

    async def _order(self, plan: OrderPlan) -> None:
        kind = plan.kind
        order_id = await self._place(plan)
        base = _base(plan.price * QTY, kind.rate) + _base(plan.shipping, kind.rate)
        total = plan.price * QTY + plan.shipping
        deed = OrderDeed(order_id, kind.currency, total, "USD", base, kind.expected, f"#{plan.number} {plan.what}")
        self._orders.append(deed)
        await self._act(plan, order_id)
        since = time.monotonic()
        await self.watch.until(order_id, _ENDS[kind.expected], kind.expected, self.patience)
        self.settled.append(Settled(order_id, since, time.monotonic()))
        turn = asyncio.Lock()
        await asyncio.gather(*(self._back(plan, order_id, back, turn) for back in plan.backs))

    async def _place(self, plan: OrderPlan) -> int:
        """Through the checkout; whoever gets no answer looks whether the order is there before trying again."""
        kind = plan.kind
        order: dict[str, Any] = {
            "store_code": kind.store,
            "currency": kind.currency,
            "rate": str(kind.rate),
            "lines": [{"price": str(plan.price), "qty": QTY, "sku": SKU}],
            "shipping": str(plan.shipping),
            "email": f"guest{plan.number}@example.com",
            "payment": {
                "method": "sidecar_stripe",
                "payment_method": kind.method,
                "return_url": "http://127.0.0.1/checkout/success",
            },
        }
        if plan.account is not None:
            order |= {"customer_id": self._accounts[plan.account], "email": f"account{plan.account}@example.com"}
        find = "SELECT entity_id FROM sales_order WHERE subtotal = %s AND order_currency_code = %s"
        while True:
            placed = await self._ask("POST", f"{self.stage.magento_url}/_sandbox/orders", order)
            if placed is not None:
                return int(placed["order_id"])
            found = await rows_of(self.stage.magento_database_url, find, plan.price * QTY, kind.currency)
            if found:
                return int(found[0][0])

    async def _act(self, plan: OrderPlan, order_id: int) -> None:
        match plan.kind.act:
            case "nothing":
                return
            case "pay_page":
                await self._on_link(order_id, "checkout_session_id", "checkout_sessions", "pay", {"card": GOOD_CARD})
            case "authenticate":
                await self._on_link(
                    order_id, "payment_intent_id", "payment_intents", "authenticate", {"succeeded": True}
                )
            case "capture":
                seen = await self.watch.until(
                    order_id, lambda seen: seen.state == "processing", "authorized", self.patience
                )
                await self._dashboard("payment_intents", seen.transaction or "", "capture", {})
            case "cancel" | "cancel_when_offered":
                if plan.kind.act == "cancel_when_offered":
                    await self.watch.until(order_id, lambda seen: "url" in seen.link, "offered", self.patience)
                url = f"{self.stage.magento_url}/_sandbox/orders/{order_id}/cancel"
                while await self._ask("POST", url, {}) is None:  # noqa: ASYNC110  # the shop tells nobody
                    await asyncio.sleep(TRY_AGAIN)

    async def _on_link(self, order_id: int, name: str, kind: str, action: str, body: dict[str, Any]) -> None:
        """Do something with what the shop offers; a page that is over is offered anew."""
        tried: set[str] = set()

        def offers(seen: OrderSeen) -> bool:
            return seen.paid or bool(seen.link.get(name) and seen.link[name] not in tried)

        while True:
            seen = await self.watch.until(order_id, offers, f"offered a {name}", self.patience)
            if seen.paid or await self._dashboard(kind, seen.link[name], action, body):
                return
            tried.add(seen.link[name])

    async def _dashboard(self, kind: str, identifier: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """What somebody does at Stripe; nothing if Stripe would not."""
        url = f"{self.stage.stripe_url}/_sandbox/accounts/{ACCOUNT}/{kind}/{identifier}/{action}"
        answer = await self.http.post(url, json=body)
        return {} if answer.is_error else dict(answer.json())

    # What goes back.

    async def _back(self, plan: OrderPlan, order_id: int, back: Back, turn: asyncio.Lock) -> None:
        if back.startswith("memo"):
            async with turn:  # or a memo whose answer was lost could not be told from the other
                await self._memo(plan, order_id, back)
            return
        scale = 10 ** DECIMALS[plan.kind.currency]
        whole = int((plan.price * QTY + plan.shipping) * scale)
        amount = whole if back == "dashboard_all" else int(plan.price * scale) - 50  # of no line's price
        seen = await self.watch.until(order_id, lambda seen: seen.paid, "paid", self.patience)
        intent = (seen.transaction or "").removesuffix("-capture")
        refund = await self._dashboard("payment_intents", intent, "refund", {"amount": amount})
        if refund:
            self._refunds.append(RefundDeed(order_id, refund["id"], amount))

    async def _memo(self, plan: OrderPlan, order_id: int, back: Back) -> None:
        body: dict[str, Any] = {"offline": back == "memo_offline"}
        amount = plan.price * QTY + plan.shipping
        if back == "memo_one":
            body |= {"items": [{"sku": SKU, "qty": "1"}], "shipping_amount": "0"}
            amount = plan.price
        find = "SELECT entity_id FROM sales_creditmemo WHERE order_id = %s AND grand_total = %s"
        before = await rows_of(self.stage.magento_database_url, find, order_id, amount)
        url = f"{self.stage.magento_url}/_sandbox/orders/{order_id}/creditmemos"
        number: int | None = None
        while number is None:
            made = await self._ask("POST", url, body)
            if made is None:
                await asyncio.sleep(TRY_AGAIN)
                now = await rows_of(self.stage.magento_database_url, find, order_id, amount)
                number = next((number for (number,) in set(now) - set(before)), None)
            else:
                number = int(made["creditmemo_id"])
        self._memos.append(CreditmemoDeed(order_id, number, amount, back == "memo_offline"))

    # Accounts.

    async def _edit(self, edit: EditPlan) -> None:
        customer = self._accounts[edit.account]
        change: Callable[[], Awaitable[None]]
        if edit.where == "shop":
            field_ = {"phone": "telephone"}.get(edit.field, edit.field)

            async def change() -> None:
                await self.shop_accounts.edit_in_shop(customer, **{field_: edit.value})
        else:

            async def change() -> None:
                await self.shop_accounts.edit_in_stripe(customer, {edit.field: edit.value})

        async with self._turns.setdefault(edit.account, asyncio.Lock()):  # so that one knows which was the last
            self._edits.setdefault(edit.account, []).append(edit)
            await self._until_done(change, f"account {customer}")

    async def _until_done(self, change: Callable[[], Awaitable[None]], what: str) -> None:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                await change()
            except (httpx.HTTPError, UpstreamError, ValueError) as error:  # or Stripe has no customer for it yet
                if time.monotonic() > deadline:
                    raise StuckError(f"{what}: {type(error).__name__}") from error
                await asyncio.sleep(TRY_AGAIN)
            else:
                return

    async def _ask(self, method: str, url: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The shop's answer, or null if it failed: its database may be gone."""
        try:
            answer = await self.http.request(method, url, json=body)
        except httpx.TransportError:
            return None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return None
        answer.raise_for_status()
        return dict(answer.json())


def _base(amount: Decimal, rate: Decimal) -> Decimal:
    """In USD, as Magento converts each part."""
    return (amount / rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _is_reserved(seen: OrderSeen) -> bool:
    return seen.state == "processing"


def _is_canceled(seen: OrderSeen) -> bool:
    return seen.state == "canceled"


_ENDS: dict[str, Callable[[OrderSeen], bool]] = {
    "paid": lambda seen: seen.paid,
    "failed": lambda seen: seen.status == "payment_failed",
    "unpaid": lambda seen: "url" in seen.link,
    "canceled": _is_canceled,
    "paid_or_canceled": lambda seen: seen.paid or _is_canceled(seen),
}
