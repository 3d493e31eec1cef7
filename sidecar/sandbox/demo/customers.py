"""The demo's accounts: who changes what of them, on which side, and what has to become of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.ids import MagentoCustomerId
from sidecar.sandbox.demo.accounts import Accounts, AccountSeen

SHOPPERS = range(7, 14)
"""The accounts that place the demo's orders; see `cast.py`."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account of the demo.

    Attributes:
        title: what it shows.
        in_shop: what is changed in Magento once Stripe has the customer.
        in_stripe: what is changed in Stripe at the same moment.
        becomes: what both sides have to end with, by field of the account.
    """

    title: str
    in_shop: Mapping[str, Any] = field(default_factory=dict)
    in_stripe: Mapping[str, str] = field(default_factory=dict)
    becomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


EDITED = (
    Holder("opened in Magento"),
    Holder(
        "name and address changed in Magento",
        in_shop={"name": "Grace Murray", "city": "Arlington", "postcode": "22201"},
        becomes={"name": ("Grace Murray",), "city": ("Arlington",)},
    ),
    Holder("phone changed in Stripe", in_stripe={"phone": "5550199"}, becomes={"phone": ("5550199",)}),
    Holder(
        "name in Magento and phone in Stripe, at once",
        in_shop={"name": "Ada King"},
        in_stripe={"phone": "5550198"},
        becomes={"name": ("Ada King",), "phone": ("5550198",)},
    ),
    Holder(
        "phone on both sides, at once",
        in_shop={"telephone": "5550101"},
        in_stripe={"phone": "5550102"},
        becomes={"phone": ("5550101", "5550102")},
    ),
    Holder(
        "e-mail, which is Magento's, changed in Stripe",
        in_stripe={"email": "someone@example.net"},
        becomes={"email": ("customer6@example.com",)},
    ),
)


@dataclass(frozen=True, slots=True)
class Synced:
    """One account at its end."""

    title: str
    number: MagentoCustomerId
    seen: AccountSeen
    wrong: tuple[str, ...]


def email_of(number: int) -> str:
    """The address that the account's orders carry."""
    return f"customer{number}@example.com"


async def register_all(accounts: Accounts) -> list[MagentoCustomerId]:
    """Open every account, in the order of their numbers."""
    return [
        await accounts.register(email_of(number), f"Customer Example{number}")
        for number in range(1, len(EDITED) + len(SHOPPERS) + 1)
    ]


async def edit_all(accounts: Accounts, numbers: list[MagentoCustomerId]) -> None:
    """Change the accounts as soon as Stripe has them, and wait until both sides agree again."""
    await accounts.agree(numbers)
    edited = dict(zip(numbers, EDITED, strict=False))
    await asyncio.gather(
        *(accounts.edit_in_shop(number, **holder.in_shop) for number, holder in edited.items() if holder.in_shop),
        *(accounts.edit_in_stripe(number, holder.in_stripe) for number, holder in edited.items() if holder.in_stripe),
    )
    await accounts.agree(edited, lambda seen: not _unexpected(edited[seen.account.customer_id], seen))


async def synced(accounts: Accounts, numbers: list[MagentoCustomerId]) -> list[Synced]:
    """How every account has ended."""
    titles = [*EDITED, *(Holder("places orders") for _ in SHOPPERS)]
    seen = await accounts.look(numbers)
    return [
        Synced(holder.title, number, seen[number], (*seen[number].differences, *_unexpected(holder, seen[number])))
        for number, holder in zip(numbers, titles, strict=True)
    ]


def _unexpected(holder: Holder, seen: AccountSeen) -> list[str]:
    account, billing = seen.account, seen.account.billing
    found = {
        "name": f"{account.firstname} {account.lastname}",
        "email": account.email,
        "phone": seen.phone,
        "city": billing.address.city if billing else None,
    }
    return [
        f"{field} is {found[field]}, not {' or '.join(either)}"
        for field, either in holder.becomes.items()
        if found[field] not in either
    ]
