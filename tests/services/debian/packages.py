"""Debian's packages of the two servers."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.services.server import ServiceError


@dataclass(frozen=True, slots=True)
class Package:
    """A package, the program it is wanted for, and the user it brings."""

    name: str
    program: Path
    user: str

    @property
    def installed(self) -> bool:
        """Whether its program is there."""
        return self.program.exists()

    @property
    def installable(self) -> bool:
        """Whether we may install it here."""
        return os.geteuid() == 0 and shutil.which("apt-get") is not None

    def install(self) -> None:
        """Install it, unless it is there. Debian may start an instance of it; that one is not ours.

        Raises:
            ServiceError: it is missing and we may not, or cannot, install it.
        """
        if self.installed:
            return
        if not self.installable:
            raise ServiceError(
                f"{self.name} is missing: `sudo apt-get install {self.name}`, or start Docker, "
                "or name servers that run in SIDECAR_TEST_BROKER_URL and SIDECAR_TEST_STORE_URL"
            )
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-qy", "--no-install-recommends", self.name]
        for command in (["apt-get", "update", "-q"], install):
            if subprocess.run(command, check=False, env=environment, stdout=sys.stderr).returncode != 0:  # noqa: S603  # our own fixed words
                raise ServiceError(f"`{' '.join(command)}` failed: see above")


RABBITMQ = Package("rabbitmq-server", Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), "rabbitmq")
MARIADB = Package("mariadb-server", Path("/usr/sbin/mariadbd"), "mysql")
