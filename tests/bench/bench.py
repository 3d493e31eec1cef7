"""What a benchmark is, and where they are found: the modules `bench_NAME.py` below this folder, each with a `BENCH`."""

import importlib
import sys
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from tests.bench.figures import Figure

HERE = Path(__file__).parent
PREFIX = "bench_"
Size = TypeVar("Size")
Name = TypeVar("Name", bound=Hashable)
Sample = TypeVar("Sample")


@dataclass(frozen=True, slots=True)
class Run:
    """What a benchmark is given.

    Attributes:
        rounds: how many turns each contender has.
        broker_url: a broker that runs; a benchmark makes names of its own on it.
        store_url: a database server that runs; a benchmark makes databases of its own on it.
    """

    rounds: int
    broker_url: str
    store_url: str

    def say(self, text: str) -> None:
        """Show how far it is."""
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench(Generic[Size]):
    """A benchmark.

    Attributes:
        about: what is measured against what, in a sentence.
        measure: does so; what it makes on the servers it takes away again, whatever happens.
        quick: how much of it in a quick run, which shows that it works and takes well under a minute.
        full: how much of it for figures to be published.
        quick_rounds: the rounds of a quick run.
        full_rounds: the rounds otherwise; a median of fewer than five is none.
    """

    about: str
    measure: Callable[[Size, Run], Awaitable[Sequence[Figure]]]
    quick: Size
    full: Size
    quick_rounds: int = 3
    full_rounds: int = 7


def names() -> list[str]:
    """Of all benchmarks that there are."""
    return sorted(_modules())


def find(name: str) -> Bench[object]:
    """The benchmark of this name."""
    found: Bench[object] = importlib.import_module(_modules()[name]).BENCH
    return found


def _modules() -> dict[str, str]:
    files = [path.relative_to(HERE.parents[1]).with_suffix("") for path in HERE.rglob(f"{PREFIX}*.py")]
    return {path.name.removeprefix(PREFIX): ".".join(path.parts) for path in files}


async def interleave(
    contenders: Iterable[Name], rounds: int, turn: Callable[[Name], Awaitable[Sample]]
) -> dict[Name, list[Sample]]:
    """Let everybody have a turn in each round, there and back, so that what else the machine does hits all alike."""
    samples: dict[Name, list[Sample]] = {contender: [] for contender in contenders}
    order = list(samples)
    for _ in range(rounds):
        for contender in order:
            samples[contender].append(await turn(contender))
        order.reverse()
    return samples
