"""Bring to Magento what was changed of a customer in Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from schemas.contract import Frozen
from schemas.ids import CustomerId, StripeRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.of_magento import Naming, profile_of_magento
from sidecar.customer_profile.profile import Agreement, Profile, SharedField
from sidecar.effects.customer_effect import CustomerEffect
from sidecar.effects.magento_account import accounts_of
from sidecar.errors import NotFoundError, RefusedError, Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerAgreed, CustomerDeletedObserved, CustomerRead, Fact
from sidecar.ports.magento_customers import CustomerEdit, MagentoCustomers


class AccountUpdated(Frozen):
    """The account as it is now.

    Attributes:
        refused: why Magento would not take a part of the edit (`email`, `name`, `address`).
        missing: what was not found to be done, when an attempt of unknown outcome was looked for.
    """

    snapshot: CustomerSnapshot
    refused: Mapping[str, str] = Field(default_factory=dict)
    missing: tuple[SharedField, ...] = ()


class UpdateAccount(CustomerEffect):
    """Changes Magento's account to what Stripe has. It may be repeated at any time: the edit says how it becomes.

    Attributes:
        stripe: whose change it is.
        stripe_customer: likewise.
        revision: of the agreement that it was decided from.
        before: that agreement.
        seen: what Stripe has; where both sides had changed, `before` and the edit tell what was overwritten.
        fields: which of it are brought over.
        overruled: those of them that Magento had changed as well, or that are not its to change.
        company: what the account's company is; Magento's REST does not say it.
    """

    upstream: ClassVar[Upstream] = "magento"

    stripe: StripeRef
    stripe_customer: CustomerId
    revision: int
    before: Agreement
    seen: Profile
    fields: tuple[SharedField, ...]
    edit: CustomerEdit
    naming: Naming
    overruled: tuple[SharedField, ...] = ()
    company: str | None = None

    @property
    @override
    def key(self) -> str:
        return f"magento:{self.customer}:update:{self.stripe}/{self.stripe_customer}/{self.revision}"

    @property
    @override
    def summary(self) -> str:
        return f"Brought {', '.join(self.fields)} of the customer to Magento"

    @override
    async def perform(self, ports: Ports) -> AccountUpdated:
        accounts, customer = accounts_of(self.customer.instance, ports), self.customer.customer_id
        refused: dict[str, str] = {}
        snapshot: CustomerSnapshot | None = None
        try:
            snapshot = await accounts.update_customer(customer, self.edit)
        except RefusedError as error:
            if _is_gone(error) or error.code == "needs_rest":
                raise
            refused = await self._part_by_part(accounts, error)
        if snapshot is None:
            snapshot = await accounts.read_customer(customer)
        return AccountUpdated(snapshot=self._whole(snapshot), refused=refused)

    async def _part_by_part(self, accounts: MagentoCustomers, error: RefusedError) -> dict[str, str]:
        """What is refused of the edit, and why: the rest of it is none the worse for that."""
        parts = self.edit.parts()
        if len(parts) == 1:
            return {_name(parts[0]): error.code}
        refused: dict[str, str] = {}
        for part in parts:
            try:
                await accounts.update_customer(self.customer.customer_id, part)
            except RefusedError as reason:
                if _is_gone(reason):
                    raise
                refused[_name(part)] = reason.code
        return refused

    @override
    async def find(self, ports: Ports, since: datetime) -> AccountUpdated | None:
        try:
            snapshot = self._whole(
                await accounts_of(self.customer.instance, ports).read_customer(self.customer.customer_id)
            )
        except NotFoundError:
            return None
        has = profile_of_magento(snapshot, self.naming)
        missing = tuple(field for field in self.fields if has.get(field) != self.seen.get(field))
        return None if missing == self.fields else AccountUpdated(snapshot=snapshot, missing=missing)

    @override
    def facts(self, result: AccountUpdated, at: datetime) -> Sequence[Fact]:
        fields = tuple(field for field in self.fields if field not in result.missing)
        has = profile_of_magento(result.snapshot, self.naming)
        agreed = Agreement(
            magento=(self.before.magento or Profile()).taking(fields, has),
            stripe=self.before.stripe.taking(fields, self.seen),
        )
        return (
            CustomerRead(result.snapshot),
            CustomerAgreed(self.stripe, self.customer, self.stripe_customer, self.revision, agreed),
        )

    @override
    def detail(self, result: AccountUpdated) -> Mapping[str, str]:
        known = {"customer": self.stripe_customer, "fields": ",".join(self.fields)}
        if self.overruled:
            known["overruled"] = ",".join(self.overruled)
        if result.refused:
            known["refused"] = ",".join(f"{part}:{code}" for part, code in sorted(result.refused.items()))
        return known

    @override
    def learns(self, error: RefusedError, at: datetime) -> Sequence[Fact]:
        return (CustomerDeletedObserved(self.customer, at),) if _is_gone(error) else ()

    def _whole(self, snapshot: CustomerSnapshot) -> CustomerSnapshot:
        return snapshot.model_copy(update={"company": snapshot.company or self.company})


def _name(part: CustomerEdit) -> str:
    return next(name for name in CustomerEdit.model_fields if getattr(part, name) is not None)


def _is_gone(error: RefusedError) -> bool:
    """Whether the account itself is not there; an address of it may be missing as well."""
    return isinstance(error, NotFoundError) and error.code != "address_missing"
