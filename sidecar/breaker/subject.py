"""Whom the calls of this task are made for, so that a breaker can tell one poisoned order from an outage."""

from contextvars import ContextVar
from typing import Final

CURRENT: Final[ContextVar[str]] = ContextVar("subject of the calls", default="")
