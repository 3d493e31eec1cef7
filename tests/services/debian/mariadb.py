"""A private MariaDB from Debian's package."""

import getpass
import os
import subprocess
from pathlib import Path

from tests.services.addresses import store_answers
from tests.services.debian.home import USER, Home, free_port, make_home
from tests.services.debian.packages import MARIADB
from tests.services.process import Process
from tests.services.server import ServiceError


def private_mariadb(path: Path) -> Process:
    """Prepare one with its data in this folder; it is not started.

    Raises:
        ServiceError: the package is missing, or its tables cannot be made.
    """
    MARIADB.install()
    home = make_home(path, MARIADB.user)
    data, port = path / "data", free_port()
    if not (data / "mysql").exists():
        _make_tables(home, data)
    grants = home.write(
        "grants.sql",
        f"CREATE OR REPLACE USER {USER}@'127.0.0.1' IDENTIFIED BY '{home.password}';\n"
        f"GRANT ALL ON *.* TO {USER}@'127.0.0.1' WITH GRANT OPTION;\n",
    )
    command = [
        str(MARIADB.program),
        "--no-defaults",
        f"--user={home.user or getpass.getuser()}",
        f"--datadir={data}",
        "--socket=socket",  # below the data: a path to a socket may have 107 characters only
        f"--pid-file={path / 'pid'}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        f"--init-file={grants}",
        "--max-connections=500",
        "--innodb-buffer-pool-size=64M",
        # Written at each commit, forced to the disk once a second: what is committed survives SIGKILL.
        "--innodb-flush-log-at-trx-commit=2",
    ]
    return Process(
        url=f"mysql://{USER}:{home.password}@127.0.0.1:{port}/",
        home=path,
        command=command,
        environment=os.environ,
        answers=store_answers,
        user=home.user,
    )


def _make_tables(home: Home, data: Path) -> None:
    command = ["mariadb-install-db", "--no-defaults", "--skip-test-db", f"--datadir={data}"]
    command += [f"--user={home.user or getpass.getuser()}"]
    made = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # our own fixed words
    if made.returncode != 0:
        raise ServiceError(f"`{' '.join(command)}` failed: {made.stderr.strip() or made.stdout.strip()}")
