"""The time, as a thing that is handed in."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present, in UTC with a time zone."""
        ...
