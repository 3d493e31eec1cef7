"""Puts together what all three say of each order that moved lately."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime

from schemas.ids import OrderRef, PaymentIntentId, StripeRef
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.errors import NotFoundError
from sidecar.invariants.view import OrderView
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import MagentoOrder
from sidecar.ports.magento_books import BookedMemo, MagentoBooks
from sidecar.ports.records import OrderRecord
from sidecar.stripe_metadata import order_in

BATCH = 100
AT_ONCE = 8
"""Reads of Stripe under way at once; the limiter sees to the account's limits."""

Intents = dict[OrderRef, dict[PaymentIntentId, tuple[StripeRef, PaymentIntent]]]


class Collector:
    """Reads one Magento instance against every Stripe account that its stores are paid with."""

    def __init__(self, books: MagentoBooks, ports: Ports, accounts: Iterable[StripeRef]) -> None:
        self._books = books
        self._ports = ports
        self._accounts = tuple(accounts)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._named: dict[OrderRef, dict[PaymentIntentId, StripeRef]] = {}

    async def moved_since(self, since: datetime) -> AsyncIterator[OrderView]:
        """Every order that Magento changed or Stripe has a PaymentIntent of since then.

        Intents are listed once and held while Magento is read: some kilobytes for each.

        Raises:
            UpstreamError: one of them cannot be read.
        """
        listed = await self._list_intents(since)
        batch: list[MagentoOrder] = []
        async for order in self._books.orders_updated_since(since):
            if order.payment_method == PAYMENT_METHOD_CODE or self._ref(order) in listed:
                batch.append(order)
            if len(batch) == BATCH:
                for view in await self._views([self._ref(each) for each in batch], batch, listed):
                    yield view
                batch = []
        for view in await self._views([self._ref(each) for each in batch], batch, listed):
            yield view
        rest = sorted(listed, key=lambda ref: ref.order_id)  # those of Magento are taken out by now
        for begin in range(0, len(rest), BATCH):
            refs = rest[begin : begin + BATCH]
            orders = await self._books.orders([ref.order_id for ref in refs])
            for view in await self._views(refs, orders, listed):
                yield view

    async def of(self, ref: OrderRef) -> OrderView:
        """One order, as it is now; with the PaymentIntents that named it when they were listed.

        Raises:
            UpstreamError: it cannot be read.
        """
        (view,) = await self._views([ref], await self._books.orders([ref.order_id]), {})
        return view

    async def _list_intents(self, since: datetime) -> Intents:
        found: Intents = defaultdict(dict)
        for account in self._accounts:
            for intent in await self._ports.payments[account].find_payment_intents(None, since, {}):
                order = order_in(intent.metadata)
                if order is not None and order.instance == self._books.instance:
                    found[order][intent.id] = (account, intent)
        self._named = {
            order: {intent: account for intent, (account, _) in intents.items()} for order, intents in found.items()
        }
        return dict(found)

    async def _views(
        self, refs: Sequence[OrderRef], orders: Iterable[MagentoOrder], listed: Intents
    ) -> list[OrderView]:
        if not refs:
            return []
        by_id = {order.order_id: order for order in orders}
        memos: dict[int, list[BookedMemo]] = defaultdict(list)
        for memo in await self._books.creditmemos(list(by_id)):
            memos[memo.order_id].append(memo)
        return await asyncio.gather(
            *(self._view(ref, by_id.get(ref.order_id), memos[ref.order_id], listed.pop(ref, {})) for ref in refs)
        )

    async def _view(
        self,
        ref: OrderRef,
        magento: MagentoOrder | None,
        memos: Sequence[BookedMemo],
        listed: dict[PaymentIntentId, tuple[StripeRef, PaymentIntent]],
    ) -> OrderView:
        record = await self._ports.store.orders.load(ref)
        intents = dict(listed)
        linked = {known.id: record.stripe for known in record.intents if record.stripe is not None}
        for intent_id, account in (self._named.get(ref, {}) | linked).items():
            if intent_id not in intents:
                seen = await self._read(account, intent_id)
                if seen is not None:
                    intents[intent_id] = (account, seen)
        refunds: list[Refund] = []
        for account, intent in intents.values():
            if memos or _went_back(intent, record):
                async with self._slots:
                    refunds += await self._ports.payments[account].find_refunds(intent.id, {})
        placed = record.placed
        return OrderView(
            order=ref,
            magento=magento,
            memos=memos,
            intents=sorted((intent for _, intent in intents.values()), key=lambda intent: (intent.created, intent.id)),
            accounts={intent.id: account for account, intent in intents.values()},
            refunds=sorted(refunds, key=lambda refund: (refund.created, refund.id)),
            record=record,
            policy=self._ports.policies.of(ref, placed.store) if placed else None,
        )

    async def _read(self, account: StripeRef, intent: PaymentIntentId) -> PaymentIntent | None:
        async with self._slots:
            try:
                return await self._ports.payments[account].retrieve_payment_intent(intent)
            except NotFoundError:
                return None  # test data of Stripe can be deleted

    def _ref(self, order: MagentoOrder) -> OrderRef:
        return OrderRef(instance=self._books.instance, order_id=order.order_id)


def _went_back(intent: PaymentIntent, record: OrderRecord) -> bool:
    """Whether there may be a refund; our own word counts as well, for one that the charge does not show yet."""
    charge = intent.charge
    told = charge is not None and charge.amount_refunded > 0
    return told or bool(record.refunds) or any(":refund:" in key for key in record.effects)
