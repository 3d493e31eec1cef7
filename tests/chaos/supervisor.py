"""Keeps a process of the sidecar alive, as Kubernetes does, whatever is done to it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

AGAIN_AFTER = 0.2
"""Seconds between a death and the next life."""

STOP_PATIENCE = 20


class Supervised:
    """One replica of one role: `async with Supervised(…)` starts it, and ends it after the block.

    Attributes:
        name: of the replica; its log is `<name>.log`.
        url: where it answers `/readyz` and `/metrics`, if it does.
        deaths: how often it died.
    """

    def __init__(
        self, name: str, arguments: list[str], environment: Mapping[str, str], folder: Path, url: str | None = None
    ) -> None:
        self.name = name
        self.url = url
        self.deaths = 0
        self._arguments = arguments
        self._environment = environment
        self._log = folder / f"{name}.log"
        self._crash_at: str | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._ending = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_alive())
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._ending = True
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        if self._task is not None:
            try:
                async with asyncio.timeout(STOP_PATIENCE):
                    await asyncio.shield(self._task)
            except TimeoutError:
                self.send(signal.SIGKILL)
                await self._task

    def send(self, what: signal.Signals) -> None:
        """Send a signal to the life that it has now, if it has one."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(what)

    def kill(self) -> None:
        """End it as a power cut does; it lives again soon."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)

    def kill_at(self, point: str) -> None:
        """End it now, and its next life at this place of the code."""
        self._crash_at = point
        self.kill()

    async def _keep_alive(self) -> None:
        while not self._ending:
            crash = {} if self._crash_at is None else {"SIDECAR_CRASH_AT": self._crash_at}
            self._crash_at = None
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "tests.chaos.process",
                    *self._arguments,
                    env=os.environ | dict(self._environment) | crash,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            await self._process.wait()
            if not self._ending:
                self.deaths += 1
                await asyncio.sleep(AGAIN_AFTER)
