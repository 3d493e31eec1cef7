"""Finds the services, or starts them, and remembers what was started."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tests.services import docker, process
from tests.services.addresses import (
    BROKER_VARIABLE,
    DEFAULT_BROKER,
    DEFAULT_STORE,
    STORE_VARIABLE,
    Services,
    broker_answers,
    store_answers,
)
from tests.services.debian.mariadb import private_mariadb
from tests.services.debian.packages import MARIADB, RABBITMQ, Package
from tests.services.debian.rabbitmq import private_rabbitmq
from tests.services.server import Server, ServiceError
from tests.services.way import Way, forced

ROOT = Path(__file__).parents[2] / ".services"


class Started(BaseModel):
    """A server that we started."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    way: Way
    url: str = field(repr=False)


class State(BaseModel):
    """What we started and nobody has stopped yet, by the kind's name."""

    model_config = ConfigDict(frozen=True)

    servers: dict[str, Started] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two services, and how it is found and started."""

    name: str
    variable: str
    default_url: str
    package: Package
    answers: Callable[[str], bool]
    in_docker: Callable[[], docker.Container]
    from_debian: Callable[[Path], Server]


BROKER = Kind(
    "rabbitmq",
    BROKER_VARIABLE,
    DEFAULT_BROKER,
    RABBITMQ,
    broker_answers,
    docker.Container.rabbitmq,
    lambda home: private_rabbitmq(home).server,
)
STORE = Kind(
    "mariadb", STORE_VARIABLE, DEFAULT_STORE, MARIADB, store_answers, docker.Container.mariadb, private_mariadb
)


def up() -> Services:
    """Find or start both; those that we start stay, for the next who asks, until `down`.

    In this order: what the environment names; what we started before; what answers at the usual address; Docker;
    Debian's package. `SIDECAR_SERVICES` forces one of the ways.

    Raises:
        ServiceError: one cannot be had; the message says what to do.
    """
    with _alone():
        way = forced()
        return Services(find_or_start(BROKER, way), find_or_start(STORE, way))


def down() -> list[str]:
    """Stop what we started and nothing else; gives the names of what was stopped."""
    with _alone():
        servers = _state().servers
        for name, started in servers.items():
            if started.way is Way.DOCKER:
                docker.remove(_container_name(name))
        # Also what a test that was killed has left.
        for leader in ROOT.glob(f"*/{process.LEADER}"):
            process.end(leader.parent)
        _write(State())
        return list(servers)


def find_or_start(kind: Kind, way: Way | None) -> str:
    """One of the two, in this way or in the first that works; gives its address.

    Raises:
        ServiceError: it cannot be had.
    """
    named = os.environ.get(kind.variable)
    if named and way in {None, Way.RUNNING}:
        if kind.answers(named):
            return named
        raise ServiceError(f"no login succeeds at the address in {kind.variable}: correct or unset it")
    before = _state().servers.get(kind.name)
    if before and way in {None, before.way} and kind.answers(before.url):
        return before.url
    if way in {None, Way.RUNNING} and kind.answers(kind.default_url):
        return kind.default_url
    if way is Way.RUNNING:
        raise ServiceError(f"no {kind.name} answers at its usual address, and {kind.variable} names no other")
    return _start(kind, way)


def _start(kind: Kind, way: Way | None) -> str:
    engine = way in {None, Way.DOCKER} and docker.engine_answers()
    if way is Way.DOCKER and not engine:
        raise ServiceError("no Docker engine answers")
    if engine:
        _tell(f"starting {kind.name} in Docker")
        way, name = Way.DOCKER, _container_name(kind.name)
        docker.remove(name)
        server: Server = kind.in_docker().named(name)
    else:
        if not kind.package.installed:
            _tell(f"installing {kind.package.name}")
            kind.package.install()
            if way is None and kind.answers(kind.default_url):
                return kind.default_url  # Debian has started it
        _tell(f"starting a private {kind.name} from Debian's package")
        way, server = Way.DEBIAN, kind.from_debian(ROOT / kind.name)
    server.start()
    _write(State(servers=_state().servers | {kind.name: Started(way=way, url=server.url)}))
    return server.url


def _container_name(name: str) -> str:
    return f"sidecar-{name}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


def _state() -> State:
    file = ROOT / "state.json"
    return State.model_validate_json(file.read_bytes()) if file.exists() else State()


def _write(state: State) -> None:
    file = ROOT / "state.json"
    file.touch(mode=0o600)  # the addresses hold passwords
    file.write_text(state.model_dump_json())


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, whoever else runs the tests here."""
    ROOT.mkdir(exist_ok=True)
    with (ROOT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tell(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201  # a person waits for it
