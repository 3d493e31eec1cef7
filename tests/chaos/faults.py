"""What goes wrong, kind by kind: each is begun, lasts, and is put right again."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from tests.chaos import poison
from tests.chaos.plan import CRASH_POINTS, FAULTS, FaultPlan
from tests.chaos.stage import Theatre
from tests.chaos.supervisor import Supervised
from tests.chaos.world import PoisonDeed
from tests.services.server import Server
from tests.services.tcp_proxy import TcpProxy

DELAY = 0.2
"""Seconds, each way, on a slow line."""

A_DAY = 90_000
"""Seconds: more than the 24 hours for which Stripe keeps idempotency keys."""

TIMES = 6
"""How many requests in a row an upstream's own failure meets."""

_STRIPE: dict[str, dict[str, Any]] = {
    "stripe_500": {"kind": "status", "status": 500},
    "stripe_500_after_commit": {"kind": "status_after_commit", "status": 500},
    "stripe_429": {"kind": "status", "status": 429, "times": 25},
    "stripe_timeout_after_commit": {"kind": "timeout_after_commit", "seconds": 4, "times": 4},
    "stripe_cut_in_the_answer": {"kind": "cut_body"},
}
_MAGENTO: dict[str, dict[str, Any]] = {
    "magento_500": {"kind": "before", "status": 500},
    "magento_500_after_commit": {"kind": "after", "status": 500},
    "magento_401": {"kind": "before", "status": 401, "times": 12},
    "magento_429": {"kind": "before", "status": 429, "retry_after": 1, "times": 12},
    "magento_503": {"kind": "before", "status": 503, "times": 12},
    "magento_slow": {"kind": "slow", "seconds": 1.5, "times": 12},
    "magento_cut_in_the_answer": {"kind": "cut"},
}
_WEBHOOKS: dict[str, dict[str, Any]] = {
    "webhooks_lost": {"kind": "lost", "times": 20},
    "webhooks_duplicated": {"kind": "duplicated", "times": 30},
    "webhooks_reordered": {"kind": "reordered", "times": 20, "seconds": 2},
    "webhooks_late": {"kind": "late", "times": 20, "seconds": 8},
}


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that was; times of `time.monotonic`."""

    kind: str
    upstream: str
    began: float
    ended: float


@dataclass(slots=True)
class Faults:
    """Whoever makes everything fail.

    Attributes:
        struck: what was, in the order in which it ended.
        poison: the messages that nobody can handle.
    """

    theatre: Theatre
    http: httpx.AsyncClient
    order_placed_key: str
    struck: list[Struck] = field(default_factory=list)
    poison: list[PoisonDeed] = field(default_factory=list)
    _turn: Counter[str] = field(default_factory=Counter)
    _lanes: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def strike(self, planned: Sequence[FaultPlan]) -> None:
        """Each at its time; returns when the last is put right."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as faults:
            for fault in planned:
                await asyncio.sleep(max(0.0, began + fault.at - time.monotonic()))
                faults.create_task(self._strike(fault))

    async def _strike(self, fault: FaultPlan) -> None:
        """One after the other where the end of one would be the end of both: on one line, at one stand-in."""
        async with self._lanes.setdefault(lane_of(fault.kind), asyncio.Lock()):
            began = time.monotonic()
            await self._deed(fault.kind)(fault.seconds)
        self.struck.append(Struck(fault.kind, FAULTS[fault.kind].upstream, began, time.monotonic()))

    def _deed(self, kind: str) -> Callable[[float], Awaitable[None]]:
        theatre, lines = self.theatre, self.theatre.lines
        by_name: dict[str, Callable[[float], Awaitable[None]]] = {
            "broker_killed": lambda seconds: _restart(theatre.broker, seconds),
            "store_killed": lambda seconds: _restart(theatre.store, seconds),
            "consumers_killed": lambda _: self._kill("consumers", theatre.consumers),
            "bridge_killed": lambda _: self._kill("bridges", theatre.bridges),
            "timers_killed": lambda _: self._kill("timers", [theatre.timers]),
            "consumers_stopped": lambda seconds: self._stop("consumers", theatre.consumers, seconds),
            "bridge_stopped": lambda seconds: self._stop("bridges", theatre.bridges, seconds),
            "poison": self._poison,
            "a_day_passes": self._a_day,
        }
        by_name |= {f"crash_{point}": self._crash(point) for point in CRASH_POINTS}
        by_name |= {name: self._ask("stripe", "faults", body) for name, body in _STRIPE.items()}
        by_name |= {name: self._ask("stripe", "delivery_faults", body) for name, body in _WEBHOOKS.items()}
        by_name |= {name: self._ask("magento", "faults", body) for name, body in _MAGENTO.items()}
        for name, line in (
            ("broker", lines.broker),
            ("store", lines.store),
            ("stripe", lines.stripe),
            ("magento", lines.magento),
            ("webhooks", lines.webhooks),
        ):
            by_name[f"{name}_cut"] = _on(line, _cut)
            by_name[f"{name}_delayed"] = _on(line, _delay)
            by_name[f"{name}_black_hole"] = _on(line, _black_hole)
            by_name[f"{name}_half_closed"] = _on(line, _half_close)
        return by_name[kind]

    def _next(self, name: str, replicas: Sequence[Supervised]) -> Supervised:
        self._turn[name] += 1
        return replicas[self._turn[name] % len(replicas)]

    async def _kill(self, name: str, replicas: Sequence[Supervised]) -> None:
        self._next(name, replicas).kill()

    async def _stop(self, name: str, replicas: Sequence[Supervised], seconds: float) -> None:
        replica = self._next(name, replicas)
        replica.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        replica.send(signal.SIGCONT)

    def _crash(self, point: str) -> Callable[[float], Awaitable[None]]:
        async def crash(_seconds: float) -> None:
            turn = self._turn[point] + 1  # at its first pass of the place, then at its second …
            self._next(point, self.theatre.consumers).kill_at(f"{point}:{turn}")

        return crash

    def _ask(
        self, whom: Literal["stripe", "magento"], what: str, body: dict[str, Any]
    ) -> Callable[[float], Awaitable[None]]:
        url = self.theatre.stage.stripe_url if whom == "stripe" else self.theatre.stage.magento_url
        # The sidecar's own resources of Magento: people use the others.
        match = {"match": "/sidecar/"} if whom == "magento" else {}
        path = {"path": "/v1/*", "method": "POST"} if what == "faults" and whom == "stripe" else {}

        async def ask(seconds: float) -> None:
            answer = await self.http.post(f"{url}/_sandbox/{what}", json={"times": TIMES} | match | path | body)
            answer.raise_for_status()
            await asyncio.sleep(seconds)
            (await self.http.delete(f"{url}/_sandbox/faults")).raise_for_status()  # what nobody has met is over too

        return ask

    async def _poison(self, _seconds: float) -> None:
        self._turn["poison"] += 1
        mark = f"poison{self._turn['poison']}"
        self.poison += await poison.publish(self.theatre.stage.broker_url, self.order_placed_key, mark)

    async def _a_day(self, _seconds: float) -> None:
        """Calls are under way whose answers never come and events that are never sent, and then it is tomorrow."""
        stripe = self.theatre.stage.stripe_url
        await asyncio.gather(
            self._ask("stripe", "delivery_faults", {"kind": "lost", "times": 30})(1),
            self._ask("stripe", "faults", {"kind": "timeout_after_commit", "seconds": 4, "times": 6})(1),
        )
        # The sidecar's first: it may think that a key is forgotten which is not, but not the other way round.
        ahead = float(self.theatre.clock.read_text()) + A_DAY
        self.theatre.clock.with_suffix(".new").write_text(str(ahead))
        self.theatre.clock.with_suffix(".new").replace(self.theatre.clock)
        (await self.http.post(f"{stripe}/_sandbox/clock/advance", json={"seconds": A_DAY})).raise_for_status()


def lane_of(kind: str) -> str:
    """What a fault has to itself while it lasts."""
    if kind in _STRIPE or kind in _WEBHOOKS or kind == "a_day_passes":
        return "the stand-in of Stripe"
    if kind in _MAGENTO:
        return "the stand-in of Magento"
    if kind.endswith(("_cut", "_delayed", "_black_hole", "_half_closed")):
        return f"the line of {FAULTS[kind].upstream}"
    return kind


async def _restart(server: Server, seconds: float) -> None:
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(server.start)


def _on(line: TcpProxy, deed: Callable[[TcpProxy, float], Awaitable[None]]) -> Callable[[float], Awaitable[None]]:
    return lambda seconds: deed(line, seconds)


async def _cut(line: TcpProxy, seconds: float) -> None:
    await line.cut()
    await asyncio.sleep(seconds)
    await line.restore()


async def _delay(line: TcpProxy, seconds: float) -> None:
    line.delay(DELAY)
    await asyncio.sleep(seconds)
    await line.restore()


async def _black_hole(line: TcpProxy, seconds: float) -> None:
    line.black_hole()
    await asyncio.sleep(seconds)
    await line.restore()


async def _half_close(line: TcpProxy, seconds: float) -> None:
    line.half_close()
    await asyncio.sleep(seconds)
    await line.restore()
