"""A broker and a database that nobody else uses, for one run."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.private import private_broker, private_store
from tests.services.server import Server


@contextmanager
def servers() -> Iterator[tuple[Server, Server]]:
    """RabbitMQ and MariaDB, running; both are gone after the block, also when somebody asks us to end (SIGTERM).

    Raises:
        ServiceError: they cannot be had here.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="chaos-services-") as home:
        Path(home).chmod(0o755)
        broker, store = private_broker(Path(home) / "rabbitmq").server, private_store(Path(home) / "mariadb")
        try:
            broker.start()
            store.start()
            yield broker, store
        finally:
            broker.remove()
            store.remove()
