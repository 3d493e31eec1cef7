"""`python -m tests.chaos.mutations`: break one rule after the other, and see whether the oracle says so.

Each run is as short as what it needs: the orders that show the breakage, and the faults. First comes a run without any
breakage, which has to be right: an oracle that always complains would catch everything.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.__main__ import tell
from tests.chaos.breakages import BREAKAGES
from tests.chaos.breakages.breakage import IN_EFFECT, Breakage
from tests.chaos.plan import Plan, plan_of
from tests.chaos.run import run
from tests.chaos.servers import servers
from tests.services.server import ServiceError

RATE = 2.0
"""Orders a second: slowly enough that failures meet them on a busy machine too."""

EVERY = 1.2
PATIENCE = 45.0
"""Seconds: what is not done then is not done."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the oracle said of one breakage.

    Attributes:
        took_effect: whether a process did the wrong thing at all.
        rules: what it named, and how often.
        seconds: from the first order to its word.
    """

    name: str
    took_effect: bool
    rules: dict[str, int]
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether a rule that fits the breakage was named."""
        return bool(BREAKAGES[self.name].caught_by & self.rules.keys())

    @property
    def as_expected(self) -> bool:
        """Caught, or harmless as it is known to be."""
        return self.took_effect and (self.caught if BREAKAGES[self.name].caught_by else not self.rules)


def main(words: Sequence[str] | None = None) -> int:
    """Try them; 0 when each was caught and nothing is wrong without them, 1 when not, 2 when it could not be tried."""
    options = _options(words)
    unknown = [name for name in options.names if name not in BREAKAGES]
    if unknown:
        sys.stderr.write(f"there is no breakage {unknown[0]}; there are {', '.join(BREAKAGES)}\n")
        return 2
    chosen = [BREAKAGES[name] for name in options.names or BREAKAGES]
    try:
        wrong = [] if options.no_control else list(_without(options))
        for each in wrong:
            sys.stderr.write(f"without any breakage: {each}\n")
        found = []
        for breakage in chosen:
            found.append(_try(breakage, options))
            tell(f"{found[-1].name}: {_words(found[-1])}\n")
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write((json.dumps([asdict(each) for each in found]) if options.json else table(found)) + "\n")
    return 0 if not wrong and all(each.as_expected for each in found) else 1


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos.mutations",
        description="Break one rule after the other, and see whether the oracle says so.",
        epilog="Example: python -m tests.chaos.mutations attempt_scoped_key loop_guard_off --orders 40",
    )
    parser.add_argument("names", nargs="*", help="of breakages (default: all)")
    parser.add_argument("--orders", type=int, default=30, help="in each run (default: 30)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed plans the same (default: 7)")
    parser.add_argument("--no-control", action="store_true", help="leave out the run without any breakage")
    parser.add_argument("--keep", type=Path, default=Path("chaos-logs"), help="a folder for the logs")
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    return parser.parse_args(words)


def _without(options: argparse.Namespace) -> Iterable[str]:
    """What the oracle says when nothing is broken: all kinds of orders and every fault that a breakage needs."""
    faults = sorted({fault for each in BREAKAGES.values() for fault in each.faults})
    plan = plan_of(options.seed, 4 * options.orders, rate=RATE, faults=faults, every=0.7)
    with servers() as (broker, store):
        report = asyncio.run(run(plan, broker, store, keep=options.keep / "none", tell=tell))
    return [f"{each.rule}: {each.subject}: {each.text}" for each in report.violations]


def plan_for(breakage: Breakage, orders: int, seed: int) -> Plan:
    """What shows it."""
    return plan_of(
        seed, orders, rate=RATE, faults=breakage.faults, every=EVERY, kinds=breakage.kinds, backs=breakage.backs
    )


def _try(breakage: Breakage, options: argparse.Namespace) -> Found:
    plan = plan_for(breakage, options.orders, options.seed)
    with tempfile.TemporaryDirectory(prefix="chaos-mutation-") as folder, servers() as (broker, store):
        began = time.monotonic()
        logs = options.keep / breakage.name
        report = asyncio.run(
            run(
                plan,
                broker,
                store,
                breakage=breakage.name,
                replicas=breakage.replicas,
                patience=PATIENCE,
                logs=Path(folder),
                keep=logs,
                tell=tell,
            )
        )
        seconds = round(time.monotonic() - began, 1)
        took_effect = any(IN_EFFECT in log.read_text(errors="replace") for log in Path(folder).glob("*.log"))
    return Found(breakage.name, took_effect, dict(Counter(each.rule for each in report.violations)), seconds)


def _words(found: Found) -> str:
    if not found.took_effect:
        return "was never called"
    expected = BREAKAGES[found.name].caught_by
    if not found.caught:
        return "not caught" if expected else ("harmless" if not found.rules else "harmful")
    named = [f"{rule} ({number})" for rule, number in sorted(found.rules.items()) if rule in expected]
    return ", ".join(named)


def table(found: Iterable[Found]) -> str:
    """For docs/chaos.md."""
    lines = ["| breakage | what is done instead | the oracle says | after |", "| --- | --- | --- | --- |"]
    for each in found:
        rules = ", ".join(f"`{rule}` {number}" for rule, number in sorted(each.rules.items())) or "nothing"
        lines.append(f"| `{each.name}` | {BREAKAGES[each.name].what} | {rules} | {each.seconds:g} s |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
