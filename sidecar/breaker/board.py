"""All breakers of a process, kept in step with those of the other replicas."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

import structlog

from sidecar.breaker.breaker import Breaker, CircuitObserver
from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.breaker.policy import BreakerPolicy
from sidecar.errors import TransientError, Upstream
from sidecar.ports.circuits import Circuits
from sidecar.ports.clock import Clock

log = structlog.get_logger("sidecar.breaker")

EVERY = timedelta(seconds=1)
"""How often the store is asked. What another replica found out is known here this much later."""


class Board:
    """The breakers by name. `keep` has to run for as long as they are used."""

    def __init__(
        self,
        upstreams: Mapping[CircuitName, Upstream],
        circuits: Circuits,
        *,
        policy: BreakerPolicy,
        clock: Clock,
        replica: str,
        observer: CircuitObserver | None = None,
        every: timedelta = EVERY,
    ) -> None:
        self._circuits = circuits
        self._observer = observer
        self._every = every.total_seconds()
        self._changed = asyncio.Event()
        self._breakers = {
            name: Breaker(name, upstream, circuits, policy=policy, clock=clock, replica=replica, on_change=self._note)
            for name, upstream in upstreams.items()
        }

    def __getitem__(self, name: CircuitName) -> Breaker:
        """The upstream's breaker. Raises `KeyError` for one that nobody named."""
        return self._breakers[name]

    @property
    def circuits(self) -> tuple[Circuit, ...]:
        """The newest state of each that this process knows."""
        return tuple(breaker.circuit for breaker in self._breakers.values())

    def blocked(self, names: Iterable[CircuitName]) -> frozenset[CircuitName]:
        """Those to which no call of this process gets through."""
        return frozenset(name for name in names if self._breakers[name].is_blocked)

    def probed_here(self, names: Iterable[CircuitName]) -> frozenset[CircuitName]:
        """Those of which this process has to find out whether they are back."""
        return frozenset(name for name in names if self._breakers[name].probes_here)

    async def changed(self) -> None:
        """Wait for the next change of any circuit."""
        await self._changed.wait()

    async def keep(self, stop: asyncio.Event) -> None:
        """Learn what others found out, and claim probes whose time has come, until `stop` is set."""
        while not stop.is_set():
            await self.refresh()
            try:
                async with asyncio.timeout(self._every):
                    await stop.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> None:
        """Do so once. While the store is away, what is known holds."""
        try:
            known = await self._circuits.read()
            for name, breaker in self._breakers.items():
                breaker.learn(known.get(name, Circuit(name=name)))
                await breaker.claim()
        except TransientError as error:
            log.warning("cannot ask how the circuits are", detail=str(error))

    def _note(self, circuit: Circuit) -> None:
        if self._observer is not None:
            self._observer.circuit_changed(circuit)
        # Whoever waits is woken, and whoever waits from now on waits for the next one.
        self._changed.set()
        self._changed = asyncio.Event()
