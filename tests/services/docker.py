"""Runs the servers in containers, where a Docker engine answers."""

import secrets
import time
from collections.abc import Callable
from typing import Self

import docker.errors
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from tests.services.addresses import broker_answers, store_answers
from tests.services.debian.home import USER, free_port
from tests.services.server import ServiceError

RABBITMQ_IMAGE = "rabbitmq:4.2-management"
MARIADB_IMAGE = "mariadb:11.8"
PATIENCE = 120.0


def engine_answers() -> bool:
    """Whether a Docker engine runs; its client alone is not enough."""
    try:
        client = DockerClient().client
    except docker.errors.DockerException:
        return False
    try:
        return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False
    finally:
        client.close()


class Container:
    """A server in a container (see `Server`)."""

    def __init__(
        self,
        container: DockerContainer,
        scheme: str,
        port: int,
        answers: Callable[[str], bool],
        management: str = "",
    ) -> None:
        # A port of ours: one that Docker chooses changes when the container is started again.
        self._container = container.with_bind_ports(port, free_port())
        self._management = management
        self._port = port
        self._scheme = scheme
        self._answers = answers
        self._url = ""

    @property
    def url(self) -> str:
        """Where to log in."""
        return self._url

    def management_url(self) -> str:
        """Where the management API of a broker is, once it was started."""
        return self._management.format(host=self._container.get_container_host_ip())

    @classmethod
    def rabbitmq(cls) -> Self:
        """A RabbitMQ with a password of its own."""
        password = secrets.token_hex(16)
        management_port = free_port()
        container = DockerContainer(RABBITMQ_IMAGE).with_envs(
            RABBITMQ_DEFAULT_USER=USER, RABBITMQ_DEFAULT_PASS=password
        )
        container = container.with_bind_ports(15672, management_port)
        management = f"http://{USER}:{password}@{{host}}:{management_port}/api"
        return cls(container, f"amqp://{USER}:{password}", 5672, broker_answers, management)

    @classmethod
    def mariadb(cls) -> Self:
        """A MariaDB with a password of its own."""
        password = secrets.token_hex(16)
        container = DockerContainer(MARIADB_IMAGE).with_envs(MARIADB_ROOT_PASSWORD=password)
        return cls(container, f"mysql://root:{password}", 3306, store_answers)

    def named(self, name: str) -> Self:
        """Give it a name and a life that is longer than that of this process."""
        testcontainers_config.ryuk_disabled = True  # it would remove the container after us
        self._container.with_name(name)
        return self

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers.

        Raises:
            ServiceError: it does not answer in time.
        """
        if self._url:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
            host = self._container.get_container_host_ip()
            self._url = f"{self._scheme}@{host}:{self._container.get_exposed_port(self._port)}/"
        deadline = time.monotonic() + PATIENCE
        while not self._answers(self._url):
            if time.monotonic() > deadline:
                raise ServiceError(f"{self._container.image} does not answer at its port {self._port}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask it to end in order."""
        self._container.get_wrapped_container().stop(timeout=30)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._container.get_wrapped_container().kill()

    def remove(self) -> None:
        """Kill it and remove its data."""
        self._container.stop()


def remove(name: str) -> None:
    """Remove the container of this name with its data, if there is one."""
    client = DockerClient().client
    try:
        client.containers.get(name).remove(force=True, v=True)
    except docker.errors.NotFound:
        return
    finally:
        client.close()
