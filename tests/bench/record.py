"""What a run found, kept in a file: `docs/bench.json` holds what `docs/performance.md` shows."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import aio_pika
import aiomysql
from aiormq.abc import AbstractConnection
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from yarl import URL

from tests.bench.figures import Figure

PACKAGES = (
    *("aio-pika", "aiomysql", "faststream", "httptools", "orjson", "pydantic", "starlette", "stripe", "uvicorn"),
    "uvloop",
)
ROOT = Path(__file__).parents[2]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Machine(_Value):
    """What it ran on.

    Attributes:
        processor: its model.
        cores: how many of them this process may use.
        memory_gib: of the machine.
    """

    processor: str
    cores: int
    memory_gib: int
    system: str


class Result(_Value):
    """What one benchmark found.

    Attributes:
        command: what makes it again.
        commit: what was measured; ends in `+` if files were changed since.
        quick: whether it is a run that only shows that it works.
        versions: of servers and libraries.
    """

    date: AwareDatetime
    command: str
    commit: str
    quick: bool
    rounds: int
    seconds: float
    machine: Machine
    versions: Mapping[str, str]
    figures: tuple[Figure, ...]


class Record(_Value):
    """What the benchmarks found, by their names."""

    benches: Mapping[str, Result]

    @classmethod
    def read(cls, path: Path) -> "Record":
        """The file's; an empty one if there is no file.

        Raises:
            ValueError: it is none.
        """
        if not path.exists():
            return cls(benches={})
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise ValueError(f"{path} is no record of benchmarks: {error.error_count()} fields are wrong") from None

    def written_over(self, earlier: "Record") -> "Record":
        """This one, with what it does not have of an earlier one."""
        return Record(benches=dict(sorted({**earlier.benches, **self.benches}.items())))

    def text(self) -> str:
        """As JSON."""
        return self.model_dump_json(indent=1) + "\n"


async def measured(
    figures: Sequence[Figure],
    *,
    command: str,
    quick: bool,
    rounds: int,
    seconds: float,
    broker_url: str,
    store_url: str,
) -> Result:
    """What was found, and on what."""
    return Result(
        date=datetime.now(UTC).replace(microsecond=0),
        command=command,
        commit=_commit(),
        quick=quick,
        rounds=rounds,
        seconds=round(seconds, 1),
        machine=_machine(),
        versions={
            "Python": platform.python_version(),
            "RabbitMQ": await _broker_version(broker_url),
            "MariaDB": await _store_version(store_url),
            **{name: found for name in PACKAGES if (found := _package_version(name))},
        },
        figures=tuple(figures),
    )


def _machine() -> Machine:
    described = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if Path("/etc/os-release").exists() else platform.system()
    return Machine(
        processor=models[0] if models else platform.machine(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=round(pages / 2**30),
        system=system,
    )


def _commit() -> str:
    def git(*words: str) -> str:
        command = ["git", "-C", str(ROOT), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603  # fixed

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "sidecar", "schemas", "consumers", "tests")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+" if changed else "")


def _package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


async def _broker_version(url: str) -> str:
    connection = await aio_pika.connect(url)
    async with connection:
        transport = connection.transport
        if transport is None:
            return "unknown"
        spoken: AbstractConnection = transport.connection
        said = spoken.server_properties.get("version", b"unknown")
        return said.decode() if isinstance(said, bytes) else str(said)


async def _store_version(url: str) -> str:
    address = URL(url)
    connection = await aiomysql.connect(
        host=address.host, port=address.port or 3306, user=address.user or "root", password=address.password or ""
    )
    try:
        return str(connection.get_server_info())
    finally:
        connection.close()
