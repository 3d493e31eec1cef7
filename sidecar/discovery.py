"""Finds the consumers by their name; nothing keeps a second list of them."""

import importlib
import pkgutil

from sidecar.consumer import Consumer


class UnknownConsumerError(Exception):
    """There is no consumer of that name; the message lists those that there are."""


def all_consumers() -> tuple[Consumer, ...]:
    """Every module in `consumers/` that declares a `CONSUMER`, by queue name."""
    package = importlib.import_module("consumers")
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        declared = getattr(importlib.import_module(f"consumers.{module.name}"), "CONSUMER", None)
        if isinstance(declared, Consumer):
            found.append(declared)
    return tuple(sorted(found, key=lambda consumer: consumer.queue))


def awaited_events() -> frozenset[str]:
    """The types of Stripe's events that any consumer needs, and so a webhook endpoint has to send."""
    return frozenset[str]().union(*(consumer.stripe_events for consumer in all_consumers()))


def consumers_named(names: tuple[str, ...]) -> tuple[Consumer, ...]:
    """Those named, or all when none is named; `stripe_events` and `stripe-events` are the same.

    Raises:
        UnknownConsumerError: one of the names is nobody's.
    """
    known = {consumer.queue: consumer for consumer in all_consumers()}
    wanted = [name.replace("_", "-") for name in names] or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UnknownConsumerError(f"there is no consumer {unknown[0]!r}; there are: {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(wanted))


def order_consumers() -> tuple[Consumer, ...]:
    """One consumer for each way to decide about an order: several queues may share one."""
    by_handle = {consumer.handle: consumer for consumer in all_consumers() if consumer.about == "order"}
    return tuple(by_handle.values())
