"""The looks that `sidecar timers` takes, by the name of their timer."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from schemas.ids import Instance
from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
from sidecar.compose import OpenPorts
from sidecar.dead_letters.desk import Desk
from sidecar.discovery import all_consumers
from sidecar.observability.certificate_metrics import CertificateMetrics
from sidecar.observability.roles import TimersMetrics
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from sidecar.watch.certificates import bridge_targets, look_at_certificates, targets_of
from sidecar.watch.dead_letters import look_at_dead_letters
from sidecar.watch.outboxes import look_at_outbox
from sidecar.watch.queues import look_at_queues, watched

Job = Callable[[], Awaitable[object]]


def watching(settings: Settings, ports: OpenPorts, metrics: TimersMetrics) -> Mapping[str, Job]:
    """One job for the queues, one for dead letters, one for each instance's outbox, one for the certificates."""
    names, url = Names(settings.broker.prefix), settings.broker.url.get_secret_value()
    known = watched(all_consumers(), names)
    queues = [consumer.queue for consumer in all_consumers()]
    desk = Desk(AmqpDeadLetters(url, names, ports.publisher), ports.store, ports.clock)
    jobs: dict[str, Job] = {
        "queues": partial(look_at_queues, url, known, metrics.queues),
        "dead letters": partial(look_at_dead_letters, desk, queues, ports.store, ports.clock, metrics.dead_letters),
        "certificates": partial(_look_at_certificates, settings, ports, metrics.certificates),
    }
    for name in settings.magento:
        jobs[f"outbox {name}"] = partial(look_at_outbox, ports.magento[Instance(name)], metrics.outbox)
    return jobs


async def _look_at_certificates(settings: Settings, ports: OpenPorts, metrics: CertificateMetrics) -> object:
    targets = targets_of(settings) + await bridge_targets(list(ports.payments.values()))
    return await look_at_certificates(targets, metrics)
