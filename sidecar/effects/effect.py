"""The shape of an effect."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from schemas.contract import Frozen
from schemas.ids import OrderRef
from sidecar.errors import Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.store import Fact


class Effect(Frozen):
    """Something to be done once, however often it is asked for.

    A subclass is a frozen model of everything the deed needs, so that the ledger can hold it and a later process can
    repeat it to the letter. Secrets are not among its fields: they are fetched while it is performed.

    Attributes:
        upstream: whom it asks; for metrics and circuit breakers.
        forgets_keys: whether the upstream forgets idempotency keys after a day, so that an old attempt of unknown
            outcome has to be looked up before it is repeated (docs.stripe.com/api/idempotent_requests).
        order: the order it is done for.
    """

    upstream: ClassVar[Upstream]
    forgets_keys: ClassVar[bool] = False

    order: OrderRef

    @property
    @abstractmethod
    def key(self) -> str:
        """What it is for, and so what it is known by for ever: at most 255 characters."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """One sentence for the order's timeline; no PII."""

    @abstractmethod
    async def perform(self, ports: Ports) -> Frozen:
        """Do it and return the result. Raises what `sidecar.errors` lists."""

    async def find(self, ports: Ports) -> Frozen | None:
        """Look for the result of an attempt whose outcome is not known; None when there is none."""
        del ports
        return None

    def facts(self, result: Frozen) -> Sequence[Fact]:
        """What the store should know from the result; written in the transaction that closes the effect."""
        del result
        return ()
