"""The looks that `sidecar timers` takes, by the name of their timer."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from schemas.ids import Instance
from sidecar.compose import OpenPorts
from sidecar.discovery import all_consumers
from sidecar.observability.certificate_metrics import CertificateMetrics
from sidecar.observability.roles import TimersMetrics
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from sidecar.watch.certificates import bridge_targets, look_at_certificates, targets_of
from sidecar.watch.outboxes import look_at_outbox
from sidecar.watch.queues import look_at_queues, watched

Job = Callable[[], Awaitable[object]]


def watching(settings: Settings, ports: OpenPorts, metrics: TimersMetrics) -> Mapping[str, Job]:
    """One job for the queues, one for each instance's outbox, one for the certificates."""
    known = watched(all_consumers(), Names(settings.broker.prefix))
    jobs: dict[str, Job] = {
        "queues": partial(look_at_queues, settings.broker.url.get_secret_value(), known, metrics.queues),
        "certificates": partial(_look_at_certificates, settings, ports, metrics.certificates),
    }
    for name in settings.magento:
        jobs[f"outbox {name}"] = partial(look_at_outbox, ports.magento[Instance(name)], metrics.outbox)
    return jobs


async def _look_at_certificates(settings: Settings, ports: OpenPorts, metrics: CertificateMetrics) -> object:
    targets = targets_of(settings) + await bridge_targets(list(ports.payments.values()))
    return await look_at_certificates(targets, metrics)
