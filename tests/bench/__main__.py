"""`python -m tests.bench`: measures ourselves beside floors and peers, who take turns in one run."""

import argparse
import asyncio
import os
import shlex
import sys
import time
from pathlib import Path
from typing import NoReturn

import uvloop
from rich.console import Console
from typing_extensions import override

from tests.bench.bench import Run, find, names
from tests.bench.record import Record, Result, measured
from tests.bench.table import terminal
from tests.services.addresses import BROKER_VARIABLE, DEFAULT_BROKER, DEFAULT_STORE, STORE_VARIABLE

EXAMPLE = "example: python -m tests.bench bridge --quick, or, for the page: make bench ARGS='--out docs/bench.json'"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in a line."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"bench: {message}\n")


def _arguments(arguments: list[str]) -> argparse.Namespace:
    every = "".join(f"\n  {name:16} {find(name).about}" for name in names())
    parser = _Parser(
        prog="python -m tests.bench",
        description=f"{__doc__}\n\nbenchmarks:{every}",
        epilog=f"{EXAMPLE}\nA goal that is missed is printed; it is no failure.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all without any")
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds: shows that it works")
    parser.add_argument("--rounds", type=int, help="how many turns each contender has")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON instead of tables")
    parser.add_argument("--out", type=Path, help="write it into this file, over what it has of the same benchmarks")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in names():
            parser.error(f"there is no benchmark {name!r}; there are: {', '.join(names())}")
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds: at least one")
    if options.out:
        if not options.out.parent.is_dir():
            parser.error(f"--out: there is no folder {options.out.parent}")
        try:
            Record.read(options.out)
        except ValueError as error:
            parser.error(f"--out: {error}")
    return options


async def _run(name: str, command: str, *, quick: bool, rounds: int | None) -> Result:
    bench = find(name)
    turns = rounds or (bench.quick_rounds if quick else bench.full_rounds)
    run = Run(turns, os.environ.get(BROKER_VARIABLE, DEFAULT_BROKER), os.environ.get(STORE_VARIABLE, DEFAULT_STORE))
    began = time.perf_counter()
    figures = await bench.measure(bench.quick if quick else bench.full, run)
    return await measured(
        figures,
        command=command,
        quick=quick,
        rounds=turns,
        seconds=time.perf_counter() - began,
        broker_url=run.broker_url,
        store_url=run.store_url,
    )


def main(arguments: list[str]) -> int:
    """Run them, one after the other; 1 when one could not be run to its end, 2 for wrong arguments."""
    options = _arguments(arguments)
    command = shlex.join(["python", "-m", "tests.bench", *arguments])
    record, failed = Record(benches={}), False
    console = Console(width=None if sys.stdout.isatty() else 160)
    for name in options.names or names():
        sys.stderr.write(f"{name}: {find(name).about}\n")
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                result = runner.run(_run(name, command, quick=options.quick, rounds=options.rounds))
        except Exception as error:  # noqa: BLE001  # the others are still worth measuring
            failed = True
            sys.stderr.write(f"{name}: {type(error).__name__}: {error}\n")
            continue
        record = Record(benches={**record.benches, name: result})
        if not options.json:
            console.print(terminal(f"{name}: {result.rounds} rounds in {result.seconds:.0f} s", result.figures))
        if options.out:
            # After each, so that an hour's work is not lost with the last of them.
            options.out.write_text(record.written_over(Record.read(options.out)).text())
    if options.json:
        sys.stdout.write(record.text())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
