"""One endpoint of the API, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.parameters import Parameters

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.account import Account


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in: known key, within the limits, its parameters checked.

    Attributes:
        id: the object of the path, empty for a collection.
    """

    account: Account
    id: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint.

    Attributes:
        path: with `{id}` where the object's id stands; it is also the endpoint's name for rate limits and counts.
        parameters: the SDK's type of its parameters; `expand` alone when there is none.
        not_modelled: parameters that Stripe knows and this stand-in refuses, as it would have to ignore them.
        unsettable: texts that may be sent empty to unset them, which the SDK's types for Python do not say.
    """

    method: str
    path: str
    handle: Callable[[Call], JsonObject]
    parameters: type | None = None
    not_modelled: frozenset[str] = frozenset()
    unsettable: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """For example `POST /v1/payment_intents/{id}/confirm`."""
        return f"{self.method} {self.path}"
