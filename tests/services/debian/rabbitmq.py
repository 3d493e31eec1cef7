"""A private RabbitMQ from Debian's package."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.services.addresses import broker_answers
from tests.services.debian.home import USER, free_port, make_home
from tests.services.debian.packages import RABBITMQ
from tests.services.process import Process

# `epmd`, which tells Erlang's nodes each other's ports, is in the foreground and so ends with the group;
# the one that RabbitMQ would start for itself stays behind for ever, and its port is the whole machine's.
COMMAND = ["/bin/sh", "-c", f"epmd & exec {RABBITMQ.program}"]


@dataclass(frozen=True, slots=True)
class PrivateRabbitMq:
    """The server, the address of its management API (`/api/…`) with the password, and that of its Prometheus pages."""

    server: Process
    management_url: str
    prometheus_url: str


def private_rabbitmq(path: Path) -> PrivateRabbitMq:
    """Prepare one with its data in this folder; it is not started.

    Raises:
        ServiceError: the package is missing.
    """
    RABBITMQ.install()
    home = make_home(path, RABBITMQ.user)
    port, management_port, prometheus_port = free_port(), free_port(), free_port()
    configuration = home.write(
        "rabbitmq.conf",
        f"listeners.tcp.local = 127.0.0.1:{port}\n"
        f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management_port}\n"
        f"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {prometheus_port}\n"
        f"default_user = {USER}\ndefault_pass = {home.password}\n"
        "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        "disk_free_limit.absolute = 64MB\n",
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    environment = inherited | {
        "HOME": str(path),  # where Erlang keeps its cookie
        "RABBITMQ_CONF_ENV_FILE": str(home.write("rabbitmq-env.conf", "")),  # not the one in /etc
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(path / "generated"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(
            home.write("enabled_plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")
        ),
        "RABBITMQ_NODENAME": "rabbit@localhost",
        "RABBITMQ_MNESIA_BASE": str(path / "mnesia"),
        "RABBITMQ_LOG_BASE": str(path / "logs"),
        "RABBITMQ_PID_FILE": str(path / "pid"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    server = Process(
        url=f"amqp://{USER}:{home.password}@127.0.0.1:{port}/",
        home=path,
        command=COMMAND,
        environment=environment,
        answers=broker_answers,
        user=home.user,
    )
    return PrivateRabbitMq(
        server,
        f"http://{USER}:{home.password}@127.0.0.1:{management_port}/api",
        f"http://127.0.0.1:{prometheus_port}/metrics",
    )
