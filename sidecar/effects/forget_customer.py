"""Do in Stripe what the merchant wants when an account is deleted in Magento."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from typing_extensions import override

from schemas.contract import Frozen
from sidecar.customer_profile.profile import Changes, Profile, ProfileField
from sidecar.effects.linked_customer import LinkedCustomerEffect
from sidecar.errors import NotFoundError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerGone, Fact
from sidecar.ports.payments import IdempotencyKey, Payments

PERSONAL: tuple[ProfileField, ...] = (
    "email", "name", "phone", "address", "shipping", "preferred_locales", "business_name", "metadata",
)  # fmt: skip
"""What is emptied; of the metadata only a tax number, so that it can still be told whose payments these are."""


class CustomerForgotten(Frozen):
    """How much was taken away besides the customer's own fields."""

    payment_methods: int = 0
    tax_ids: int = 0


class ForgetCustomer(LinkedCustomerEffect):
    """Deletes the Stripe Customer, or takes everything personal from it. Payments stay in either case.

    Every step may be repeated: what is gone is not there the second time.

    Attributes:
        how: `delete` is for good, and takes saved cards and running subscriptions along; `scrub` empties the fields,
            detaches saved cards and deletes tax numbers.
    """

    forgets_keys: ClassVar[bool] = False

    how: Literal["scrub", "delete"]

    @property
    @override
    def key(self) -> str:
        return self._key(f"{self.how}_customer", self.stripe_customer)

    @property
    @override
    def summary(self) -> str:
        if self.how == "delete":
            return "Deleted the Stripe Customer, since Magento deleted the account"
        return "Took everything personal from the Stripe Customer, since Magento deleted the account"

    @override
    async def perform(self, ports: Ports) -> CustomerForgotten:
        account = self.account(ports)
        if self.how == "delete":
            await account.delete_customer(self.stripe_customer)
            return CustomerForgotten()
        return await self._scrub(account)

    async def _scrub(self, account: Payments) -> CustomerForgotten:
        customer = self.stripe_customer
        emptied = Changes(fields=PERSONAL, to=Profile(metadata={"magento_taxvat": ""}))
        await account.update_customer(customer, emptied, key=self.idempotency_key)
        methods = await account.list_payment_methods(customer)
        for method in methods:
            await account.detach_payment_method(method, key=IdempotencyKey(f"{self.idempotency_key}/{method}"))
        tax_ids = await account.list_tax_ids(customer)
        for tax_id in tax_ids:
            await account.delete_tax_id(tax_id.id)
        return CustomerForgotten(payment_methods=len(methods), tax_ids=len(tax_ids))

    @override
    async def find(self, ports: Ports, since: datetime) -> CustomerForgotten | None:
        try:
            customer = await self.account(ports).retrieve_customer(self.stripe_customer)
        except NotFoundError:
            return CustomerForgotten()
        return CustomerForgotten() if customer.deleted else None

    @override
    def facts(self, result: CustomerForgotten, at: datetime) -> Sequence[Fact]:
        return (CustomerGone(self.stripe, self.stripe_customer, at),)

    @override
    def detail(self, result: CustomerForgotten) -> Mapping[str, str]:
        taken = {"payment_methods": result.payment_methods, "tax_ids": result.tax_ids}
        return {"customer": self.stripe_customer} | {name: str(number) for name, number in taken.items() if number}
