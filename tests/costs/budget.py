"""The budget, and what is said when a scene does not keep to it."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from tests.costs.meter import Tally

FILE: Final = Path(__file__).with_name("budget.json")
PYTHON: Final = ".".join(platform.python_version_tuple()[:2])

UNITS: Final = {
    "store": "statements to the store",
    "magento": "statements or requests to Magento",
    "stripe": "requests to Stripe",
    "broker": "publishes and acknowledgements",
    "said": "bytes sent",
    "calls": "calls that Python makes",
    "peak": "bytes allocated at once",
    "modules": "modules imported when ready",
}
PLAY: Final = {"said": (0.02, 20), "calls": (0.08, 600), "peak": (0.15, 8_000), "modules": (0.02, 0)}
"""By what share, or by how much if that is more, a measure may differ from its budget either way; the others may not.

An answer that comes in two pieces costs some 140 calls more, and a statement at least 550; a number may have a
digit less.
"""
OF_ONE_PYTHON: Final = frozenset(("calls", "peak", "modules"))
"""What another version of Python does otherwise: measured only on the one that the budget is of."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What each scene and each process at its start may cost.

    Attributes:
        python: the version of Python that calls, peaks and modules are of.
        scenes: by scene and measure.
        modules: how many a process imports before it is ready, by its name.
    """

    python: str
    scenes: Mapping[str, Mapping[str, int]]
    modules: Mapping[str, int]

    @classmethod
    def read(cls) -> Self:
        """What is committed."""
        found = json.loads(FILE.read_text())
        return cls(found["python"], found["scenes"], found["modules"])

    @classmethod
    def of(cls, tallies: Mapping[str, Tally], modules: Mapping[str, int]) -> Self:
        """What would have to be committed for these."""
        return cls(PYTHON, {scene: tally.numbers() for scene, tally in tallies.items()}, modules)

    def write(self) -> None:
        """Make it the one that is committed."""
        written = {"python": self.python, "modules": self.modules, "scenes": self.scenes}
        FILE.write_text(json.dumps(written, indent=2) + "\n")


def differs(who: str, measure: str, found: int, budget: int, said: list[str] | None = None) -> str | None:
    """What is wrong with a measure, if anything is: too much, or so little that the budget has to come down.

    Args:
        who: the scene or process.
        measure: one of `UNITS`.
        found: what was counted.
        budget: what may be.
        said: what was counted, one by one; shown where it is too much.
    """
    share, least = PLAY.get(measure, (0, 0))
    if abs(found - budget) <= max(budget * share, least):
        return None
    if found < budget:
        advice = "bring the budget down with `python -m tests.costs --write`, so that it is kept"
    else:
        advice = "raise it only with a reason in the commit (`python -m tests.costs --write`)"
        if said:
            advice += "".join(f"\n  {number:3} {' '.join(each.split())[:160]}" for number, each in enumerate(said, 1))
    return f"{who}: {found} {UNITS[measure]}, budget {budget}; {advice}"
