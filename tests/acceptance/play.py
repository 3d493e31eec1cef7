"""What acceptance tests do on the demo's stage, and what has to hold at the end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from schemas.ids import AccountAlias, StripeRef
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.stripe.accounts import open_accounts as open_stripe
from sidecar.adapters.stripe.options import StripeAccountOptions, stripe_limits
from sidecar.adapters.stripe.payments import StripePayments
from sidecar.discovery import all_consumers
from sidecar.sandbox.demo.accounts import Accounts, open_accounts
from sidecar.sandbox.demo.agreement import BEGIN, disagreements
from sidecar.sandbox.demo.people import OrderSeen, People
from sidecar.sandbox.demo.stage import ACCOUNT, STRIPE_KEY, Stage
from sidecar.system_clock import SystemClock
from sidecar.topology import Names, topology_of

QUIET_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Play:
    """A stage with people on it."""

    stage: Stage
    people: People
    http: httpx.AsyncClient
    stripe: StripePayments
    accounts: Accounts

    async def place(self, payment_method: str | None = "pm_card_visa", **fields: Any) -> int:
        payment: dict[str, Any] = {"method": "sidecar_stripe", "payment_method": payment_method}
        order: dict[str, Any] = {"lines": [{"price": "19.99", "qty": 2}], "payment": payment, **fields}
        answer = await self.http.post(f"{self.stage.magento_url}/_sandbox/orders", json=order)
        answer.raise_for_status()
        order_id: int = answer.json()["order_id"]
        return order_id

    async def place_when_it_can(self) -> int:
        """The shop may have connections to a database that died: a shopper would try again."""
        async with asyncio.timeout(60):
            while True:
                try:
                    return await self.place()
                except httpx.HTTPStatusError:
                    await asyncio.sleep(0.1)

    async def paid(self, order_id: int) -> OrderSeen:
        return await self.people.seen_when(order_id, lambda order: order.invoices > 0)

    async def when(self, order_id: int, fits: Callable[[OrderSeen], bool]) -> OrderSeen:
        return await self.people.seen_when(order_id, fits)

    async def magento_fails(self, match: str, **fault: Any) -> None:
        answer = await self.http.post(f"{self.stage.magento_url}/_sandbox/faults", json={"match": match, **fault})
        answer.raise_for_status()

    async def stripe_fails(self, kind: str, path: str, **fault: Any) -> None:
        body = {"kind": kind, "path": path, **fault}
        answer = await self.http.post(f"{self.stage.stripe_url}/_sandbox/faults", json=body)
        answer.raise_for_status()

    async def cancel_in_magento(self, order_id: int) -> None:
        answer = await self.http.post(f"{self.stage.magento_url}/_sandbox/orders/{order_id}/cancel")
        answer.raise_for_status()

    async def refund_in_magento(self, order_id: int, *, qty: int | None = None, offline: bool = False) -> None:
        """A credit memo of so many of the order's line, or of all that is left."""
        body: dict[str, Any] = {"offline": offline}
        if qty is not None:
            body |= {"items": [{"sku": "TEE-RED-M", "qty": str(qty)}], "shipping_amount": "0"}
        answer = await self.http.post(f"{self.stage.magento_url}/_sandbox/orders/{order_id}/creditmemos", json=body)
        answer.raise_for_status()

    async def refund_in_dashboard(self, order_id: int, cents: int) -> None:
        (intent,) = await self.intents_of(order_id)
        (await self.in_dashboard("payment_intents", intent.id, "refund", amount=cents)).raise_for_status()

    async def refunds(self) -> list[Refund]:
        """Every refund of the account."""
        intents = await self.stripe.find_payment_intents(None, BEGIN, {})
        return [refund for intent in intents for refund in await self.stripe.find_refunds(intent.id, {})]

    async def in_dashboard(self, kind: str, identifier: str, action: str, **body: Any) -> httpx.Response:
        url = f"{self.stage.stripe_url}/_sandbox/accounts/{ACCOUNT}/{kind}/{identifier}/{action}"
        return await self.http.post(url, json=body)

    async def intents_of(self, order_id: int) -> tuple[PaymentIntent, ...]:
        return await self.stripe.find_payment_intents(None, BEGIN, {"magento_order_id": str(order_id)})

    async def calls(self) -> dict[str, int]:
        """How often Stripe was asked for what, whoever asked."""
        answer = await self.http.get(f"{self.stage.stripe_url}/_sandbox/calls")
        return {name: sum(statuses.values()) for name, statuses in answer.json().items()}

    async def parked(self) -> int:
        names = Names(self.stage.prefix)
        depths = [
            await declare.depth(self.stage.broker_url, names.dead_letter(consumer.queue))
            for consumer in all_consumers()
        ]
        return sum(depths)

    async def has_parked(self, number: int) -> None:
        async with asyncio.timeout(60):
            while await self.parked() < number:  # noqa: ASYNC110  # the broker tells nobody
                await asyncio.sleep(0.1)

    async def silent(self) -> None:
        """When for some looks nothing was delivered, nothing waits, and Stripe was told nothing."""
        topology = topology_of(all_consumers(), self.stage.prefix)
        waiting = [
            queue.name for queue in topology.queues if "dead-letter" not in queue.name and "unrouted" not in queue.name
        ]
        before: object = None
        quiet = 0
        async with asyncio.timeout(90):
            while quiet < QUIET_LOOKS:
                depths = [await declare.depth(self.stage.broker_url, name) for name in waiting]
                told = {name: count for name, count in (await self.calls()).items() if not name.startswith("GET")}
                tries = await self.http.get(f"{self.stage.stripe_url}/_sandbox/deliveries")
                now = (told, len(tries.content))
                quiet = quiet + 1 if now == before and not any(depths) else 0
                before = now
                await asyncio.sleep(0.5)

    async def agrees(self, *order_ids: int) -> None:
        """Magento and Stripe say the same of these orders, each paid once."""
        orders = [await self.when(order_id, lambda _: True) for order_id in order_ids]
        found = await disagreements(orders, self.stripe)
        assert [each for each in found if "does not exist" not in each] == []


@asynccontextmanager
async def playing(stage: Stage) -> AsyncIterator[Play]:
    ref = StripeRef(account=AccountAlias(ACCOUNT), mode="test")
    options = StripeAccountOptions(ref, SecretStr(STRIPE_KEY), stripe_limits("test"), base_url=stage.stripe_url)
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
        open_stripe([options], SystemClock()) as stripe,
        open_accounts(stage, http) as accounts,
    ):
        people = People(stage, http)
        watching = asyncio.create_task(people.watch())
        try:
            yield Play(stage, people, http, stripe[ref], accounts)
        finally:
            watching.cancel()
            await asyncio.wait({watching})
