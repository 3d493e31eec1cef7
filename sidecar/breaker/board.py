"""All breakers of a process, kept in step with those of the other replicas."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from sidecar.breaker.breaker import Breaker, CircuitObserver
from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.breaker.memory import OwnCircuits
from sidecar.breaker.policy import BreakerPolicy
from sidecar.errors import TransientError, Upstream
from sidecar.ports.circuits import Circuits
from sidecar.ports.clock import Clock

log = structlog.get_logger("sidecar.breaker")

EVERY = timedelta(seconds=1)
"""How often the store is asked. What another replica found out is known here this much later."""


class Board:
    """The breakers by name. They have to be `kept` for as long as they are used."""

    def __init__(
        self,
        upstreams: Mapping[CircuitName, Upstream],
        circuits: Circuits,
        *,
        policy: BreakerPolicy,
        clock: Clock,
        replica: str,
        own: Mapping[CircuitName, Upstream] | None = None,
        observer: CircuitObserver | None = None,
        every: timedelta = EVERY,
    ) -> None:
        """`own`: upstreams whose circuits this process keeps to itself."""
        self._circuits = circuits
        self._own = frozenset(own or {})
        self._observer = observer
        self._every = every.total_seconds()
        self._changed = asyncio.Event()
        self._asked = True

        def breaker(name: CircuitName, upstream: Upstream, where: Circuits) -> Breaker:
            return Breaker(name, upstream, where, policy=policy, clock=clock, replica=replica, on_change=self._note)

        alone = OwnCircuits()
        shared = {name: breaker(name, upstream, circuits) for name, upstream in upstreams.items()}
        self._breakers: dict[CircuitName, Breaker] = shared | {
            name: breaker(name, upstream, alone) for name, upstream in (own or {}).items()
        }
        if observer is not None:
            for each in self._breakers.values():
                observer.circuit_changed(each.circuit)

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

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Learn what others find out, and claim probes whose time has come, for as long as the block runs."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(self._every)
                await self.refresh()

        await self.refresh()
        keeping = asyncio.create_task(keep(), name="circuits")
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def refresh(self) -> None:
        """Do so once. While the store is away, what is known holds."""
        for name in self._own:
            await self._breakers[name].claim()
        try:
            known = await self._circuits.read()
            for name in self._breakers.keys() - self._own:
                self._breakers[name].learn(known.get(name, Circuit(name=name)))
                await self._breakers[name].claim()
        except TransientError as error:
            if self._asked:
                log.warning("cannot ask how the circuits are: what is known of them holds", detail=str(error))
            self._asked = False
        else:
            self._asked = True

    def _note(self, circuit: Circuit) -> None:
        if self._observer is not None:
            self._observer.circuit_changed(circuit)
        # Whoever waits is woken, and whoever waits from now on waits for the next one.
        self._changed.set()
        self._changed = asyncio.Event()
