"""Webhooks, the look-back, certificates, and what runs."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from tests.monitoring.dashboards.panels import HERE, ORANGE, RED, Query, board, graph, number, quantiles, rate, rows


def bridge() -> Dashboard:
    """How Stripe's events come in."""
    last = f"max by (account) (sidecar_bridge_last_event_timestamp_seconds{{{HERE}}})"
    newest = f"max by (account) (sidecar_catch_up_newest_event_timestamp_seconds{{{HERE}}})"
    left = f"min by (target) (sidecar_certificate_not_after_timestamp_seconds{{{HERE}}}) - time()"
    return (
        board(
            "sidecar-bridge", "Sidecar / Bridge", "Webhooks, the look-back that finds those that never came, and TLS."
        )
        .with_row(Row("Now"))
        .with_panel(number("Since the last webhook", Query(f"time() - {last}", "{{account}}"), unit="s", span=8))
        .with_panel(
            number(
                "Webhooks behind Stripe's own list",
                Query(f"clamp_min({newest} - {last}, 0)", "{{account}}"),
                unit="s",
                bad={60: ORANGE, 600: RED},
                span=8,
                about="0 when nothing has happened in Stripe since the last one. WebhookSilence begins at ten minutes.",
            )
        )
        .with_panel(
            number(
                "First certificate to end",
                Query(f"min({left})"),
                unit="s",
                span=8,
                about="CertificateExpiry begins three weeks before.",
            )
        )
        .with_row(Row("Webhooks"))
        .with_panel(
            graph(
                "Answers",
                rate("sidecar_bridge_requests_total", "account, status", "{{account}} {{status}}"),
                unit="reqps",
                stacked=True,
            )
        )
        .with_panel(
            graph(
                "From a valid event to the broker's answer",
                *quantiles("sidecar_bridge_request_duration_seconds", "", "", (0.5, 0.95, 0.99)),
                unit="s",
            )
        )
        .with_panel(
            graph(
                "Signatures refused",
                rate("sidecar_bridge_signature_failures_total", "account, reason", "{{account}} {{reason}}", per="min"),
                stacked=True,
                about="`missing` is strangers; `mismatch` a wrong secret or a forger; `expired` a clock or a replay.",
            )
        )
        .with_row(Row("The look-back"))
        .with_panel(
            graph(
                "Events listed and missed, an hour",
                rate("sidecar_catch_up_listed_events_total", "account, mode", "{{account}}/{{mode}} listed", per="h"),
                rate("sidecar_catch_up_missed_events_total", "account, mode", "{{account}}/{{mode}} not done", per="h"),
                rate(
                    "sidecar_catch_up_published_events_total", "account, mode", "{{account}}/{{mode}} fed in", per="h"
                ),
                about="A few that are not done are those of the last seconds, on their way.",
            )
        )
        .with_panel(
            graph(
                "How far behind it is",
                Query(
                    f"time() - max by (account, mode) (sidecar_catch_up_cursor_timestamp_seconds{{{HERE}}})",
                    "{{account}}/{{mode}}",
                ),
                unit="s",
                line_at=3600,
            )
        )
        .with_panel(
            graph(
                "Not readable, gaps",
                rate("sidecar_catch_up_unreadable_events_total", "account", "{{account}} unreadable", per="h"),
                rate("sidecar_catch_up_gaps_total", "account", "{{account}} gaps", per="h"),
            )
        )
        .with_row(Row("Certificates and processes"))
        .with_panel(
            rows(
                "Certificates, seconds left",
                Query(left),
                unit="s",
                about="Databases are not looked at.",
            )
        )
        .with_panel(
            rows(
                "What runs",
                Query(f"count by (role, version, python) (sidecar_build_info{{{HERE}}})"),
            )
        )
        .with_panel(
            graph(
                "Timers, runs an hour",
                rate("sidecar_timer_runs_total", "timer, result", "{{timer}} {{result}}", per="h"),
            )
        )
    )
