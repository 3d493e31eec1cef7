"""Mends one order by the effects that any message about it would have led to."""

from collections.abc import Sequence
from datetime import timedelta

from schemas.ids import OrderRef
from sidecar.consumer import Consumer
from sidecar.errors import NotYetError, UnmappableError, UpstreamError
from sidecar.executor import EffectObserver, UnsettledError, settle
from sidecar.invariants.drift import Drift
from sidecar.invariants.view import OrderView
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, IntentLinked, OrderCanceledObserved, RefundObserved
from sidecar.ports.records import TimelineEntry

LOCK_TIMEOUT = timedelta(seconds=30)


class Repair:
    """Repairs orders of one kind of consumer."""

    def __init__(self, ports: Ports, consumers: Sequence[Consumer], observer: EffectObserver) -> None:
        self._ports = ports
        self._consumers = consumers
        self._observer = observer

    async def mend(self, view: OrderView, drifts: Sequence[Drift]) -> str | None:
        """Do what the drifts of this order want; returns why it could not be done, or nothing.

        The order is held meanwhile, and decided upon afresh: what its own messages have mended is not done twice.
        """
        remedies = {drift.finding.remedy for drift in drifts}
        try:
            async with self._ports.store.locks.hold(view.order, LOCK_TIMEOUT):
                if "settle" in remedies:
                    disproved = frozenset[str]().union(*(drift.finding.disproved for drift in drifts))
                    await self._ports.store.ledger.forget(view.order, disproved)
                    await self._ports.store.orders.record_facts(self._facts(view))
                    for consumer in self._consumers:
                        await settle(consumer, view.order, self._ports, self._observer, trace_id=None)
                if "republish" in remedies:
                    await self._ports.magento[view.order.instance].republish(view.order.order_id)
                await self._tell(view.order, drifts)
        except (UpstreamError, UnmappableError, NotYetError, UnsettledError) as error:
            return str(error)
        return None

    def _facts(self, view: OrderView) -> list[Fact]:
        """What Magento and Stripe say now, for the decision to be made from."""
        facts: list[Fact] = [IntentLinked(view.accounts[intent.id], view.order, intent) for intent in view.intents]
        facts += [
            RefundObserved(view.accounts[refund.payment_intent], view.order, refund)
            for refund in view.refunds
            if refund.payment_intent is not None
        ]
        if view.magento is not None and view.magento.state == "canceled":
            facts.append(OrderCanceledObserved(view.order, view.magento.updated_at))
        return facts

    async def _tell(self, order: OrderRef, drifts: Sequence[Drift]) -> None:
        lines = [
            TimelineEntry(
                subject=order,
                at=self._ports.clock.now(),
                source="reconcile",
                kind="drift.found",
                summary=drift.finding.says,
                detail={"invariant": drift.invariant, "remedy": drift.finding.remedy},
            )
            for drift in drifts
        ]
        await self._ports.store.timeline.append(lines)
