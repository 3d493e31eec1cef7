"""Spans to an OpenTelemetry collector, over OTLP/HTTP. Needs the extra `tracing`; nothing else imports this.

Whether a trace is kept is decided by its id, so that every process decides alike, whoever began it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Link, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sidecar.observability.build_info import DISTRIBUTION, Role
from sidecar.observability.tracing import Kind, Span, Value, installed
from sidecar.settings.sections import Tracing

KINDS: Mapping[Kind, SpanKind] = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "internal": SpanKind.INTERNAL,
}
_PROPAGATOR = TraceContextTextMapPropagator()


class _OtelSpan:
    """`sidecar.observability.tracing.Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def trace_id(self) -> str:
        """As W3C writes it."""
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    @property
    def traceparent(self) -> str:
        """With this span as the parent."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, trace.set_span_in_context(self._span))
        return carrier["traceparent"]

    def note(self, **attributes: Value) -> None:
        """Add attributes."""
        self._span.set_attributes(_dotted(attributes))

    def failed(self, code: str) -> None:
        """Status `Error`."""
        self._span.set_status(StatusCode.ERROR, code)
        self._span.set_attribute("error.type", code)

    def link(self, trace_id: str) -> None:
        """To a trace of which no span is known: the id of one is made up, and nothing has to be found under it."""
        number = int(trace_id, 16)
        context = SpanContext(number, number & (2**64 - 1) or 1, is_remote=True, trace_flags=TraceFlags(1))
        self._span.add_link(Link(context).context)


class OtelTracer:
    """`sidecar.observability.tracing.Tracer`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("sidecar", version(DISTRIBUTION))

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None, attributes: Mapping[str, Value]) -> Iterator[Span]:
        """Open it in this task's context."""
        context = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            context,
            KINDS[kind],
            _dotted(attributes),
            # What an exception says may quote a value: its type is enough, the log has the rest.
            record_exception=False,
            set_status_on_exception=False,
        ) as opened:
            span = _OtelSpan(opened)
            try:
                yield span
            except Exception as error:
                code = getattr(error, "code", None)
                span.failed(code if isinstance(code, str) else type(error).__name__)
                raise

    def passed(self, name: str, parent: str, since: datetime, until: datetime, attributes: Mapping[str, Value]) -> None:
        """With the times that it is given."""
        context = _PROPAGATOR.extract({"traceparent": parent})
        begun = self._tracer.start_span(name, context, attributes=_dotted(attributes), start_time=_nanoseconds(since))
        begun.end(_nanoseconds(max(since, until)))

    def traceparent(self) -> str | None:
        """Of the span that is open in this task."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get("traceparent")


@contextmanager
def recording(options: Tracing, role: Role, exporter: SpanExporter | None = None) -> Iterator[None]:
    """Record for as long as the block runs; what is left is sent at its end.

    Args:
        options: where to, and how much.
        role: which process this is.
        exporter: another one than OTLP, for tests.
    """
    resource = Resource.create({"service.name": f"sidecar-{role}", "service.version": version(DISTRIBUTION)})
    provider = TracerProvider(TraceIdRatioBased(options.sample_ratio), resource)
    provider.add_span_processor(BatchSpanProcessor(exporter or _otlp(options)))
    try:
        with installed(OtelTracer(provider)):
            yield
    finally:
        provider.shutdown()


def _otlp(options: Tracing) -> SpanExporter:
    address = (options.otlp_endpoint or "").rstrip("/")
    headers = options.otlp_headers.get_secret_value() if options.otlp_headers else ""
    pairs = (pair.partition("=") for pair in headers.split(",") if pair.strip())
    return OTLPSpanExporter(
        endpoint=f"{address}/v1/traces", headers={name.strip(): value.strip() for name, _, value in pairs}
    )


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1_000


def _dotted(attributes: Mapping[str, Value]) -> dict[str, Value]:
    return {name.replace("__", "."): value for name, value in attributes.items()}
