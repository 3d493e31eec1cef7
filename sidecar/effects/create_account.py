"""Make an account in Magento for a customer that somebody made in Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from schemas.contract import Frozen
from schemas.ids import CustomerId, Instance, StripeCustomerRef, StripeRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.of_magento import Naming, profile_of_magento
from sidecar.customer_profile.profile import SHARED, Agreement, Profile
from sidecar.effects.effect import Effect
from sidecar.effects.magento_account import accounts_of
from sidecar.errors import RefusedError, Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerLinked, CustomerRead, Fact
from sidecar.ports.magento_customers import NewMagentoCustomer


class AccountCreated(Frozen):
    """The new account; null where somebody has one with this address, who is not taken for the same person."""

    snapshot: CustomerSnapshot | None


class CreateAccount(Effect):
    """Makes the account and links it. Magento mails its owner a way to a password.

    Magento has no key for this, but takes an address only once in a website: an account that came into being after this
    was decided is the one that an earlier attempt made.

    Attributes:
        seen: what Stripe has of the customer.
        decided_at: when it was first wanted.
    """

    upstream: ClassVar[Upstream] = "magento"

    stripe: StripeRef
    stripe_customer: CustomerId
    instance: Instance
    new: NewMagentoCustomer
    seen: Profile
    naming: Naming
    decided_at: datetime

    @property
    @override
    def subject(self) -> StripeCustomerRef:
        return StripeCustomerRef(stripe=self.stripe, customer=self.stripe_customer)

    @property
    @override
    def key(self) -> str:
        return key_of(self.instance, self.stripe, self.stripe_customer)

    @property
    @override
    def summary(self) -> str:
        return "Made an account in Magento"

    @override
    async def perform(self, ports: Ports) -> AccountCreated:
        accounts = accounts_of(self.instance, ports)
        there = await accounts.find_customer(self.new.email, self.new.store_code)
        if there is not None:
            return AccountCreated(snapshot=there if self._is_ours(there) else None)
        try:
            made = await accounts.create_customer(self.new)
        except RefusedError:
            if self.new.address is None:
                raise
            # Rather an account without an address than none: which it is that Magento refuses, it does not always say.
            made = await accounts.create_customer(self.new.model_copy(update={"address": None}))
        return AccountCreated(snapshot=made)

    @override
    async def find(self, ports: Ports, since: datetime) -> AccountCreated | None:
        there = await accounts_of(self.instance, ports).find_customer(self.new.email, self.new.store_code)
        return AccountCreated(snapshot=there) if there is not None and self._is_ours(there) else None

    @override
    def facts(self, result: AccountCreated, at: datetime) -> Sequence[Fact]:
        account = result.snapshot
        if account is None:
            return ()
        # What only Magento knows, Stripe has yet to be told: the account's number before all.
        shared = Profile().taking(SHARED, profile_of_magento(account, self.naming))
        agreed = Agreement(magento=shared, stripe=self.seen)
        buyer = f"customer/{account.customer_id}"
        website = account.store.website_code
        return (
            CustomerRead(account),
            CustomerLinked(self.stripe, self.instance, website, buyer, self.stripe_customer, 1, agreed),
        )

    @override
    def detail(self, result: AccountCreated) -> Mapping[str, str]:
        account = str(result.snapshot.customer_id) if result.snapshot else "there is one with this address"
        return {"customer": self.stripe_customer, "account": account}

    def _is_ours(self, account: CustomerSnapshot) -> bool:
        return account.created_at >= self.decided_at.replace(microsecond=0)


def key_of(instance: Instance, stripe: StripeRef, customer: CustomerId) -> str:
    """The effect's key, by which others see that an account is being made."""
    return f"magento:{instance}:create_account:{stripe}/{customer}"
