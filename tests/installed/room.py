"""A machine of one's own, as far as root can have one without a container.

What is written to /etc, /opt and /usr/local is gone at the end, and so are all processes.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

STAND_IN = Path(__file__).parent / "systemctl"
END = "-- all of it was done --"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # as Debian gives it to root
FOLDERS = ("etc", "opt", "usr/local")
ENTER = r"""
set -e
room=$1; shift
mount -t tmpfs tmpfs "$room/layers"
for folder in "$@"; do
  mkdir -p "$room/layers/$folder/upper" "$room/layers/$folder/work"
  mount -t overlay overlay \
    -o "lowerdir=/$folder,upperdir=$room/layers/$folder/upper,workdir=$room/layers/$folder/work" "/$folder"
done
cd "$room/here"
exec /bin/sh -e
"""


def missing() -> str | None:
    """Why this cannot be had here, if it cannot."""
    if os.geteuid() != 0:
        return "installing on bare metal needs root"
    python = shutil.which("python3", path=PATH) or "/bin/false"
    command = [python, "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:  # noqa: S603  # our own words
        return "`apt-get install python3-venv`"
    return None


class Room:
    """A shell in it that is told what to do."""

    def __init__(self, process: asyncio.subprocess.Process, logs: Path) -> None:
        self._process = process
        self._logs = logs

    async def run(self, script: str, patience: float = 300) -> str:
        """Run commands as somebody who follows a page would, and stop at the first that fails; gives what they said.

        Raises:
            AssertionError: one failed.
        """
        shell, said = self._process.stdin, self._process.stdout
        assert shell is not None
        assert said is not None
        shell.write(f"{script}\necho {END}\n".encode())
        await shell.drain()
        lines: list[str] = []
        async with asyncio.timeout(patience):
            while (line := (await said.readline()).decode()) != f"{END}\n":
                assert line, f"a command failed: {''.join(lines[-40:])}{self.logs()}"  # the shell ends with it
                lines.append(line)
        return "".join(lines)

    def logs(self) -> str:
        """What the units said."""
        return "".join(f"\n== {path.name}\n{path.read_text()[-2000:]}" for path in sorted(self._logs.iterdir()))


@asynccontextmanager
async def room(folder: Path, files: list[Path]) -> AsyncIterator[Room]:
    """Enter it, with these files in the current folder."""
    for name in ("layers", "here", "logs", "bin"):
        (folder / name).mkdir()
    for file in files:
        shutil.copy(file, folder / "here")
    shutil.copy(STAND_IN, folder / "bin" / "systemctl")
    (folder / "bin" / "systemctl").chmod(0o755)
    private = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"]
    ours = {"PATH": f"{folder / 'bin'}:{PATH}", "STAND_IN_LOGS": str(folder / "logs")}
    process = await asyncio.create_subprocess_exec(
        "unshare",
        *private,
        *("/bin/sh", "-c", ENTER, "enter", str(folder), *FOLDERS),
        env=os.environ | ours,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Room(process, folder / "logs")
    finally:
        process.kill()
        await process.wait()
