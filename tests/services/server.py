"""A RabbitMQ or a MariaDB of our own, however it is run."""

from typing import Protocol


class ServiceError(Exception):
    """A service cannot be had; the message says what to do."""


class Server(Protocol):
    """Can be stopped, killed and started again on the same data and at the same address.

    Every method blocks until it is so; a coroutine calls it through `asyncio.to_thread`.
    """

    @property
    def url(self) -> str:
        """Where to log in; the same for the whole of its life."""
        ...

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers.

        Raises:
            ServiceError: it does not answer in time.
        """
        ...

    def stop(self) -> None:
        """Ask it to end in order, as an upgrade does."""
        ...

    def kill(self) -> None:
        """End it with SIGKILL, as a machine that is short of memory does.

        A RabbitMQ that is killed within a second of a quorum queue's *declaration* loses the queue for good (seen with
        3.10: it writes down twice a second which members it has). Messages that were confirmed are safe from then on.
        """
        ...

    def remove(self) -> None:
        """Kill it and remove its data."""
        ...
