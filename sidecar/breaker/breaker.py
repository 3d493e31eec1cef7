"""One upstream's breaker, in one process: lets calls through or not, and learns from how they end."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

import structlog

from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.breaker.evidence import Evidence
from sidecar.breaker.outage import verdict_on
from sidecar.breaker.policy import BreakerPolicy
from sidecar.breaker.subject import called_for
from sidecar.errors import CircuitOpenError, TransientError, Upstream, UpstreamError
from sidecar.ports.circuits import Circuits
from sidecar.ports.clock import Clock

log = structlog.get_logger("sidecar.breaker")

MOMENT = timedelta(seconds=1)
"""What a call waits at least that finds its circuit about to be probed."""


class CircuitObserver(Protocol):
    """Told how circuits change, for metrics."""

    def circuit_changed(self, circuit: Circuit) -> None:
        """It is in this state now."""
        ...


class Breaker:
    """Guards the calls to one upstream.

    Each process judges by its own calls; what it finds out, all replicas learn through the store.

    Attributes:
        circuit: the newest state that this process knows.
    """

    def __init__(
        self,
        name: CircuitName,
        upstream: Upstream,
        circuits: Circuits,
        *,
        policy: BreakerPolicy,
        clock: Clock,
        replica: str,
        on_change: Callable[[Circuit], None],
        monotonic: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        self.circuit = Circuit(name=name)
        self._upstream: Upstream = upstream
        self._circuits = circuits
        self._policy = policy
        self._clock = clock
        self._replica = replica
        self._on_change = on_change
        self._monotonic = monotonic
        self._rng = rng or random.Random()  # noqa: S311  # jitter is no secret
        self._evidence = Evidence(policy)
        self._probe_under_way = False

    @property
    def is_blocked(self) -> bool:
        """Whether no call of this process gets through."""
        return self.circuit.state != "closed" and not self.probes_here

    @property
    def probes_here(self) -> bool:
        """Whether this process is the one to find out."""
        return self.circuit.state == "half_open" and self.circuit.probe_by == self._replica

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Make a call to the upstream in this block.

        An error that the block raises while the circuit is or comes open says so (`UpstreamError.spends_attempt`), and
        the message that it belongs to waits without using up an attempt.

        Raises:
            CircuitOpenError: the upstream is down; no call was made.
        """
        probing = self._enter()
        try:
            yield
        except UpstreamError as error:
            await self.failed(error, probing=probing)
            raise
        else:
            await self.passed()
        finally:
            if probing:
                self._probe_under_way = False

    async def failed(self, error: UpstreamError, *, probing: bool, about: str | None = None) -> None:
        """Learn from an error, and mark it if the upstream is known to be down.

        Args:
            error: how a call ended.
            probing: whether it was made to find out. Calls from before the circuit opened may end long after it.
            about: whom it was made for, where the task does not know.
        """
        verdict = verdict_on(error)
        if verdict == "there":
            await self.passed()
        elif verdict == "down":
            self._evidence.note(failed=True, about=about or called_for(), at=self._monotonic())
            found_out = probing and self.probes_here
            if found_out or (self.circuit.state == "closed" and self._evidence.suffices(self._monotonic())):
                await self._change(self.circuit.trip(error.code, self._clock.now(), self._policy, self._rng.random()))
        error.spends_attempt = verdict != "down" or self.circuit.state == "closed"

    async def passed(self) -> None:
        """The upstream answered."""
        self._evidence.note(failed=False, about=called_for(), at=self._monotonic())
        if self.probes_here:
            await self._change(self.circuit.close(self._clock.now()))

    async def claim(self) -> None:
        """Become the one who finds out, if it is time and nobody else is."""
        claimed = self.circuit.claim(self._replica, self._clock.now(), self._policy)
        if claimed is not None:
            await self._change(claimed)

    def learn(self, circuit: Circuit) -> None:
        """Take over what the store says."""
        if circuit.version < self.circuit.version and circuit.version > 0:
            return  # read before our own change
        if circuit != self.circuit:
            self._become(circuit)

    def _enter(self) -> bool:
        """Let the call through, and say whether it is the probe."""
        if self.circuit.state == "closed":
            return False
        if self.probes_here and not self._probe_under_way:
            self._probe_under_way = True
            return True
        left = max(self.circuit.left(self._clock.now(), self._policy), MOMENT)
        raise CircuitOpenError(self._upstream, self.circuit.name, retry_after=left)

    async def _change(self, circuit: Circuit) -> None:
        try:
            changed = await self._circuits.change(circuit)
        except TransientError as error:
            log.warning("a circuit could not be changed", circuit=circuit.name, to=circuit.state, detail=str(error))
            return
        if changed:
            self._become(circuit)

    def _become(self, circuit: Circuit) -> None:
        before, self.circuit = self.circuit, circuit
        if before.state != circuit.state:
            self._evidence.forget()
            say = log.error if circuit.state == "open" else log.info
            say("circuit " + circuit.state.replace("_", " "), circuit=circuit.name, reason=circuit.reason)
        self._on_change(circuit)
