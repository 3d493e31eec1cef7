"""What a breakage is, and how a part of the product is put out of its place."""

import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.chaos.plan import Back

IN_EFFECT = "breakage in effect: "
"""Begins the line that a process writes to its log when it first does the wrong thing."""

Deed = Callable[..., Any]


class BreakageError(Exception):
    """What was to be broken is not there any more, or not of that form: the breakage would break nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """One rule of the product, broken on purpose.

    Attributes:
        what: is done instead of what is right, in a few words.
        caught_by: the oracle's rules of which at least one has to name it; none if it should harm nobody.
        why_harmless: which other rule holds the line then.
        kinds: the orders that show it, of `plan.ORDERS`.
        backs: what goes back of them.
        faults: what has to go wrong for it to show, of `plan.FAULTS`.
        replicas: of the consumers and of the bridge that it takes.
        break_it: does it, in this process.
    """

    name: str
    what: str
    caught_by: frozenset[str]
    break_it: Callable[[], None]
    kinds: Sequence[str] = ("card",)
    backs: Sequence[tuple[Back, ...]] = ((),)
    faults: Sequence[str] = ()
    replicas: int = 1
    why_harmless: str = ""


def in_effect(what: str) -> None:
    """Say in the log that something is done wrongly now."""
    os.write(2, f"{IN_EFFECT}{what}\n".encode())


def put_in_place(owner: type | ModuleType, name: str, new: Deed, *, tells: bool = True) -> None:
    """Let a class or a module have another method or function of this name.

    Args:
        owner: whose it is.
        name: of the method or function.
        new: what is called instead.
        tells: whether its first call is the wrong deed; otherwise it says so itself, with `in_effect`.

    Raises:
        BreakageError: it has none of its own, or one with another signature.
    """
    old = vars(owner).get(name)
    if old is None:
        raise BreakageError(f"{owner.__name__} has no {name} of its own")
    if isinstance(old, property):
        setattr(owner, name, property(_telling(old.fget, new, tells=tells)))
    else:
        setattr(owner, name, _telling(old, new, tells=tells))


def put_everywhere(module: str, name: str, new: Deed) -> None:
    """Let every module that has this function, under whatever name it imported it, have another.

    Whoever imports it later gets the other one too, from its own module.

    Raises:
        BreakageError: there is no such function, or one with another signature.
    """
    old = vars(importlib.import_module(module)).get(name)
    if old is None:
        raise BreakageError(f"{module} has no {name}")
    told = _telling(old, new, tells=True)
    for each in [each for each in list(sys.modules.values()) if _is_of_the_product(each)]:
        for known_as in [known_as for known_as, value in vars(each).items() if value is old]:
            setattr(each, known_as, told)


def _is_of_the_product(module: object) -> bool:
    return isinstance(module, ModuleType) and module.__name__.split(".")[0] in {"schemas", "sidecar", "consumers"}


def _telling(old: Deed | None, new: Deed, *, tells: bool) -> Deed:
    """The new one; it writes a line into the log at its first call, so that one sees that it was called at all."""
    if old is None or _form(old) != _form(new):
        raise BreakageError(f"{new.__qualname__}{_form(new)} cannot stand for {old}{_form(old) if old else ''}")
    told = not tells

    @functools.wraps(new)
    def telling(*given: object, **named: object) -> Any:  # whatever it is
        nonlocal told
        if not told:
            told = True
            in_effect(new.__qualname__)
        return new(*given, **named)

    return telling


def _form(deed: Deed) -> tuple[object, ...]:
    parameters = inspect.signature(deed).parameters.values()
    return (inspect.iscoroutinefunction(inspect.unwrap(deed)), *((each.name, each.kind) for each in parameters))
