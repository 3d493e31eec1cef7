"""A store in memory, for tests whose question is not the store. It passes the store's conformance suite."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas.ids import CustomerId, CustomerRef, MagentoCreditmemoId, OrderRef, RefundId, StripeRef, Subject
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.store import Store as MagentoStore
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import FINAL, PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.breaker.memory import OwnCircuits
from sidecar.errors import TransientError
from sidecar.ports.facts import (
    CreditmemoRefused,
    CustomerAgreed,
    CustomerDeletedObserved,
    CustomerFact,
    CustomerGone,
    CustomerLinked,
    CustomerRead,
    CustomerSeen,
    Fact,
    IntentLinked,
    OrderCanceledObserved,
    RefundDismissed,
    RefundFact,
    RefundLinked,
    RefundObserved,
    SessionLinked,
)
from sidecar.ports.parked import Closing, ParkedMessage, ParkedSummary
from sidecar.ports.records import (
    CustomerLink,
    CustomerRecord,
    EffectState,
    EffectToBegin,
    KnownCreditmemo,
    KnownRefund,
    LedgerEntry,
    OrderRecord,
    TimelineEntry,
)

LinkKey = tuple[StripeRef, str, str, str]


@dataclass
class _Order:
    placed: OrderPlacedV1 | None = None
    stripe: StripeRef | None = None
    increment_id: str | None = None
    canceled_at: datetime | None = None
    window_closes_at: datetime | None = None
    window_closed_at: datetime | None = None
    settled: bool = False


@dataclass
class _Account:
    snapshot: CustomerSnapshot | None = None
    certain: bool = True
    store: MagentoStore | None = None
    deleted_at: datetime | None = None


@dataclass
class _Effect:
    kind: str
    subject: Subject
    params: str
    started_at: datetime
    state: EffectState = "pending"
    result: str | None = None
    attempts: int = 0
    error: str | None = None
    done_at: datetime | None = None


class MemoryOrders:
    def __init__(self, effects: dict[str, _Effect]) -> None:
        self._orders: dict[OrderRef, _Order] = defaultdict(_Order)
        self._intents: dict[tuple[StripeRef, str], tuple[OrderRef, PaymentIntent]] = {}
        self._sessions: dict[tuple[StripeRef, str], tuple[OrderRef, CheckoutSession]] = {}
        self._creditmemos: dict[tuple[str, int], KnownCreditmemo] = {}
        self._refunds: dict[tuple[StripeRef, str], tuple[OrderRef, KnownRefund]] = {}
        self._links: dict[tuple[StripeRef, str], tuple[OrderRef, MagentoCreditmemoId]] = {}
        self.links: dict[LinkKey, CustomerLink] = {}
        self.accounts: dict[CustomerRef, _Account] = defaultdict(_Account)
        self._effects = effects

    async def record_placed(self, event: OrderPlacedV1, stripe: StripeRef, window: timedelta | None) -> None:
        order = self._orders[event.ref]
        if order.placed is None:
            order.placed, order.stripe, order.increment_id = event, stripe, event.increment_id
            order.window_closes_at = None if window is None else event.placed_at + window

    async def record_canceled(self, event: OrderCanceledV1) -> None:
        order = self._orders[event.ref]
        order.increment_id = order.increment_id or event.increment_id
        order.canceled_at = _earliest(order.canceled_at, event.canceled_at)

    async def record_window_closed(self, order: OrderRef, at: datetime) -> None:
        self._orders[order].window_closed_at = _earliest(self._orders[order].window_closed_at, at)

    async def record_creditmemo(self, memo: CreditmemoCreatedV1) -> None:
        self._creditmemos.setdefault((memo.instance, memo.creditmemo_id), KnownCreditmemo(memo))

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            match fact:
                case RefundObserved() | RefundLinked() | RefundDismissed() | CreditmemoRefused():
                    self._record_about_refunds(fact)
                case IntentLinked(stripe, order, intent):
                    known = self._intents.get((stripe, intent.id))
                    view = intent.model_copy(update={"client_secret": None})
                    if known is None:
                        self._intents[stripe, intent.id] = (order, view)
                    elif _intent_yields(known[1], intent):
                        self._intents[stripe, intent.id] = (known[0], view)
                case SessionLinked(stripe, order, session):
                    before = self._sessions.get((stripe, session.id))
                    if before is None:
                        self._sessions[stripe, session.id] = (order, session)
                    elif _session_yields(before[1], session):
                        self._sessions[stripe, session.id] = (before[0], session)
                case OrderCanceledObserved(order, at):
                    self._orders[order].canceled_at = _earliest(self._orders[order].canceled_at, at)
                case other:
                    self._record_customer_fact(other)

    async def record_and_load(self, order: OrderRef, facts: Sequence[Fact]) -> OrderRecord:
        await self.record_facts(facts)
        return await self.load(order)

    def _record_about_refunds(self, fact: RefundFact) -> None:
        match fact:
            case RefundObserved(stripe, order, refund):
                owner, known = self._refunds.get((stripe, refund.id), (order, KnownRefund(refund)))
                if _refund_yields(known.refund, refund):
                    known = replace(known, refund=refund)
                self._refunds[stripe, refund.id] = (owner, known)
            case RefundLinked(stripe, order, refund_id, creditmemo):
                self._links.setdefault((stripe, refund_id), (order, creditmemo))
            case RefundDismissed(stripe, refund_id, reason) if (stripe, refund_id) in self._refunds:
                owner, known = self._refunds[stripe, refund_id]
                self._refunds[stripe, refund_id] = (owner, replace(known, dismissed=known.dismissed or reason))
            case CreditmemoRefused(order, creditmemo, code) if (order.instance, creditmemo) in self._creditmemos:
                memo = self._creditmemos[order.instance, creditmemo]
                refused = replace(memo, refused=memo.refused or code)
                self._creditmemos[order.instance, creditmemo] = refused
            case _:
                pass

    async def load(self, order: OrderRef) -> OrderRecord:
        known = self._orders.get(order, _Order())
        link = self._link_of(known)
        intents = [view for owner, view in self._intents.values() if owner == order]
        sessions = [view for owner, view in self._sessions.values() if owner == order]
        effects = {key: effect for key, effect in self._effects.items() if effect.subject == order}
        memos = [known for known in self._creditmemos.values() if known.memo.order == order]
        refunds = [known for owner, known in self._refunds.values() if owner == order]
        return OrderRecord(
            order=order,
            placed=known.placed,
            stripe=known.stripe,
            canceled_at=known.canceled_at,
            window_closed_at=known.window_closed_at,
            customer=None if link is None or link.gone_at else link.customer,
            customer_number=1 if link is None else link.number + (link.gone_at is not None),
            intents=tuple(sorted(intents, key=lambda intent: (intent.created, intent.id))),
            sessions=tuple(sorted(sessions, key=lambda session: (session.expires_at, session.id))),
            effects={key: effect.state for key, effect in effects.items()},
            results={key: effect.result for key, effect in effects.items() if effect.result is not None},
            creditmemos=tuple(sorted(memos, key=lambda known: known.memo.creditmemo_id)),
            refunds=tuple(sorted(refunds, key=lambda known: (known.refund.created, known.refund.id))),
            refund_links={RefundId(name): memo for (_, name), (owner, memo) in self._links.items() if owner == order},
        )

    async def stripe_of(self, order: OrderRef) -> StripeRef | None:
        return self._orders.get(order, _Order()).stripe

    async def order_of_intent(self, stripe: StripeRef, intent: str) -> OrderRef | None:
        known = self._intents.get((stripe, intent))
        return known[0] if known else None

    async def find_by_increment_id(self, increment_id: str) -> tuple[OrderRef, ...]:
        found = [ref for ref, order in self._orders.items() if order.increment_id == increment_id]
        return tuple(sorted(found, key=lambda ref: (ref.instance, ref.order_id)))

    async def due_windows(self, now: datetime, limit: int) -> tuple[OrderRef, ...]:
        due = [
            (order.window_closes_at, ref.instance, ref.order_id, ref)
            for ref, order in self._orders.items()
            if order.window_closes_at is not None
            and order.window_closes_at <= now
            and order.window_closed_at is None
            and not order.settled
        ]
        return tuple(ref for *_, ref in sorted(due, key=lambda row: row[:3])[:limit])

    async def settle_window(self, order: OrderRef) -> None:
        self._orders[order].settled = True

    def _record_customer_fact(self, fact: CustomerFact) -> None:
        match fact:
            case CustomerLinked():
                self._link(fact)
            case CustomerAgreed():
                self._change(fact.stripe, fact.stripe_customer, lambda link: _agreed(link, fact))
            case CustomerSeen():
                self._change(fact.stripe, fact.stripe_customer, lambda link: _seen(link, fact))
            case CustomerGone():
                self._change(fact.stripe, fact.stripe_customer, lambda link: _gone(link, fact))
            case CustomerRead(snapshot):
                self.snapshot(snapshot, read=True)
            case CustomerDeletedObserved(account, at):
                self.delete(account, at, None)

    def snapshot(self, given: CustomerSnapshot, *, read: bool) -> None:
        account = self.accounts[given.ref]
        snapshot = CustomerSnapshot.model_validate(given.model_dump())
        known = account.snapshot
        if account.deleted_at or (known is not None and known.updated_at > snapshot.updated_at):
            return
        rival = known is not None and known.updated_at == snapshot.updated_at
        account.certain = read or not rival or (known == snapshot and account.certain)
        account.store, account.snapshot = snapshot.store, snapshot

    def delete(self, customer: CustomerRef, at: datetime, store: MagentoStore | None) -> None:
        account = self.accounts[customer]
        account.snapshot, account.store = None, account.store or store
        account.deleted_at = _earliest(account.deleted_at, at)

    def _link(self, fact: CustomerLinked) -> None:
        key = (fact.stripe, fact.instance, fact.website_code, fact.buyer)
        known = self.links.get(key)
        if known is not None and known.number > fact.number:
            return
        if known is not None and known.customer == fact.customer:
            self.links[key] = replace(known, number=fact.number)
            return
        self.links[key] = CustomerLink(
            stripe=fact.stripe,
            instance=fact.instance,
            website_code=fact.website_code,
            buyer=fact.buyer,
            customer=fact.customer,
            number=fact.number,
            gone_at=None,
            agreed=fact.agreed,
            revision=0,
            seen=None,
            seen_at=None,
        )

    def _change(self, stripe: StripeRef, customer: CustomerId, change: Callable[[CustomerLink], CustomerLink]) -> None:
        for key, link in self.links.items():
            if (link.stripe, link.customer) == (stripe, customer):
                self.links[key] = change(link)

    def _link_of(self, known: _Order) -> CustomerLink | None:
        if known.placed is None or known.stripe is None:
            return None
        account = known.placed.buyer.customer_id
        buyer = f"order/{known.placed.order_id}" if account is None else f"customer/{account}"
        return self.links.get((known.stripe, known.placed.instance, known.placed.store.website_code, buyer))


class MemoryCustomers:
    def __init__(self, orders: MemoryOrders, effects: dict[str, _Effect]) -> None:
        self._orders = orders
        self._effects = effects

    async def record_saved(self, snapshot: CustomerSnapshot) -> None:
        self._orders.snapshot(snapshot, read=False)

    async def record_deleted(self, event: CustomerDeletedV1) -> None:
        self._orders.delete(event.ref, event.deleted_at, event.store)
        for key, link in self._orders.links.items():
            if link.account == event.ref:
                self._orders.links[key] = replace(link, agreed=None, seen=None)

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        await self._orders.record_facts(facts)

    async def load(self, customer: CustomerRef) -> CustomerRecord:
        account = self._orders.accounts.get(customer, _Account())
        links = [link for link in self._orders.links.values() if link.account == customer]
        return CustomerRecord(
            customer=customer,
            magento=account.snapshot,
            certain=account.certain,
            store=account.store,
            deleted_at=account.deleted_at,
            links=tuple(sorted(links, key=lambda link: (str(link.stripe), link.website_code))),
            open_effects={
                key: effect.state
                for key, effect in self._effects.items()
                if effect.subject == customer and effect.state != "done"
            },
        )

    async def links_of(self, stripe: StripeRef, customer: CustomerId) -> tuple[CustomerLink, ...]:
        links = [link for link in self._orders.links.values() if (link.stripe, link.customer) == (stripe, customer)]
        return tuple(sorted(links, key=lambda link: link.buyer))


class MemoryTimeline:
    def __init__(self) -> None:
        self._lines: list[TimelineEntry] = []

    async def append(self, entries: Sequence[TimelineEntry]) -> None:
        self._lines.extend(entries)

    async def read(self, subject: Subject, limit: int = 500) -> tuple[TimelineEntry, ...]:
        lines = sorted((line for line in self._lines if line.subject == subject), key=lambda line: line.at)
        return tuple(lines[-limit:])


class MemoryLedger:
    def __init__(self, effects: dict[str, _Effect], orders: MemoryOrders, timeline: MemoryTimeline) -> None:
        self._effects = effects
        self._orders = orders
        self._timeline = timeline

    def forget_done(self, *, payments: int) -> None:
        """What is done was done so long ago that it is pruned, but for which of several payments is booked."""
        kept = {"RecordCapture"} if payments > 1 else set()
        for key in [key for key, effect in self._effects.items() if effect.state == "done" and effect.kind not in kept]:
            del self._effects[key]

    async def begin(self, effect: EffectToBegin, now: datetime) -> LedgerEntry:
        fresh = effect.key not in self._effects
        known = self._effects.setdefault(effect.key, _Effect(effect.kind, effect.subject, effect.params, now))
        if known.state != "done":
            known.attempts += 1
        return self._entry(effect.key, known, fresh=fresh)

    async def read(self, key: str) -> LedgerEntry | None:
        effect = self._effects.get(key)
        return None if effect is None else self._entry(key, effect, fresh=False)

    def _entry(self, key: str, effect: _Effect, *, fresh: bool) -> LedgerEntry:
        return LedgerEntry(
            key=key,
            kind=effect.kind,
            state=effect.state,
            params=effect.params,
            result=effect.result,
            attempts=effect.attempts,
            started_at=effect.started_at,
            fresh=fresh,
        )

    async def mark_unknown(self, key: str, error: str) -> None:
        effect = self._effects.get(key)
        if effect is not None and effect.state != "done":
            effect.state, effect.error = "unknown", error

    async def note_error(self, key: str, error: str) -> None:
        effect = self._effects.get(key)
        if effect is not None and effect.state != "done":
            effect.error = error

    async def withdraw(self, key: str, *, attempts: int | None = None) -> None:
        effect = self._effects.get(key)
        if effect is not None and effect.state != "done" and (attempts is None or effect.attempts <= attempts):
            del self._effects[key]

    async def forget(self, subject: Subject, kinds: frozenset[str]) -> None:
        disproved = [
            key
            for key, effect in self._effects.items()
            if effect.subject == subject and effect.kind in kinds and effect.state == "done"
        ]
        for key in disproved:
            del self._effects[key]

    async def close(
        self,
        key: str,
        result: str,
        facts: Sequence[Fact],
        timeline: Sequence[TimelineEntry],
        now: datetime,
        *,
        following: EffectToBegin | None = None,
    ) -> LedgerEntry | None:
        effect = self._effects.get(key)
        if effect is None:
            raise LookupError(f"{key} is not in the ledger")
        await self._orders.record_facts(facts)
        if effect.state != "done":
            effect.state, effect.result, effect.done_at, effect.error = "done", result, now, None
            await self._timeline.append(timeline)
        return None if following is None else await self.begin(following, now)


class MemoryInbox:
    def __init__(self) -> None:
        self._done: dict[tuple[str, str, str], datetime] = {}

    async def is_done(self, consumer: str, source: str, event_id: str) -> bool:
        return (consumer, source, event_id) in self._done

    async def mark_done(self, consumer: str, source: str, event_id: str, now: datetime) -> None:
        self._done.setdefault((consumer, source, event_id), now)

    async def missing(self, consumer: str, source: str, event_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(event for event in event_ids if (consumer, source, event) not in self._done)


class MemoryCursors:
    def __init__(self) -> None:
        self._cursors: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self._cursors.get(name)

    async def set(self, name: str, value: str) -> None:
        self._cursors[name] = value


class MemoryLocks:
    def __init__(self) -> None:
        self._subjects: dict[Subject, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: set[str] = set()

    def hold(self, subject: Subject, timeout: timedelta) -> AbstractAsyncContextManager[None]:
        return self._hold(subject, timeout)

    @asynccontextmanager
    async def _hold(self, subject: Subject, patience: timedelta) -> AsyncIterator[None]:
        lock = self._subjects[subject]
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await lock.acquire()
        except TimeoutError:
            raise TransientError("store", f"{subject.kind}_locked", str(subject)) from None
        try:
            yield
        finally:
            lock.release()

    @asynccontextmanager
    async def exclusive(self, name: str) -> AsyncIterator[bool]:
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)


class MemoryReplicas:
    def __init__(self) -> None:
        self._expiry: dict[tuple[str, str], datetime] = {}

    async def beat(self, group: str, replica: str, now: datetime, ttl: timedelta) -> int:
        self._expiry[group, replica] = now + ttl
        alive = [key for key, expires in self._expiry.items() if key[0] == group and expires > now]
        return max(1, len(alive))

    async def leave(self, group: str, replica: str) -> None:
        self._expiry.pop((group, replica), None)

    async def living(self, now: datetime) -> dict[str, tuple[str, ...]]:
        groups: dict[str, tuple[str, ...]] = {}
        for (group, replica), expires in sorted(self._expiry.items()):
            if expires > now:
                groups[group] = (*groups.get(group, ()), replica)
        return groups


class MemoryParkedMessages:
    def __init__(self, timeline: MemoryTimeline) -> None:
        self._lying: dict[tuple[str, str], ParkedMessage] = {}
        self._timeline = timeline

    async def record(self, message: ParkedMessage) -> None:
        known = self._lying.get((message.queue, message.ref))
        if known is not None:
            first = min(known.parked_at, message.parked_at)
            message = replace(message, copies=known.copies + 1, parked_at=first)
        self._lying[message.queue, message.ref] = message

    async def close(self, message: ParkedMessage, closing: Closing) -> None:
        known = self._lying.pop((message.queue, message.ref), None)
        if known is not None and known.copies > 1:
            self._lying[message.queue, message.ref] = replace(known, copies=known.copies - 1)
        await self._timeline.append(closing.timeline)

    async def found(self, queue: str, messages: Sequence[ParkedMessage], since: datetime, now: datetime) -> None:
        del now
        refs = {message.ref for message in messages}
        for (of, ref), known in list(self._lying.items()):
            if of == queue and ref not in refs and known.parked_at < since:
                del self._lying[of, ref]
        self._lying |= {(queue, message.ref): message for message in messages}

    async def summaries(self) -> tuple[ParkedSummary, ...]:
        groups: dict[tuple[str, str], list[ParkedMessage]] = defaultdict(list)
        for message in self._lying.values():
            groups[message.queue, message.reason].append(message)
        return tuple(
            ParkedSummary(queue, reason, sum(each.copies for each in group), min(each.parked_at for each in group))
            for (queue, reason), group in sorted(groups.items())
        )

    async def parked_events(self, queue: str, source: str, event_ids: Collection[str]) -> frozenset[str]:
        lying = {each.event_id for each in self._lying.values() if (each.queue, each.source) == (queue, source)}
        return frozenset(event for event in event_ids if event in lying)


class MemoryStore:
    """Everything in dictionaries; gone with the object."""

    def __init__(self) -> None:
        effects: dict[str, _Effect] = {}
        self.orders = MemoryOrders(effects)
        self.customers = MemoryCustomers(self.orders, effects)
        self.timeline = MemoryTimeline()
        self.ledger = MemoryLedger(effects, self.orders, self.timeline)
        self.inbox = MemoryInbox()
        self.cursors = MemoryCursors()
        self.locks = MemoryLocks()
        self.replicas = MemoryReplicas()
        self.parked = MemoryParkedMessages(self.timeline)
        self.circuits = OwnCircuits()


def _earliest(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else min(known, new)


def _agreed(link: CustomerLink, fact: CustomerAgreed) -> CustomerLink:
    if (link.account, link.revision) != (fact.customer, fact.revision):
        return link
    seen = link.seen if link.seen_at is None or fact.is_partial else fact.agreed.stripe
    return replace(link, agreed=fact.agreed, revision=link.revision + 1, seen=seen)


def _gone(link: CustomerLink, fact: CustomerGone) -> CustomerLink:
    agreed = None if fact.unknown else link.agreed
    return replace(link, gone_at=_earliest(link.gone_at, fact.at), agreed=agreed)


def _seen(link: CustomerLink, fact: CustomerSeen) -> CustomerLink:
    if link.account is None or (link.seen_at is not None and link.seen_at > fact.at):
        return link
    return replace(link, seen=fact.profile, seen_at=fact.at)


def _intent_yields(known: PaymentIntent, new: PaymentIntent) -> bool:
    if known.status not in FINAL:
        return True
    return new.status == known.status and (new.charge is not None or known.charge is None)


def _refund_yields(known: Refund, new: Refund) -> bool:
    if known.reached != new.reached:
        return new.reached > known.reached
    return known.is_live or new.status == known.status


def _session_yields(known: CheckoutSession, new: CheckoutSession) -> bool:
    if known.status not in ("complete", "expired"):
        return True
    return new.status == known.status and (new.payment_status != "unpaid" or known.payment_status == "unpaid")
