"""Bring a customer's tax number to Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from schemas.contract import Frozen
from schemas.stripe.tax_id import TaxId
from sidecar.customer_profile.profile import Agreement, Profile, TaxNumber
from sidecar.effects.linked_customer import LinkedCustomerEffect
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerAgreed, Fact


class TaxNumberReplaced(Frozen):
    """It is done, or Stripe would not take the number, for the reason of this code."""

    refused: str | None = None


class ReplaceTaxNumber(LinkedCustomerEffect):
    """Gives the Stripe Customer the number that Magento has, and takes away the one that it had before.

    Numbers that somebody else gave it stay. It looks before it does anything, so it may be repeated at any time.

    Attributes:
        revision: of the agreement that it was decided from.
        before: that agreement, with the number that Magento had.
        number: the one that it has now.
    """

    forgets_keys: ClassVar[bool] = False

    revision: int
    before: Agreement
    number: TaxNumber | None

    @property
    @override
    def key(self) -> str:
        return self._key("tax_number", f"{self.stripe_customer}/{self.revision}")

    @property
    @override
    def summary(self) -> str:
        return "Brought the customer's tax number to Stripe" if self.number else "Took the tax number away from Stripe"

    @override
    async def perform(self, ports: Ports) -> TaxNumberReplaced:
        account = self.account(ports)
        given = await account.list_tax_ids(self.stripe_customer)
        refused: str | None = None
        if self.number is not None and all(_number(tax_id) != self.number for tax_id in given):
            try:
                await account.create_tax_id(self.stripe_customer, self.number, key=self.idempotency_key)
            except NotFoundError:
                raise
            except RefusedError as error:
                if error.code == "idempotency_mismatch":
                    raise
                refused = error.code
        old = self.before.stripe.tax_number
        if old is not None and old != self.number:
            for tax_id in given:
                if _number(tax_id) == old:
                    await account.delete_tax_id(tax_id.id)
        return TaxNumberReplaced(refused=refused)

    @override
    async def find(self, ports: Ports, since: datetime) -> TaxNumberReplaced | None:
        try:
            given = {_number(tax_id) for tax_id in await self.account(ports).list_tax_ids(self.stripe_customer)}
        except NotFoundError:
            return None
        done = self.before.stripe.tax_number not in given if self.number is None else self.number in given
        return TaxNumberReplaced() if done else None

    @override
    def facts(self, result: TaxNumberReplaced, at: datetime) -> Sequence[Fact]:
        has = None if result.refused else self.number
        agreed = Agreement(
            magento=(self.before.magento or Profile()).model_copy(update={"tax_number": self.number}),
            stripe=self.before.stripe.model_copy(update={"tax_number": has}),
        )
        customer = self.stripe_customer
        return (CustomerAgreed(self.stripe, self.customer, customer, self.revision, agreed, is_partial=True),)

    @override
    def detail(self, result: TaxNumberReplaced) -> Mapping[str, str]:
        known = {"customer": self.stripe_customer, "type": self.number.type if self.number else ""}
        return known | ({"refused": result.refused} if result.refused else {})


def _number(tax_id: TaxId) -> TaxNumber:
    return TaxNumber(type=tax_id.type, value=tax_id.value)
