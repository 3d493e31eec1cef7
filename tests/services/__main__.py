"""`python -m tests.services up|down|env`: used by the Makefile.

up    finds or starts RabbitMQ and MariaDB, and says where they are
env   the same, as shell commands on the standard output
down  stops what was started, and nothing else

SIDECAR_TEST_BROKER_URL and SIDECAR_TEST_STORE_URL name servers that run; SIDECAR_SERVICES=running|docker|debian
forces a way.
"""

import shlex
import sys

from tests.services import discover
from tests.services.addresses import without_password
from tests.services.server import ServiceError


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201  # a command line


def main(arguments: list[str]) -> int:
    """The command line; 2 for anything that is wrong."""
    try:
        match arguments:
            case ["up"]:
                services = discover.up()
                _say(f"RabbitMQ: {without_password(services.broker_url)}")
                _say(f"MariaDB:  {without_password(services.store_url)}")
            case ["env"]:
                for name, value in discover.up().environment().items():
                    print(f"export {name}={shlex.quote(value)}")  # noqa: T201  # a command line
            case ["down"]:
                _say(f"stopped: {', '.join(discover.down()) or 'nothing of ours was running'}")
            case _:
                _say(__doc__ or "")
                return 2
    except ServiceError as error:
        _say(f"services: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
