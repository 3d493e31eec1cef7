"""The folder of a private instance: made for the user that it runs as, with a password that stays."""

import os
import secrets
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

USER = "sidecar"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder, the user who owns it (none: whoever we are), and the password of the user `sidecar` in it."""

    path: Path
    user: str | None
    password: str

    def write(self, name: str, text: str) -> Path:
        """Write a file that only the owner reads."""
        file = self.path / name
        file.touch(mode=0o600)
        file.write_text(text)
        self.own(file)
        return file

    def own(self, path: Path) -> None:
        """Give it to the user."""
        if self.user is not None:
            shutil.chown(path, self.user, self.user)


def make_home(path: Path, user: str) -> Home:
    """Make the folder, or take it as it is."""
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    known = path / "password"
    # A server that anybody on this machine may enter could be told to read and write files.
    password = known.read_text() if known.exists() else secrets.token_hex(16)
    home = Home(path, user if _can_live_in(path, user) else None, password)
    home.own(path)
    home.write("password", password)
    return home


def _can_live_in(path: Path, user: str) -> bool:
    """Whether we may become this user, and the user then reaches the folder: not below `/root`, for example."""
    if os.geteuid() != 0:
        return False
    test = ["/usr/bin/test", "-x", str(path)]
    return subprocess.run(test, user=user, group=user, extra_groups=[], check=False, cwd="/").returncode == 0  # noqa: S603  # our own fixed words


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
