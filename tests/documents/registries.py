"""What each process measures, read from the metrics themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric

from sidecar.observability import roles

Role = Literal["run", "bridge", "timers"]
REGISTERED: dict[Role, Callable[[CollectorRegistry], object]] = {
    "run": roles.RunMetrics,
    "bridge": roles.BridgeRoleMetrics,
    "timers": roles.TimersMetrics,
}


@dataclass(frozen=True, slots=True)
class Described:
    """One metric.

    Attributes:
        name: as it is queried; a counter's with `_total`.
        buckets: a histogram's upper bounds, without the last one.
        roles: which processes show it.
    """

    name: str
    type: str
    help: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...]
    roles: tuple[Role, ...]


@cache
def described() -> tuple[Described, ...]:
    """Every metric, by name."""
    found: dict[str, Described] = {}
    for role, register in REGISTERED.items():
        registry = CollectorRegistry()
        register(registry)
        for family in _families(registry):
            labels = tuple(family._labelnames)  # type: ignore[attr-defined]  # noqa: SLF001  # a family's own
            name = f"{family.name}_total" if family.type == "counter" else family.name
            before = found[name].roles if name in found else ()
            found[name] = Described(name, family.type, family.documentation, labels, (), (*before, role))
        for metric in _wrappers(registry):
            name = f"{metric._name}_total" if metric._type == "counter" else metric._name  # noqa: SLF001  # no other way
            before = found[name].roles if name in found else ()
            found[name] = Described(
                name,
                metric._type or "",  # noqa: SLF001
                metric._documentation,  # noqa: SLF001
                tuple(metric._labelnames),  # noqa: SLF001
                _buckets(metric),
                (*before, role),
            )
    return tuple(found[name] for name in sorted(found))


def _wrappers(registry: CollectorRegistry) -> list[MetricWrapperBase]:
    collectors = registry._collector_to_names  # noqa: SLF001  # a registry lists what it holds nowhere else
    return [each for each in collectors if isinstance(each, MetricWrapperBase)]


def _families(registry: CollectorRegistry) -> list[Metric]:
    """What is made when it is asked for."""
    collectors = registry._collector_to_names  # noqa: SLF001
    return [family for each in collectors if not isinstance(each, MetricWrapperBase) for family in each.collect()]


def _buckets(metric: MetricWrapperBase) -> tuple[float, ...]:
    if not isinstance(metric, Histogram):
        return ()
    return tuple(bound for bound in metric._kwargs["buckets"] if bound != float("inf"))  # noqa: SLF001
