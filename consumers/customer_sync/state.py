"""Everything that is decided from about one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.ids import CustomerId, CustomerRef, StripeRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.profile import Profile
from sidecar.policy import CustomerPolicy
from sidecar.ports.records import CustomerLink


@dataclass(frozen=True, slots=True)
class Found:
    """A Stripe Customer that is there already and may become the account's."""

    customer: CustomerId
    why: Literal["named", "order_moved", "email_confirmed"]


LinkKey = tuple[StripeRef, str]
"""An account has one link in each account and mode of Stripe, and each website."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerState:
    """One customer.

    Attributes:
        home: the Stripe account of the store that the account was made in.
        website_code: of that store.
        magento: null once the account is deleted.
        magento_was_read: whether it was read in this handling, so that nothing newer can be on its way.
        magento_is_readable: whether it can be read at all.
        links: all that the store has.
        read: what Stripe has, for the links that were read in this handling.
        looked: whether it was looked for a Stripe Customer that is there already.
    """

    customer: CustomerRef
    policy: CustomerPolicy
    home: StripeRef
    website_code: str
    magento: CustomerSnapshot | None
    magento_is_certain: bool = True
    magento_was_read: bool = False
    magento_is_readable: bool = True
    deleted: bool = False
    links: tuple[CustomerLink, ...] = ()
    read: Mapping[LinkKey, Profile] = field(default_factory=dict)
    looked: bool = False
    found: Found | None = None

    @property
    def at_home(self) -> CustomerLink | None:
        """The link in the account and website where the customer belongs."""
        return next((link for link in self.links if key_of(link) == (self.home, self.website_code)), None)

    @property
    def leading(self) -> CustomerLink | None:
        """The link that speaks for Stripe where it owns a field: several accounts cannot each have the last word."""
        at_home = self.at_home
        if at_home is not None and at_home.gone_at is None:
            return at_home
        return next((link for link in self.links if link.gone_at is None), None)

    def stripe(self, link: CustomerLink) -> Profile | None:
        """What Stripe has: read now, or still what was agreed on. None where it has said something new.

        What it has said itself is never believed: an event may be older than what was agreed on after it.
        """
        if key_of(link) in self.read:
            return self.read[key_of(link)]
        return None if has_news(link) or link.agreed is None else link.agreed.stripe


def has_news(link: CustomerLink) -> bool:
    """Whether Stripe has said something that differs from what was agreed on."""
    if link.seen_at is None:
        return False
    if link.seen is None or link.agreed is None:
        return True
    # Tax numbers are objects of their own, which a customer does not show.
    return link.seen != link.agreed.stripe.model_copy(update={"tax_number": link.seen.tax_number})


def key_of(link: CustomerLink) -> LinkKey:
    """Which link it is."""
    return link.stripe, link.website_code
