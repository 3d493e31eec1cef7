"""What is known of one customer account: whom it is in Stripe, and what was done about it. Nothing of the person."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import CustomerRef
from sidecar.ports.bundle import Ports
from sidecar.ports.records import CustomerLink, TimelineEntry


@dataclass(frozen=True, slots=True)
class CustomerReport:
    """One account, from the sidecar's own record."""

    customer: CustomerRef
    known_since: datetime | None
    deleted_at: datetime | None
    links: tuple[CustomerLink, ...]
    open_effects: tuple[tuple[str, str], ...]
    timeline: tuple[TimelineEntry, ...]

    @property
    def standing(self) -> str:
        """Whether Magento has it."""
        if self.deleted_at is not None:
            return f"deleted in Magento {self.deleted_at:%Y-%m-%d %H:%M}"
        if self.known_since is None:
            return "Magento has not spoken of it"
        return f"as of {self.known_since:%Y-%m-%d %H:%M}"

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "customer": str(self.customer),
            "known_since": self.known_since,
            "deleted_at": self.deleted_at,
            "links": [
                {
                    "stripe": str(link.stripe),
                    "website_code": link.website_code,
                    "customer": link.customer,
                    "number": link.number,
                    "gone_at": link.gone_at,
                }
                for link in self.links
            ],
            "open_effects": dict(self.open_effects),
            "timeline": [
                {
                    "at": line.at,
                    "kind": line.kind,
                    "summary": line.summary,
                    "detail": dict(line.detail),
                    "trace_id": line.trace_id,
                }
                for line in self.timeline
            ],
        }


async def report(customer: CustomerRef, ports: Ports) -> CustomerReport:
    """Collect it.

    Raises:
        TransientError: the store is away.
    """
    record = await ports.store.customers.load(customer)
    return CustomerReport(
        customer=customer,
        known_since=record.magento.updated_at if record.magento else None,
        deleted_at=record.deleted_at,
        links=record.links,
        open_effects=tuple(sorted(record.open_effects.items())),
        timeline=await ports.store.timeline.read(customer),
    )
