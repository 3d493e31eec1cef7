"""Starts the services in containers, where a Docker engine answers."""

import shutil
import subprocess

from tests.services.addresses import Services

RABBITMQ_IMAGE = "rabbitmq:4.2-management"
MARIADB_IMAGE = "mariadb:11.8"


def engine_answers() -> bool:
    """Whether a Docker engine runs; its client alone is not enough."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0  # noqa: S603


def start() -> Services:
    """Start both in containers that outlive this process; `stop` removes them."""
    from testcontainers.mysql import MySqlContainer  # noqa: PLC0415  # needed only here
    from testcontainers.rabbitmq import RabbitMqContainer  # noqa: PLC0415

    broker = RabbitMqContainer(RABBITMQ_IMAGE).with_name("sidecar-rabbitmq")
    broker.start()
    store = MySqlContainer(MARIADB_IMAGE, username="root", root_password="sidecar").with_name("sidecar-mariadb")
    store.start()
    return Services(
        f"amqp://guest:guest@{broker.get_container_host_ip()}:{broker.get_exposed_port(5672)}/",
        f"mysql://root:sidecar@{store.get_container_host_ip()}:{store.get_exposed_port(3306)}/",
    )


def stop() -> None:
    """Remove what `start` made."""
    docker = shutil.which("docker")
    if docker is not None:
        subprocess.run(  # noqa: S603
            [docker, "rm", "--force", "sidecar-rabbitmq", "sidecar-mariadb"], capture_output=True, check=False
        )
