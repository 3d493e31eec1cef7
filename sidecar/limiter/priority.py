"""Who goes first."""

from enum import IntEnum


class Priority(IntEnum):
    """A call's class. Within one, and on one endpoint, first come is first served."""

    INTERACTIVE = 0
    """Somebody waits for an order."""
    BULK = 1
    """Catching up, looking back: it gets what is left, and a share even when nothing is."""
