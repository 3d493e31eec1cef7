"""Rules of the product, broken on purpose, to see that the oracle notices.

A process breaks one when `tests.chaos.process` is told its name; the product itself has no switch for it.
"""

from collections.abc import Mapping

from tests.chaos.breakages import effects, messages, orders, refunds
from tests.chaos.breakages.breakage import Breakage

BREAKAGES: Mapping[str, Breakage] = {
    each.name: each for module in (effects, messages, orders, refunds) for each in module.BREAKAGES
}


def apply(name: str) -> None:
    """Break this rule in this process, for good.

    Raises:
        BreakageError: what was to be broken is not there any more.
    """
    BREAKAGES[name].break_it()
