"""A store that shows what would be there, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from schemas.ids import CustomerId, CustomerRef, StripeRef
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.ports.facts import CustomerGone, Fact
from sidecar.ports.records import CustomerLink, CustomerRecord
from sidecar.ports.store import Customers, Store


class UnwrittenCustomers:
    """Customers as they are, with one account as it was just read; facts are only kept as long as this object lives."""

    def __init__(self, customers: Customers, snapshot: CustomerSnapshot) -> None:
        self._customers = customers
        self._snapshot = snapshot
        self._gone: set[tuple[StripeRef, CustomerId]] = set()

    async def record_saved(self, snapshot: CustomerSnapshot) -> None:
        """Show it from now on."""
        self._snapshot = snapshot

    async def record_deleted(self, event: CustomerDeletedV1) -> None:
        """Nothing."""

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        """Remember who is gone."""
        self._gone |= {(fact.stripe, fact.stripe_customer) for fact in facts if isinstance(fact, CustomerGone)}

    async def load(self, customer: CustomerRef) -> CustomerRecord:
        """What is written, with the account and what was found out since."""
        record = await self._customers.load(customer)
        links = tuple(
            replace(link, gone_at=self._snapshot.updated_at, agreed=None)
            if (link.stripe, link.customer) in self._gone
            else link
            for link in record.links
        )
        return replace(
            record,
            magento=None if record.deleted_at else self._snapshot,
            certain=True,
            store=self._snapshot.store,
            links=links,
        )

    async def links_of(self, stripe: StripeRef, customer: CustomerId) -> tuple[CustomerLink, ...]:
        """As it is written."""
        return await self._customers.links_of(stripe, customer)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """The store, with such customers."""

    store: Store
    customers: UnwrittenCustomers

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # everything else is the store's own
        return getattr(self.store, name)


def unwritten(store: Store, snapshot: CustomerSnapshot) -> Store:
    """The store, as it would be with this account in it."""
    return cast("Store", Unwritten(store, UnwrittenCustomers(store.customers, snapshot)))
