"""`python -m tests.chaos`: play a plan of failures and say what became of the money."""

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.breakages import BREAKAGES
from tests.chaos.plan import FAULTS, plan_of
from tests.chaos.recovery import quantile
from tests.chaos.run import Report, run
from tests.chaos.servers import servers
from tests.services.server import ServiceError

RATE = 8.0
"""Orders a second that two cores carry together with everything that they do it with."""


def main(words: Sequence[str] | None = None) -> int:
    """Play; 0 when all is right, 1 when it is not, 2 when it could not be played."""
    options = _options(words)
    faults = tuple(FAULTS) if options.faults is None else tuple(filter(None, options.faults.split(",")))
    for option, names, known in (
        ("--faults", faults, FAULTS.keys()),
        ("--breakage", () if options.breakage is None else (options.breakage,), BREAKAGES.keys()),
    ):
        unknown = [name for name in names if name not in known]
        if unknown:
            sys.stderr.write(f"{option}: there is no {unknown[0]}; there are {', '.join(known)}\n")
            return 2
    plan = plan_of(options.seed, options.orders, rate=options.rate, faults=faults, every=options.every)
    try:
        with servers() as (broker, store):
            keep = Path(options.keep) if options.keep else None
            report = asyncio.run(run(plan, broker, store, breakage=options.breakage, keep=keep, tell=tell))
    except ServiceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write((json.dumps(summary(report)) if options.json else table(report)) + "\n")
    return 1 if report.violations else 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make chaos",
        description="Let everything fail while orders are placed, paid, cancelled and refunded, and ask the books.",
        epilog='Example: make chaos ARGS="--orders 2000 --seed 7 --json"',
    )
    parser.add_argument("--orders", type=_positive, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed plans the same (default: 7)")
    parser.add_argument("--rate", type=_more_than_none, default=RATE, help=f"orders a second (default: {RATE:g})")
    parser.add_argument(
        "--every", type=_more_than_none, default=3.0, help="seconds between two faults, on average (default: 3)"
    )
    parser.add_argument("--faults", help="only these kinds, with commas between; an empty word for none")
    parser.add_argument("--breakage", help="a rule that the sidecar breaks (tests/chaos/breakages)")
    parser.add_argument("--keep", help="a folder for the logs, if something is wrong", default="chaos-logs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(words)


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word}: at least 1")
    return number


def _more_than_none(word: str) -> float:
    number = float(word)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{word}: more than 0")
    return number


def tell(line: str) -> None:
    """How far it is, for people."""
    if sys.stderr.isatty() and "CI" not in os.environ:
        sys.stderr.write(f"\r\x1b[K{line}")
    else:
        sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def summary(report: Report) -> dict[str, object]:
    """For machines."""
    return {
        "orders": len(report.deeds.orders),
        "seed": report.plan.seed,
        "faults": report.faults,
        "kills": report.kills,
        "violations": len(report.violations),
        "lost": report.lost,
        "duplicated_effects": report.duplicated,
        "parked": len(report.ending.dead_letters),
        "recovery_p50_s": quantile(report.recovery.orders, 0.5),
        "recovery_p99_s": quantile(report.recovery.orders, 0.99),
        "recovery_by_upstream_s": {
            name: {"orders": len(found), "p50": quantile(found, 0.5), "max": round(found[-1], 2)}
            for name, found in report.recovery.by_upstream.items()
        },
        "flows_again_s": {
            name: {"faults": len(found), "p50": quantile(found, 0.5), "max": round(found[-1], 2)}
            for name, found in report.recovery.flow.items()
        },
        "calm_p50_s": quantile(report.recovery.calm, 0.5),
        "seconds": round(report.seconds, 1),
        "creditmemos": len(report.ending.creditmemos),
        "refunds": len(report.ending.refunds),
        "events": {
            "magento": len(report.ending.outbox),
            "stripe": len(report.ending.events),
            "done": len(report.ending.heard),
        },
        "what": [f"{each.rule}: {each.subject}: {each.text}" for each in report.violations[:50]],
    }


def table(report: Report) -> str:
    """For people."""
    lines = [f"{name:<28} {value}" for name, value in summary(report).items() if name not in {"faults", "what"}]
    lines.append("faults")
    lines += [f"  {name:<28} {number}" for name, number in report.faults.items()]
    if report.violations:
        lines.append("what is wrong")
        lines += [f"  {each.rule}: {each.subject}: {each.text}" for each in report.violations[:50]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
