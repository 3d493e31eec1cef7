"""What is not as it should be, and what would mend it."""

from dataclasses import dataclass, field
from typing import Literal

from schemas.ids import OrderRef

Remedy = Literal["settle", "republish", "person"]
"""`settle`: take what Magento and Stripe say for facts and decide again. `republish`: ask Magento for its events about
the order again. `person`: nothing that a program should do by itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        says: one sentence for a person; ids and amounts, nothing personal.
        disproved: kinds of effects that are recorded done although they are not, or not any more; they are done again
            under the same keys.
    """

    says: str
    remedy: Remedy = "settle"
    disproved: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Drift:
    """One order that breaks one invariant, named by its file."""

    order: OrderRef
    invariant: str
    finding: Finding
