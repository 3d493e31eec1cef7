"""Runs a command in an image's files as a strict container runtime would."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.installed.buildah import ImageConfig

# The root file system is read-only, /tmp is in memory, and no shell can be started.
ENTER = r"""
set -e
root=$1 user=$2; shift 2
image_path=$PATH; PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind /dev "$root/dev"
for shell in sh bash dash; do
  if [ -e "$root/usr/bin/$shell" ]; then mount --bind /dev/null "$root/$(readlink -f "/usr/bin/$shell")"; fi
done
chroot=$(command -v chroot)
PATH=$image_path exec "$chroot" --userspec="$user" "$root" "$@"
"""


@dataclass(frozen=True, slots=True)
class Box:
    """An image's files with its settings."""

    root: Path
    config: ImageConfig

    def command(self, *arguments: str, entrypoint: tuple[str, ...] | None = None) -> list[str]:
        """How to run the image with these arguments."""
        start = self.config.Entrypoint if entrypoint is None else entrypoint
        enter = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", ENTER, "enter"]
        return [*enter, str(self.root), self.config.User, *start, *arguments]

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The image's variables, with these on top."""
        return dict(each.split("=", 1) for each in self.config.Env) | dict(variables)

    def run(
        self,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
        entrypoint: tuple[str, ...] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(  # noqa: S603  # our own words
            self.command(*arguments, entrypoint=entrypoint),
            env=self.environment(variables or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )

    @contextmanager
    def running(self, *arguments: str, variables: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
        """Run it beside the block; it is asked to end after it, and has to end well."""
        process = subprocess.Popen(  # noqa: S603  # our own words
            self.command(*arguments),
            env=self.environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=40)
