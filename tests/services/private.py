"""Servers that nobody else uses, to be stopped and killed by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.services import docker
from tests.services.debian.mariadb import private_mariadb
from tests.services.debian.packages import MARIADB, RABBITMQ, Package
from tests.services.debian.rabbitmq import private_rabbitmq
from tests.services.server import Server, ServiceError
from tests.services.way import Way, forced


@dataclass(frozen=True, slots=True)
class PrivateBroker:
    """A RabbitMQ, and how to learn the address of its management API (`/api`, with the password) once it runs."""

    server: Server
    management_url: Callable[[], str]


def private_broker(home: Path) -> PrivateBroker:
    """A RabbitMQ, not started; its data is in this folder if it is Debian's.

    Raises:
        ServiceError: it cannot be had here.
    """
    if _in_docker(RABBITMQ):
        container = docker.Container.rabbitmq()
        return PrivateBroker(container, container.management_url)
    made = private_rabbitmq(home)
    return PrivateBroker(made.server, lambda: made.management_url)


def private_store(home: Path) -> Server:
    """A MariaDB, not started; its data is in this folder if it is Debian's.

    Raises:
        ServiceError: it cannot be had here.
    """
    return docker.Container.mariadb() if _in_docker(MARIADB) else private_mariadb(home)


def _in_docker(package: Package) -> bool:
    """A package that is there starts faster than an image that has to be fetched first."""
    match forced():
        case Way.RUNNING:
            raise ServiceError("SIDECAR_SERVICES=running: nothing may be started")
        case Way.DOCKER:
            return True
        case Way.DEBIAN:
            return False
        case None:
            return not package.installed and docker.engine_answers()
