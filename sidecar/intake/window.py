"""What the consume loop asks before it takes messages."""

from typing import Protocol

from sidecar.ports.delivery import Lane


class Window(Protocol):
    """How many messages may be in hand, which changes."""

    def size(self, lane: Lane) -> int:
        """How many messages of the queue may be in hand now; 0: take none."""
        ...

    async def changed(self) -> None:
        """Return when `size` may have changed."""
        ...

    def lacks(self, lane: Lane) -> None:
        """The queue is not there, or this user may not read it: nothing should be put into it."""
        ...
