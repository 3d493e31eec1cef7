"""Finds the invariants by their files; nothing keeps a second list of them."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping

from sidecar.invariants.drift import Drift, Finding
from sidecar.invariants.view import OrderView

Check = Callable[[OrderView], Iterator[Finding]]
"""Says what is wrong with an order; nothing if it keeps the invariant. Pure."""


def invariants() -> Mapping[str, Check]:
    """Every module of this package that has a `check`, by name."""
    package = importlib.import_module("sidecar.invariants")
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(package.__path__):
        check = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "check", None)
        if check is not None:
            found[module.name] = check
    return found


def drifts_of(view: OrderView) -> list[Drift]:
    """Everything that is wrong with an order, by the invariants' names."""
    return [Drift(view.order, name, finding) for name, check in sorted(invariants().items()) for finding in check(view)]
