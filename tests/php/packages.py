"""Debian's packages that the module's tests and its coding standard need."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import discover

PHP = "php-cli"
"""The package that the others are of no use without."""
EXTENSIONS = {
    "php-bcmath": "bcmath",
    "php-curl": "curl",
    "php-mbstring": "mbstring",
    "php-mysql": "pdo_mysql",
    "php-xml": "dom",
}
"""By package, the extension it is wanted for: the names of its files carry PHP's version, which differs by release."""
FILES = {
    "php-amqplib": Path("/usr/share/php/PhpAmqpLib/autoload.php"),
    "php-symfony-console": Path("/usr/share/php/Symfony/Component/Console/autoload.php"),
    "php-psr-log": Path("/usr/share/php/Psr/Log/autoload.php"),
    "php-codesniffer": Path("/usr/bin/phpcs"),
    "phpunit": Path("/usr/bin/phpunit"),
}
"""By package, the file it is wanted for."""


def missing() -> list[str]:
    """The packages that are not there."""
    if shutil.which("php") is None:
        return [PHP, *EXTENSIONS, *FILES]
    told = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout  # noqa: S607  # whichever php there is
    loaded = set(told.lower().split())
    return [
        *(package for package, extension in EXTENSIONS.items() if extension not in loaded),
        *(package for package, file in FILES.items() if not file.exists()),
    ]


def install() -> list[str]:
    """Install what is missing, where we may; gives what is missing still."""
    with _alone():
        needed = missing()
        if needed and os.geteuid() == 0 and shutil.which("apt-get") is not None:
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            for command in (
                ["apt-get", "update", "-q"],
                ["apt-get", "install", "-qy", "--no-install-recommends", *needed],
            ):
                subprocess.run(command, check=False, env=environment, stdout=sys.stderr)  # noqa: S603  # our own fixed words
        return missing()


def advice(packages: list[str]) -> str:
    """What a person can do about it."""
    return f"the module's PHP is not tested: `sudo apt-get install {' '.join(packages)}`"


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, whoever else runs the tests here."""
    discover.ROOT.mkdir(exist_ok=True)
    with (discover.ROOT / "php.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
