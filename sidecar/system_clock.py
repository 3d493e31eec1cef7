"""The real time."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time, in UTC."""

    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)
