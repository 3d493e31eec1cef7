"""How many messages a process takes from its queues at a moment: none while they could not be handled."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

from sidecar.breaker.board import Board
from sidecar.breaker.circuit import CircuitName
from sidecar.breaker.routes import Intake, Route, intake
from sidecar.intake.dispatcher import Dispatcher
from sidecar.intake.prefetch import PrefetchPolicy, settled
from sidecar.ports.delivery import Lane

EVERY = timedelta(seconds=5)
"""How often the window is fitted to what messages take."""


class Inlet:
    """`sidecar.intake.window.Window` of one consumer: shut by circuits, fitted to the latency of the work.

    Attributes:
        dispatcher: works on what comes in.
        intake: what is taken at the moment.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        policy: PrefetchPolicy,
        board: Board,
        routes: Collection[Route],
        needs: Collection[CircuitName] = (),
        *,
        every: timedelta = EVERY,
    ) -> None:
        """Besides one of `routes`, all of `needs` have to be there for any message."""
        self.intake = Intake.OPEN
        self.dispatcher = dispatcher
        self._policy = policy
        self._board = board
        self._routes = [route | frozenset(needs) for route in routes or [frozenset()]]
        self._names = frozenset[CircuitName]().union(*self._routes)
        self._every = every.total_seconds()
        self._fitted = min(2 * policy.places, policy.most)

    @property
    def window(self) -> int:
        """How many messages of the main queue may be in hand."""
        return self._fitted if self.intake is Intake.OPEN else int(self.intake)

    def size(self, lane: Lane) -> int:
        """See the protocol."""
        self.intake = intake(self._routes, self._board.blocked(self._names), self._board.probed_here(self._names))
        if self.intake is not Intake.OPEN:
            return int(self.intake)
        observed = self.dispatcher.observed
        self._fitted = settled(self._fitted, self._policy.window(observed.seconds, observed.size))
        self.dispatcher.window = self._fitted
        # The surplus has to keep every place busy where the main queue has nothing.
        return self._fitted if lane == "main" else max(min(self._policy.places, self._fitted), self._fitted // 2)

    async def changed(self) -> None:
        """Woken by circuits at once, and now and then."""
        try:
            async with asyncio.timeout(self._every):
                await self._board.changed()
        except TimeoutError:
            return

    def lacks(self, lane: Lane) -> None:
        """See the protocol."""
        if lane == "surplus":
            self.dispatcher.sets_aside = False
