"""One run: everything is put up, people live, everything fails, all comes to rest, and the books are asked."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from schemas.catalog import CATALOG
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.sandbox.demo.accounts import open_accounts
from tests.chaos.dump import dump
from tests.chaos.ending import ending_of
from tests.chaos.faults import Faults, Struck
from tests.chaos.oracle import judge
from tests.chaos.oracle.violation import Violation
from tests.chaos.people import PATIENCE, People
from tests.chaos.plan import Plan
from tests.chaos.quiet import quiet
from tests.chaos.recovery import Recovery, recovery_of
from tests.chaos.stage import REPLICAS, Theatre, set_stage
from tests.chaos.watch import StuckError, Watch
from tests.chaos.world import Deeds, Ending
from tests.services.server import Server

LOST = frozenset(("a_message_is_lost", "it_does_not_come_to_rest", "stuck"))
DUPLICATED = frozenset(("paid_twice", "made_twice", "booked_twice", "refunded_twice"))


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a run; times in seconds.

    Attributes:
        faults: how often each kind struck.
        kills: how many deaths the processes died, and servers were killed.
        recovery: how long it took until all was well again.
        seconds: from the first order until nothing moved any more.
    """

    plan: Plan
    faults: dict[str, int]
    kills: int
    violations: tuple[Violation, ...]
    recovery: Recovery
    seconds: float
    ending: Ending
    deeds: Deeds

    @property
    def lost(self) -> int:
        """Messages that nobody handled, and lives that did not come to their end."""
        return sum(each.rule in LOST for each in self.violations)

    @property
    def duplicated(self) -> int:
        """Effects that were done twice."""
        return sum(each.rule in DUPLICATED for each in self.violations)


async def run(
    plan: Plan,
    broker: Server,
    store: Server,
    *,
    breakage: str | None = None,
    replicas: int = REPLICAS,
    patience: float = PATIENCE,
    logs: Path | None = None,
    keep: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Play a plan.

    Args:
        plan: what happens.
        broker: a RabbitMQ that may be killed, running.
        store: a MariaDB that may be killed, running.
        breakage: the rule that the sidecar breaks.
        replicas: of the consumers, and as many of the bridge.
        patience: seconds for which people wait while nothing moves; usually longer than any fault of ours.
        logs: an empty folder for them; else it is made, and goes with the run.
        keep: where the logs are put if there are violations.
        tell: is told now and then how far it is.
    """
    async with AsyncExitStack() as stack:
        folder = logs or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        theatre = await stack.enter_async_context(
            set_stage(broker, store, folder, seed=plan.seed, replicas=replicas, breakage=breakage)
        )
        # No connection is kept: a stand-in closes those that are idle, and a request may meet that.
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False, limits=limits))
        accounts = await stack.enter_async_context(open_accounts(theatre.stage, http))
        watch = Watch(theatre.stage.magento_database_url)
        people = People(theatre.stage, http, watch, accounts, patience)
        key = CATALOG[OrderPlacedV1.TYPE].routing_key
        faults = Faults(theatre, http, key)
        await people.open_accounts(plan.accounts)
        began = time.monotonic()
        rested = began
        stuck: list[Violation] = []
        async with asyncio.TaskGroup() as meanwhile:
            looking = [meanwhile.create_task(watch.look()), meanwhile.create_task(_tell(people, faults, tell))]
            try:
                await asyncio.gather(people.live(plan), faults.strike(plan.faults))
                await _let_all_go_well(theatre, http)
                rested = await quiet(theatre, http, patience + 60)
            except StuckError as error:
                stuck.append(Violation("it_does_not_come_to_rest", "all", str(error)))
            finally:
                for task in looking:
                    task.cancel()
        tell("asking the books")
        ending = await ending_of(theatre)
        deeds = people.deeds()
        deeds = Deeds(deeds.orders, deeds.creditmemos, deeds.refunds, deeds.accounts, tuple(faults.poison))
        stuck += [Violation("stuck", "somebody", each) for each in people.stuck]
        violations = (*stuck, *judge(deeds, ending))
        if violations and keep is not None:
            await dump(theatre, violations, keep)
            tell(f"logs, and how everything stands: {keep}")
        return Report(
            plan=plan,
            faults=dict(sorted(Counter(each.kind for each in faults.struck).items())),
            kills=_kills(theatre, faults.struck),
            violations=violations,
            recovery=recovery_of(people.settled, faults.struck),
            seconds=rested - began,
            ending=ending,
            deeds=deeds,
        )


async def _let_all_go_well(theatre: Theatre, http: httpx.AsyncClient) -> None:
    """Forget the failures that nobody has met."""
    for url in (theatre.stage.stripe_url, theatre.stage.magento_url):
        (await http.delete(f"{url}/_sandbox/faults")).raise_for_status()


async def _tell(people: People, faults: Faults, tell: Callable[[str], None]) -> None:
    while True:
        tell(f"{people.placed} orders, {len(people.settled)} settled, {len(faults.struck)} faults")
        await asyncio.sleep(2)


def _kills(theatre: Theatre, struck: Sequence[Struck]) -> int:
    servers = sum(fault.kind in {"broker_killed", "store_killed"} for fault in struck)
    return servers + sum(process.deaths for process in theatre.processes)
