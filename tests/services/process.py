"""A server that is a process group on this machine, with its data in a folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.services.server import ServiceError

LEADER = "leader"
"""The file in the folder that names the leader of the group."""

START_PATIENCE = 90.0
STOP_PATIENCE = 30.0


class Process:
    """A server that can be stopped, killed and started again on the same data (see `Server`)."""

    def __init__(
        self,
        *,
        url: str,
        home: Path,
        command: list[str],
        environment: Mapping[str, str],
        answers: Callable[[str], bool],
        user: str | None,
    ) -> None:
        self.url = url
        self._home = home
        self._command = command
        self._environment = environment
        self._answers = answers
        self._user = user

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers.

        Raises:
            ServiceError: it ended, or does not answer in time; the message names its log.
        """
        if _leader(self._home) is not None:
            if self._answers(self.url):
                return
            end(self._home)
        log = self._home / "log"
        with log.open("ab") as file:
            process = subprocess.Popen(  # noqa: S603  # our own fixed words
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
                cwd=self._home,
            )
        process.returncode = 0  # it may outlive us, and `end` is who waits for it
        (self._home / LEADER).write_text(f"{process.pid} {_started(process.pid)}")
        deadline = time.monotonic() + START_PATIENCE
        while not self._answers(self.url):
            if not _group_lives(process.pid) or time.monotonic() > deadline:
                self.kill()
                raise ServiceError(f"it did not start: {' '.join(self._command)}; see {log}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask it to end in order, and wait for the end; what hangs is killed."""
        end(self._home)

    def kill(self) -> None:
        """End it with SIGKILL."""
        end(self._home, signal.SIGKILL)

    def remove(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        shutil.rmtree(self._home)


def end(home: Path, sig: signal.Signals = signal.SIGTERM) -> None:
    """Send a signal to the group that runs on this folder, if one does, and wait for its end."""
    leader = _leader(home)
    deadline = time.monotonic() + STOP_PATIENCE
    while leader is not None and _group_lives(leader):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL if time.monotonic() > deadline else sig)
        _wait_a_while(leader, 1.0)
    (home / LEADER).unlink(missing_ok=True)


def _wait_a_while(leader: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _group_lives(leader) and time.monotonic() < deadline:
        time.sleep(0.02)


def _leader(home: Path) -> int | None:
    """The leader of the group on this folder, if it is still the one that we started."""
    try:
        pid, started = (home / LEADER).read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    # A number is given to another process some day; the time of its start tells the two apart.
    return int(pid) if _started(int(pid)) == started else None


def _started(pid: int) -> str:
    """When the kernel started this process, in its ticks since boot; empty when there is none."""
    fields = _stat(pid)
    return fields[19] if fields else ""


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on (proc_pid_stat(5)); nothing when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _group_lives(leader: int) -> bool:
    """Whether a process of the group runs. The dead do not count: who should bury them may never do so."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(leader, os.WNOHANG)
    members = (_stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return any(fields[2] == str(leader) and fields[0] != "Z" for fields in members if fields)
