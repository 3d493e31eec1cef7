"""The machinery: runtime, effects, ports and their adapters."""

from sidecar.optional_imports import without

with without("rich"):  # for tracebacks on a terminal; ours are JSON
    import structlog as structlog
