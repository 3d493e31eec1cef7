"""Records spans while a process runs, where the settings name a collector."""

from contextlib import AbstractContextManager, nullcontext

from sidecar.cli.command import fail
from sidecar.observability.build_info import Role
from sidecar.settings.settings import Settings


def traced(settings: Settings, role: Role) -> AbstractContextManager[None]:
    """What to run the process in; exit code 2 where a collector is named and OpenTelemetry is not installed."""
    if settings.tracing.otlp_endpoint is None:
        return nullcontext()
    try:
        from sidecar.observability.otel import recording
    except ImportError:
        fail(
            "tracing.otlp_endpoint is set, but OpenTelemetry is not installed: "
            "install the extra, as in `pip install 'magento-stripe-sidecar[tracing]'`"
        )
    return recording(settings.tracing, role)
