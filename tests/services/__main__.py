"""`python -m tests.services up|down|env`: used by the Makefile.

The services are looked for at the addresses in the environment, then at the usual ones. What does not answer is
started: in Docker where an engine answers, else from Debian's packages. `SIDECAR_SERVICES=running|docker|debian` forces a way.
"""

import json
import os
import shlex
import signal
import sys

from tests.services import debian, docker
from tests.services.addresses import Services, broker_answers, named, store_answers

STATE = debian.ROOT / "state.json"


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def up() -> Services:
    """Find or start both."""
    way = os.environ.get("SIDECAR_SERVICES", "")
    services = _remembered() or named()
    broker, store = broker_answers(services.broker_url), store_answers(services.store_url)
    if way in {"", "running"} and broker and store:
        return services
    if way == "running":
        raise debian.ServiceError("no login succeeds at the addresses in the environment")
    if way == "docker" or (not way and docker.engine_answers()):
        _say("starting RabbitMQ and MariaDB in Docker")
        services = docker.start()
        _remember(services, "docker")
        return services
    debian.ROOT.mkdir(exist_ok=True)
    broker_url, store_url = services.broker_url, services.store_url
    if way == "debian" or not broker:
        _say("starting a private RabbitMQ from Debian's package")
        process, broker_url = debian.rabbitmq()
        process.start()
    if way == "debian" or not store:
        _say("starting a private MariaDB from Debian's package")
        process, store_url = debian.mariadb()
        process.start()
    services = Services(broker_url, store_url)
    _remember(services, "debian")
    return services


def down() -> None:
    """Stop what was started, and nothing else."""
    if not STATE.exists():
        _say("nothing of ours is running")
        return
    if json.loads(STATE.read_text())["way"] == "docker":
        docker.stop()
    else:
        for name in ("rabbitmq", "mariadb"):
            debian.Process(name, [], {}, lambda: True, None).stop(signal.SIGTERM)
    STATE.unlink()


def _remember(services: Services, way: str) -> None:
    debian.ROOT.mkdir(exist_ok=True)
    STATE.write_text(json.dumps({"way": way, "broker_url": services.broker_url, "store_url": services.store_url}))


def _remembered() -> Services | None:
    if not STATE.exists():
        return None
    state = json.loads(STATE.read_text())
    services = Services(state["broker_url"], state["store_url"])
    return services if broker_answers(services.broker_url) and store_answers(services.store_url) else None


def main(arguments: list[str]) -> int:
    """The command line; 2 for anything that is wrong."""
    try:
        match arguments:
            case ["up"]:
                services = up()
                _say(f"RabbitMQ: {services.broker_url}\nMariaDB:  {services.store_url}")
            case ["env"]:
                for name, value in up().environment().items():
                    print(f"export {name}={shlex.quote(value)}")  # noqa: T201
            case ["down"]:
                down()
            case _:
                _say(__doc__ or "")
                return 2
    except debian.ServiceError as error:
        _say(f"services: {error}")
        return 2
    return 0


sys.exit(main(sys.argv[1:]))
