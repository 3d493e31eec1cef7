"""The ways to have a service."""

import os
from enum import StrEnum

from tests.services.server import ServiceError

VARIABLE = "SIDECAR_SERVICES"


class Way(StrEnum):
    """How a service is had."""

    RUNNING = "running"
    """It runs already, and is left alone."""
    DOCKER = "docker"
    """In a container."""
    DEBIAN = "debian"
    """From Debian's package, as an instance of our own."""


def forced() -> Way | None:
    """The way that the environment forces, if it does.

    Raises:
        ServiceError: it names a way that there is not.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    try:
        return Way(name)
    except ValueError:
        raise ServiceError(f"{VARIABLE}={name}: there are {', '.join(Way)}") from None
