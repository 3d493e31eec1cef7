"""Starts Debian's RabbitMQ and MariaDB as private instances: loopback ports, data below `.services/`."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.services.addresses import broker_answers, store_answers

ROOT = Path(__file__).parents[2] / ".services"
PACKAGES = {"rabbitmq-server": "/usr/sbin/rabbitmq-server", "mariadb-server": "/usr/sbin/mariadbd"}


class ServiceError(Exception):
    """A service cannot be had; the message says what to do."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def install(package: str) -> None:
    """Install the package if it is missing.

    Raises:
        ServiceError: it is missing and we may not install it.
    """
    if Path(PACKAGES[package]).exists():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ServiceError(f"{package} is missing: install it, or name a running one in the environment")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", package]):
        subprocess.run(command, check=True, env=environment, stdout=sys.stderr)  # noqa: S603  # fixed words


class Process:
    """A server of ours that can be stopped, killed and started again on the same data."""

    def __init__(
        self, name: str, command: list[str], environment: dict[str, str], answers: Callable[[], bool], user: str | None
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._answers = answers
        self._user = user
        self._pid_file = ROOT / f"{name}.pid"

    def start(self, patience: float = 90.0) -> None:
        """Start it and wait until it answers.

        Raises:
            ServiceError: it does not answer in time.
        """
        log = (ROOT / f"{self.name}.log").open("ab")
        process = subprocess.Popen(  # noqa: S603  # fixed words
            self._command,
            env=os.environ | self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=self._user,
        )
        log.close()
        self._pid_file.write_text(str(process.pid))
        deadline = time.monotonic() + patience
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServiceError(f"{self.name} did not start: see {ROOT / (self.name + '.log')}")
            time.sleep(0.2)

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to the whole group and wait for its end."""
        if not self._pid_file.exists():
            return
        pid = int(self._pid_file.read_text())
        self._pid_file.unlink()
        try:
            os.killpg(pid, sig)
        except ProcessLookupError:
            return
        while _group_lives(pid):
            time.sleep(0.1)


def _group_lives(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def rabbitmq(name: str = "rabbitmq") -> tuple[Process, str]:
    """A private RabbitMQ and its address."""
    install("rabbitmq-server")
    home, port = ROOT / name, free_port()
    home.mkdir(parents=True, exist_ok=True)
    config = home / "rabbitmq.conf"
    config.write_text(
        f"listeners.tcp.local = 127.0.0.1:{port}\nloopback_users.guest = true\nlog.console = true\nlog.file = false\n"
    )
    environment = {
        "HOME": str(home),
        "RABBITMQ_CONFIG_FILE": str(config),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_NODENAME": f"{name}-{port}@localhost",
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    url = f"amqp://guest:guest@127.0.0.1:{port}/"
    command = ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
    return Process(name, command, environment, lambda: broker_answers(url), None), url


def mariadb(name: str = "mariadb") -> tuple[Process, str]:
    """A private MariaDB and the address of its server."""
    install("mariadb-server")
    home, port = ROOT / name, free_port()
    home.mkdir(parents=True, exist_ok=True)
    user = "mysql" if os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)
    data = home / "data"
    if not data.exists():
        install_db = ["/usr/bin/mariadb-install-db", "--no-defaults", "--skip-test-db", f"--datadir={data}"]
        install_db += ["--auth-root-authentication-method=normal", *([f"--user={user}"] if user else [])]
        subprocess.run(install_db, check=True, capture_output=True)  # noqa: S603  # fixed words
    command = [
        "/usr/sbin/mariadbd",
        "--no-defaults",
        f"--datadir={data}",
        f"--socket={home / 'socket'}",
        f"--pid-file={home / 'pid'}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        "--max-connections=500",
    ]
    url = f"mysql://root@127.0.0.1:{port}/"
    return Process(name, command, {}, lambda: store_answers(url), user), url
