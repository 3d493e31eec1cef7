"""Stripe behind the port `sidecar.ports.payments`: one file per noun, one place that sends, one that reads errors."""
