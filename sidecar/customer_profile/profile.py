"""A customer in the form in which both sides can be compared: Stripe's, and within its limits."""

from collections.abc import Iterable
from typing import Any, Literal, Self, get_args

from pydantic import Field

from schemas.contract import Frozen
from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import CustomerShipping

SharedField = Literal["email", "name", "phone", "address"]
"""What either side may change; who wins is the merchant's rule."""
SentField = Literal["shipping", "preferred_locales", "tax_exempt", "business_name", "metadata", "tax_number"]
"""What goes from Magento to Stripe and never back: Magento alone knows it."""
ProfileField = Literal[
    "email", "name", "phone", "address",
    "shipping", "preferred_locales", "tax_exempt", "business_name", "metadata", "tax_number",
]  # fmt: skip

TaxExempt = Literal["none", "exempt", "reverse"]

SHARED: tuple[SharedField, ...] = get_args(SharedField)
SENT: tuple[SentField, ...] = get_args(SentField)

LONGEST_NAME = 256
LONGEST_BUSINESS_NAME = 150
LONGEST_PHONE = 20
"""Stripe refuses longer ones; Magento has room for more."""


class TaxNumber(Frozen):
    """A tax number whose kind is known (docs.stripe.com/billing/customer/tax-ids)."""

    type: str
    value: str


class Profile(Frozen):
    """A customer. Null stands for what is not there, whichever way a side writes that.

    Attributes:
        address: the default billing address.
        shipping: the default shipping address, with who receives.
        tax_exempt: null where the merchant has no rule about it.
        metadata: only the keys that the sidecar keeps: see `LABELS`.
        tax_number: Stripe keeps these as objects of their own, so a customer read from Stripe has none here.
    """

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: StripeAddress | None = None
    shipping: CustomerShipping | None = None
    preferred_locales: tuple[str, ...] = ()
    tax_exempt: str | None = None
    business_name: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    tax_number: TaxNumber | None = None

    def get(self, field: ProfileField) -> Any:  # noqa: ANN401  # each field has a type of its own
        """The field's value; what is empty is null."""
        return getattr(self, field) or None

    def taking(self, fields: Iterable[ProfileField], other: "Profile") -> Self:
        """The same with some fields from another."""
        return self.model_copy(update={field: getattr(other, field) for field in fields})


class Changes(Frozen):
    """What is to be changed of a Stripe Customer.

    Attributes:
        fields: which fields; no other is touched.
        to: what they become; null unsets. Of `metadata` only the keys that are there change, an empty text removes one.
    """

    fields: tuple[ProfileField, ...]
    to: Profile


class Agreement(Frozen):
    """What each side had when they last agreed. The two need not be equal: a side may be unable to say the same.

    Attributes:
        magento: null where Stripe's customer was made from an order, and Magento's account was never looked at.
    """

    magento: Profile | None = None
    stripe: Profile
