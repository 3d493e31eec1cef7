"""Bring to Stripe what was changed of a customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field
from typing_extensions import override

from schemas.contract import Frozen
from schemas.stripe.customer import Customer
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import Agreement, Changes, Profile, ProfileField, SharedField
from sidecar.effects.linked_customer import LinkedCustomerEffect
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerAgreed, Fact
from sidecar.ports.payments import IdempotencyKey


class CustomerUpdated(Frozen):
    """The customer as it is now.

    Attributes:
        refused: what of it Stripe would not change, with the reason's code.
        missing: what was not found to be done, when an attempt of unknown outcome was looked for.
    """

    customer: Customer
    refused: Mapping[ProfileField, str] = Field(default_factory=dict)
    missing: tuple[ProfileField, ...] = ()


class UpdateCustomer(LinkedCustomerEffect):
    """Changes the fields of a Stripe Customer that differ, and no other.

    Attributes:
        revision: of the agreement that it was decided from: each has one update at most.
        before: that agreement.
        magento: what Magento has; where both sides had changed, `before` and this tell what was overwritten.
        overruled: fields that Stripe had changed as well, or that are not its to change.
    """

    revision: int
    before: Agreement
    magento: Profile
    changes: Changes
    overruled: tuple[SharedField, ...] = ()

    @property
    @override
    def key(self) -> str:
        return self._key("update_customer", f"{self.stripe_customer}/{self.revision}")

    @property
    @override
    def summary(self) -> str:
        return f"Brought {_named(self.changes.fields)} of the customer to Stripe"

    @override
    async def perform(self, ports: Ports) -> CustomerUpdated:
        account, customer, fields = self.account(ports), self.stripe_customer, self.changes.fields
        try:
            updated = await account.update_customer(customer, self.changes, key=self.idempotency_key)
        except NotFoundError:
            raise
        except RefusedError as error:
            if error.code == "idempotency_mismatch":
                raise
            if len(fields) == 1:
                return CustomerUpdated(
                    customer=await account.retrieve_customer(customer), refused={fields[0]: error.code}
                )
        else:
            return CustomerUpdated(customer=updated)
        # One of the fields is refused: the others are none the worse for it.
        refused: dict[ProfileField, str] = {}
        for field in fields:
            one = Changes(fields=(field,), to=self.changes.to)
            try:
                await account.update_customer(customer, one, key=IdempotencyKey(f"{self.idempotency_key}/{field}"))
            except NotFoundError:
                raise
            except RefusedError as error:
                if error.code == "idempotency_mismatch":
                    raise
                refused[field] = error.code
        return CustomerUpdated(customer=await account.retrieve_customer(customer), refused=refused)

    @override
    async def find(self, ports: Ports, since: datetime) -> CustomerUpdated | None:
        try:
            customer = await self.account(ports).retrieve_customer(self.stripe_customer)
        except NotFoundError:
            return None
        has, fields = profile_of_stripe(customer), self.changes.fields
        missing = tuple(field for field in fields if not self._is_there(field, has))
        return None if missing == fields else CustomerUpdated(customer=customer, missing=missing)

    def _is_there(self, field: ProfileField, has: Profile) -> bool:
        """Whether the change is seen; of the labels, whether any of them is."""
        if field == "metadata":
            return any(has.metadata.get(key, "") == value for key, value in self.changes.to.metadata.items())
        return bool(has.get(field) == self.changes.to.get(field))

    @override
    def facts(self, result: CustomerUpdated, at: datetime) -> Sequence[Fact]:
        fields = tuple(field for field in self.changes.fields if field not in result.missing)
        has = profile_of_stripe(result.customer)
        magento = (self.before.magento or Profile()).taking(fields, self.magento)
        if any(has.metadata.get(key, "") != value for key, value in self.changes.to.metadata.items()):
            magento = magento.model_copy(update={"metadata": {}})  # somebody else was there: all of it once more
        agreed = Agreement(magento=magento, stripe=self.before.stripe.taking(fields, has))
        return (CustomerAgreed(self.stripe, self.customer, self.stripe_customer, self.revision, agreed),)

    @override
    def detail(self, result: CustomerUpdated) -> Mapping[str, str]:
        known = {"customer": self.stripe_customer, "fields": ",".join(self.changes.fields)}
        if self.overruled:
            known["overruled"] = ",".join(self.overruled)
        if result.refused:
            known["refused"] = ",".join(f"{field}:{code}" for field, code in sorted(result.refused.items()))
        return known


def _named(fields: Sequence[ProfileField]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)
