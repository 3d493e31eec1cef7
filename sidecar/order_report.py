"""What is known of one order, across Magento, Stripe and the sidecar."""

from dataclasses import asdict, dataclass
from datetime import datetime

from schemas.ids import OrderRef
from sidecar.errors import UpstreamError
from sidecar.ports.bundle import Ports
from sidecar.ports.records import KnownCreditmemo, OrderRecord, TimelineEntry


@dataclass(frozen=True, slots=True)
class IntentReport:
    """One PaymentIntent as Stripe has it now; `status` says `unreachable: …` where Stripe could not be asked."""

    id: str
    status: str
    amount: str
    received: str


@dataclass(frozen=True, slots=True)
class RefundReport:
    """One refund as Stripe has it now, or as it was last seen where Stripe could not be asked.

    Attributes:
        creditmemo: the id of Magento's credit memo that it is linked to; null where there is none.
        note: why there is none, or why it failed.
    """

    id: str
    status: str
    amount: str
    creditmemo: int | None
    note: str


@dataclass(frozen=True, slots=True)
class CreditmemoReport:
    """One credit memo, from the sidecar's own record.

    Attributes:
        kind: `online`: its money goes back through Stripe; `offline`: none moves; `stripe`: it was made from a refund.
        refused: Stripe's code, where it would not give the money back.
    """

    id: int
    increment_id: str
    total: str
    kind: str
    refused: str | None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """One order. `magento` and the intents are read at this moment, the rest is the sidecar's own record."""

    order: OrderRef
    increment_id: str | None
    total: str | None
    account: str | None
    canceled_at: datetime | None
    window_closed_at: datetime | None
    magento: dict[str, str]
    intents: tuple[IntentReport, ...]
    refunds: tuple[RefundReport, ...]
    creditmemos: tuple[CreditmemoReport, ...]
    checkout_sessions: tuple[tuple[str, str], ...]
    open_effects: tuple[tuple[str, str], ...]
    timeline: tuple[TimelineEntry, ...]

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return asdict(self) | {"order": str(self.order)} | {"timeline": [_line(entry) for entry in self.timeline]}


def _line(entry: TimelineEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "kind": entry.kind,
        "summary": entry.summary,
        "detail": dict(entry.detail),
        "trace_id": entry.trace_id,
    }


async def report(order: OrderRef, ports: Ports) -> OrderReport:
    """Collect it. An upstream that is away is named in the report; only the store must answer.

    Raises:
        TransientError: the store is away.
    """
    record = await ports.store.orders.load(order)
    placed = record.placed
    intents = []
    for known in record.intents:
        try:
            intent = await ports.payments[record.stripe].retrieve_payment_intent(known.id) if record.stripe else known
        except UpstreamError as error:
            intents.append(IntentReport(known.id, f"unreachable: {error.code}", str(known.total), str(known.received)))
        else:
            intents.append(IntentReport(intent.id, intent.status, str(intent.total), str(intent.received)))
    return OrderReport(
        order=order,
        increment_id=placed.increment_id if placed else None,
        total=f"{placed.totals.total_due} {placed.totals.currency}" if placed else None,
        account=str(record.stripe) if record.stripe else None,
        canceled_at=record.canceled_at,
        window_closed_at=record.window_closed_at,
        magento=await _magento(order, ports),
        intents=tuple(intents),
        refunds=await _refunds(record, ports),
        creditmemos=tuple(_creditmemo(known) for known in record.creditmemos),
        checkout_sessions=tuple((session.id, session.status or "") for session in record.sessions),
        open_effects=tuple(sorted((key, state) for key, state in record.effects.items() if state != "done")),
        timeline=await ports.store.timeline.read(order),
    )


async def _refunds(record: OrderRecord, ports: Ports) -> tuple[RefundReport, ...]:
    """Those that the sidecar has not heard of as well, if Stripe can be asked."""
    views = {known.refund.id: known.refund for known in record.refunds}
    dismissed = {known.refund.id: known.dismissed for known in record.refunds}
    try:
        for intent in record.intents if record.stripe else ():
            found = await ports.payments[record.stripe].find_refunds(intent.id, {}) if record.stripe else ()
            views |= {refund.id: refund for refund in found}
    except UpstreamError:
        pass  # the intents say that it is unreachable
    return tuple(
        RefundReport(
            id=refund.id,
            status=refund.status or "",
            amount=str(refund.money),
            creditmemo=record.refund_links.get(refund.id),
            note=refund.failure_reason or dismissed.get(refund.id) or "",
        )
        for refund in sorted(views.values(), key=lambda each: (each.created, each.id))
    )


def _creditmemo(known: KnownCreditmemo) -> CreditmemoReport:
    memo = known.memo
    kind = "stripe" if memo.stripe_refund else "offline" if memo.offline else "online"
    return CreditmemoReport(
        id=memo.creditmemo_id,
        increment_id=memo.increment_id,
        total=f"{memo.totals.grand_total} {memo.totals.currency}",
        kind=kind,
        refused=known.refused,
    )


async def _magento(order: OrderRef, ports: Ports) -> dict[str, str]:
    try:
        seen = await ports.magento[order.instance].read_order(order.order_id)
    except UpstreamError as error:
        return {"unreachable": str(error)}
    except KeyError:
        return {"unreachable": f"there is no [magento.{order.instance}] in the settings"}
    return {
        "state": seen.state,
        "status": seen.status,
        "grand_total": f"{seen.grand_total} {seen.currency}",
        "total_paid": f"{seen.total_paid} {seen.currency}",
        "total_refunded": f"{seen.total_refunded} {seen.currency}",
        "transaction": seen.last_transaction_id or "",
    }
