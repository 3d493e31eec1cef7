"""The shape of an effect."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from schemas.contract import Frozen
from schemas.ids import Subject
from sidecar.errors import RefusedError, Upstream
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact


class Effect(Frozen):
    """Something to be done once, however often it is asked for.

    A subclass is a frozen model of everything the deed needs, so that the ledger can hold it and a later process can
    repeat it to the letter. Secrets are not among its fields: they are fetched while it is performed.

    Attributes:
        upstream: whom it asks; for metrics and circuit breakers.
        forgets_keys: whether the upstream forgets idempotency keys after a day, so that an old attempt of unknown
            outcome has to be looked up before it is repeated (docs.stripe.com/api/idempotent_requests).
    """

    upstream: ClassVar[Upstream]
    forgets_keys: ClassVar[bool] = False

    @property
    @abstractmethod
    def subject(self) -> Subject:
        """Whom it is done for: the ledger and the timeline keep it there."""

    @property
    @abstractmethod
    def key(self) -> str:
        """What it is for, and so what it is known by for ever: at most 255 characters."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """One sentence for the subject's timeline; no PII."""

    @abstractmethod
    async def perform(self, ports: Ports) -> Any:  # noqa: ANN401  # each effect has a result type of its own
        """Do it and return the result, a frozen model. Raises what `sidecar.errors` lists."""

    async def find(self, ports: Ports, since: datetime) -> Frozen | None:
        """Look for the result of an attempt made after `since` whose outcome is not known; None if there is none.

        It must not do the deed: the deed may not be wanted any more.
        """
        del ports, since
        return None

    def learns(self, error: RefusedError, at: datetime) -> Sequence[Fact]:
        """What the store should know from a refusal. If that is anything, it is decided anew instead of given up."""
        del error, at
        return ()

    def with_next_key(self) -> Self:
        """The same deed under another key, for an upstream that has spent the one before (`SpentKeyError`)."""
        return self

    def facts(self, result: Any, at: datetime) -> Sequence[Fact]:  # noqa: ANN401  # see perform
        """What the store should know from the result; written in the transaction that closes the effect."""
        del result, at
        return ()

    def detail(self, result: Any) -> Mapping[str, str]:  # noqa: ANN401  # see perform
        """Ids from the result that the timeline should show."""
        del result
        return {}
