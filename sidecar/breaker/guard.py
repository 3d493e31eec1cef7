"""What an adapter needs of a breaker."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Guard(Protocol):
    """Stands before each call to an upstream."""

    def call(self) -> AbstractAsyncContextManager[None]:
        """Make the call in this block. Raises `CircuitOpenError` when the upstream is known to be down."""
        ...


class Unguarded:
    """Lets every call through: for the command line and the timers, where somebody looks at what fails."""

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Let it pass."""
        yield
