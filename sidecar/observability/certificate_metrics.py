"""Prometheus metrics of TLS certificates."""

from prometheus_client import CollectorRegistry, Gauge


class CertificateMetrics:
    """On a registry of their own. `target` is a name from the settings: `bridge main`, `magento shop`, `broker`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.not_after = Gauge(
            "sidecar_certificate_not_after_timestamp_seconds",
            "When the certificate that an address shows ends.",
            ["target"],
            registry=registry,
        )
        self.trusted = Gauge(
            "sidecar_certificate_trusted",
            "1 if its chain and its name are accepted here, by the public authorities.",
            ["target"],
            registry=registry,
        )
