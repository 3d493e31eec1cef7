"""What each process measures. Nothing measures beside these, so that the reference is whole."""

from prometheus_client import CollectorRegistry, disable_created_metrics

from sidecar.bridge.metrics import BridgeMetrics
from sidecar.intake.inlet import Inlet
from sidecar.observability.build_info import register_build_info
from sidecar.observability.catch_up_metrics import CatchUpMetrics
from sidecar.observability.certificate_metrics import CertificateMetrics
from sidecar.observability.circuit_metrics import CircuitMetrics
from sidecar.observability.dead_letter_metrics import DeadLetterMetrics
from sidecar.observability.drift_metrics import DriftMetrics
from sidecar.observability.intake_metrics import IntakeMetrics
from sidecar.observability.magento_metrics import MagentoMetrics
from sidecar.observability.metrics import Metrics
from sidecar.observability.outbox_metrics import OutboxMetrics
from sidecar.observability.queue_metrics import QueueMetrics
from sidecar.observability.store_metrics import StoreMetrics
from sidecar.observability.stripe_metrics import StripeMetrics
from sidecar.observability.timer_metrics import TimerMetrics

# A series beside each counter that says when it began: nobody reads it, and every one costs as much as the counter.
disable_created_metrics()  # type: ignore[no-untyped-call]


class RunMetrics:
    """`sidecar run`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        register_build_info(registry, "run")
        self.messages = Metrics(registry)
        self.circuits = CircuitMetrics(registry)
        self.inlets: dict[str, Inlet] = {}
        self.intake = IntakeMetrics(registry)
        self.stripe = StripeMetrics(registry)
        self.magento = MagentoMetrics(registry)


class BridgeRoleMetrics:
    """`sidecar bridge`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        register_build_info(registry, "bridge")
        self.bridge = BridgeMetrics(registry)


class TimersMetrics:
    """`sidecar timers`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        register_build_info(registry, "timers")
        self.timers = TimerMetrics(registry)
        self.catch_up = CatchUpMetrics(registry)
        self.queues = QueueMetrics(registry)
        self.dead_letters = DeadLetterMetrics(registry)
        self.outbox = OutboxMetrics(registry)
        self.certificates = CertificateMetrics(registry)
        self.drift = DriftMetrics(registry)
        self.store = StoreMetrics(registry)
        self.effects = Metrics(registry)
        self.stripe = StripeMetrics(registry)
        self.magento = MagentoMetrics(registry)
