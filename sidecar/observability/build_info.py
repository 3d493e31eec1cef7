"""Which release runs, as a metric that others can be joined with."""

import platform
from importlib.metadata import version
from typing import Literal

from prometheus_client import CollectorRegistry, Gauge

DISTRIBUTION = "magento-stripe-sidecar"

Role = Literal["run", "bridge", "timers"]
"""The command that a process was started with."""


def register_build_info(registry: CollectorRegistry, role: Role) -> None:
    """Show `sidecar_build_info`, which is always 1."""
    Gauge(
        "sidecar_build_info",
        "The release that runs; always 1.",
        ["version", "python", "role"],
        registry=registry,
    ).labels(version(DISTRIBUTION), platform.python_version(), role).set(1)
