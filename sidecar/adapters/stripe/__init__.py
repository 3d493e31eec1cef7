"""Stripe behind the port `sidecar.ports.payments`: one file per noun, one place that sends, one that reads errors."""

from sidecar.optional_imports import without

with without("requests", "pycurl"):  # for calls that are not asynchronous; we make none
    import stripe as stripe
