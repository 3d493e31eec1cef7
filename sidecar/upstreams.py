"""Which upstreams the settings name, and which of them a queue's messages may need together."""

from collections.abc import Mapping
from datetime import timedelta

from schemas.ids import Instance
from sidecar.breaker.circuit import CircuitName, magento_circuit, stripe_circuit
from sidecar.breaker.policy import BreakerPolicy
from sidecar.breaker.routes import Route, distinct
from sidecar.consumer import Consumer
from sidecar.errors import Upstream
from sidecar.settings.settings import Settings


def upstreams_of(settings: Settings) -> Mapping[CircuitName, Upstream]:
    """A circuit for each Stripe account and each Magento instance."""
    stripe: dict[CircuitName, Upstream] = {
        stripe_circuit(settings.stripe_ref(account)): "stripe" for account in settings.stripe
    }
    magento: dict[CircuitName, Upstream] = {_magento(name, settings): "magento" for name in settings.magento}
    return stripe | magento


def routes_of(consumer: Consumer, settings: Settings) -> tuple[Route, ...]:
    """One for each pair of account and instance that some store has, as far as the consumer asks them."""
    routes = []
    for rule in settings.stores:
        named: dict[Upstream, CircuitName] = {
            "stripe": stripe_circuit(settings.stripe_ref(rule.stripe)),
            "magento": _magento(rule.instance, settings),
        }
        routes.append(frozenset(name for upstream, name in named.items() if upstream in consumer.upstreams))
    return distinct(routes)


def breaker_policy(settings: Settings) -> BreakerPolicy:
    """When circuits open, as the operator says it. A probe may take as long as the longest call."""
    chosen = settings.circuits
    timeouts = [each.timeout for each in settings.stripe.values()] + [
        each.timeout for each in settings.magento.values()
    ]
    return BreakerPolicy(
        consecutive=chosen.consecutive,
        calls=chosen.calls,
        share=chosen.share,
        window=chosen.window,
        subjects=chosen.subjects,
        first_open=chosen.first_open,
        longest_open=chosen.longest_open,
        probe_patience=max(timeouts, default=timedelta(seconds=30)) * 1.5,
    )


def _magento(name: str, settings: Settings) -> CircuitName:
    return magento_circuit(Instance(name), settings.magento[name].adapter)
