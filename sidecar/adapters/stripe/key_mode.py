"""Which mode a key is of (docs.stripe.com/keys)."""

from typing import TYPE_CHECKING

from schemas.contract import Frozen
from schemas.ids import Mode
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.payment_intents import LIST
from sidecar.errors import UnauthorizedError

if TYPE_CHECKING:
    from stripe.params import PaymentIntentListParams


class _Anything(Frozen):
    livemode: bool


class _Any(Frozen):
    data: tuple[_Anything, ...]


async def ask(client: StripeClient, claimed: Mode | None) -> Mode:
    """Have Stripe accept the key, and take its word for the mode where it has one.

    The newest PaymentIntent is asked for: every key that this product can work with may read those, which is not true
    of the account or its balance.

    Args:
        client: with the key.
        claimed: what the key says of itself; None when it does not.

    Raises:
        UnauthorizedError: the key is refused, or nothing tells its mode.
    """
    params: PaymentIntentListParams = {"limit": 1}
    found = await client.get(_Any, LIST, params=params)
    if found.data:
        return "live" if found.data[0].livemode else "test"
    if claimed is None:
        raise UnauthorizedError("stripe", "key_mode_unknown", "the key does not start with sk_test_, sk_live_ or rk_…")
    return claimed


def claimed_mode(secret_key: str) -> Mode | None:
    """The mode that a key's prefix tells."""
    kind, _, rest = secret_key.partition("_")
    mode = rest.partition("_")[0]
    if kind in {"sk", "rk"}:
        return "test" if mode == "test" else "live" if mode == "live" else None
    return None
