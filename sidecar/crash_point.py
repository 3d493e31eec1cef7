"""Places where a test may kill the process, to see that nothing is lost there."""

import os
import signal

VARIABLE = "SIDECAR_CRASH_AT"
"""`NAME` or `NAME:N`: die at the N-th pass of that place. Only tests set it."""

_name, _, _count = os.environ.get(VARIABLE, "").partition(":")
_left = int(_count or 1)


def crash_point(name: str) -> None:
    """Kill this process, as a power cut would, if a test asked for it here; else do nothing."""
    global _left  # noqa: PLW0603  # one process, one death
    if name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
