"""Queues, upstreams, the broker."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from tests.monitoring.dashboards.panels import HERE, ORANGE, RED, Query, board, graph, number, quantiles, rate


def _waiting(kind: str) -> Query:
    return Query(f'max by (queue) (sidecar_queue_messages{{{HERE}, kind="{kind}"}})', "{{queue}}")


def _now(kind: str) -> Query:
    return Query(f'sum(max by (queue) (sidecar_queue_messages{{{HERE}, kind="{kind}"}}))')


def pipeline() -> Dashboard:
    """Where messages are, and what holds them up."""
    return (
        board("sidecar-pipeline", "Sidecar / Pipeline", "Messages from the outbox to their end, and the upstreams.")
        .with_row(Row("Now"))
        .with_panel(number("Waiting", _now("work")))
        .with_panel(number("On the ladder", _now("retry"), bad={1: ORANGE}))
        .with_panel(number("Parked", _now("dead_letter"), bad={1: RED}))
        .with_panel(
            number(
                "Queues without a consumer",
                Query(f"sum(max by (queue) (sidecar_queue_consumers{{{HERE}}}) == bool 0)"),
                bad={1: RED},
            )
        )
        .with_panel(
            number(
                "Circuits open",
                Query(f'sum(min by (circuit) (sidecar_circuit_state{{{HERE}, state="closed"}}) == bool 0)'),
                bad={1: RED},
            )
        )
        .with_panel(
            number(
                "Oldest in Magento's outbox",
                Query(f"max(sidecar_outbox_oldest_pending_seconds{{{HERE}}})"),
                unit="s",
                bad={60: ORANGE, 300: RED},
            )
        )
        .with_row(Row("Queues"))
        .with_panel(graph("Waiting, by queue", _waiting("work")))
        .with_panel(graph("On the ladder, by rung", _waiting("retry"), stacked=True))
        .with_panel(graph("Consumers", Query(f"max by (queue) (sidecar_queue_consumers{{{HERE}}})", "{{queue}}")))
        .with_row(Row("Messages"))
        .with_panel(
            graph("Settled", rate("sidecar_messages_total", "outcome", "{{outcome}}"), unit="ops", stacked=True)
        )
        .with_panel(
            graph(
                "Handling",
                *quantiles("sidecar_message_duration_seconds", "queue", "{{queue}}"),
                unit="s",
                exemplars=True,
            )
        )
        .with_panel(
            graph(
                "Age when taken in hand",
                *quantiles("sidecar_message_age_seconds", "queue", "{{queue}}"),
                unit="s",
                line_at=900,
                about="From the event to the message in hand: outbox, queue, ladder. OldMessages begins at the line.",
            )
        )
        .with_panel(
            graph("Retries, by reason", rate("sidecar_retries_total", "reason", "{{reason}}", per="min"), stacked=True)
        )
        .with_panel(
            graph(
                "In hand",
                Query(f"sum by (queue) (sidecar_messages_in_flight{{{HERE}}})", "{{queue}}"),
                about="Up to `runtime.prefetch` for each process and queue.",
            )
        )
        .with_panel(
            graph(
                "Events that were done already",
                rate("sidecar_inbox_hits_total", "queue", "{{queue}}", per="min"),
                about="Duplicates, which are meant to come.",
            )
        )
        .with_row(Row("Circuits"))
        .with_panel(
            graph(
                "Not closed",
                Query(
                    f'max by (circuit, state) (sidecar_circuit_state{{{HERE}, state!="closed"}})',
                    "{{circuit}} {{state}}",
                ),
                about="An upstream that is down is left alone and probed.",
            )
        )
        .with_panel(
            graph(
                "Opened, by reason",
                rate("sidecar_circuit_opened_total", "circuit, reason", "{{circuit}} {{reason}}", per="h"),
            )
        )
        .with_panel(
            graph(
                "Taken from queues",
                Query(f"min by (queue) (sidecar_intake{{{HERE}}})", "{{queue}}"),
                about="2: messages; 1: one at a time, to probe an upstream; 0: none.",
            )
        )
        .with_panel(
            graph(
                "May be in hand",
                Query(f"sum by (queue) (sidecar_intake_window{{{HERE}}})", "{{queue}}"),
                about="Fitted to how fast the work goes, up to `runtime.prefetch` for each process.",
            )
        )
        .with_panel(
            graph(
                "Wait in hand for their turn", Query(f"sum by (queue) (sidecar_intake_waiting{{{HERE}}})", "{{queue}}")
            )
        )
        .with_panel(
            graph("Set aside for others' sake", rate("sidecar_intake_set_aside_total", "queue", "{{queue}}", per="min"))
        )
        .with_row(Row("Effects"))
        .with_panel(
            graph(
                "How long they take, p95",
                *quantiles("sidecar_effect_duration_seconds", "effect", "{{effect}}", (0.95,)),
                unit="s",
                exemplars=True,
                span=12,
            )
        )
        .with_panel(
            graph(
                "Refused and failed, by code",
                rate("sidecar_upstream_errors_total", "upstream, code", "{{upstream}} {{code}}", per="min"),
                stacked=True,
                span=12,
            )
        )
        .with_row(Row("Stripe"))
        .with_panel(
            graph(
                "Calls, by operation",
                rate("sidecar_stripe_requests_total", "operation", "{{operation}}"),
                unit="reqps",
                line_at=25,
                about="Stripe allows each endpoint 25 a second unless it was raised.",
            )
        )
        .with_panel(
            graph(
                "How long they take, p95",
                *quantiles("sidecar_stripe_request_duration_seconds", "operation", "{{operation}}", (0.95,)),
                unit="s",
                exemplars=True,
            )
        )
        .with_panel(
            graph(
                "Not ok, by code",
                rate("sidecar_stripe_requests_total", "code", "{{code}}", 'code!="ok"', per="min"),
                stacked=True,
            )
        )
        .with_panel(
            graph(
                "Waiting for a turn, p95",
                *quantiles("sidecar_limiter_wait_seconds", "account, mode", "{{account}}/{{mode}}", (0.95,)),
                unit="s",
                line_at=5,
                span=12,
            )
        )
        .with_panel(
            graph(
                "Refused as too many",
                rate(
                    "sidecar_stripe_throttled_total",
                    "account, mode, reason",
                    "{{account}}/{{mode}} {{reason}}",
                    per="min",
                ),
                span=12,
            )
        )
        .with_row(Row("Magento"))
        .with_panel(
            graph(
                "Calls, by operation",
                rate("sidecar_magento_requests_total", "magento, operation", "{{magento}} {{operation}}"),
                unit="reqps",
            )
        )
        .with_panel(
            graph(
                "How long they take, p95",
                *quantiles("sidecar_magento_request_duration_seconds", "operation", "{{operation}}", (0.95,)),
                unit="s",
                exemplars=True,
            )
        )
        .with_panel(
            graph(
                "Not ok, by code",
                rate(
                    "sidecar_magento_requests_total", "magento, code", "{{magento}} {{code}}", 'code!="ok"', per="min"
                ),
                stacked=True,
            )
        )
        .with_panel(
            graph(
                "Outbox",
                Query(f"max by (magento) (sidecar_outbox_pending_events{{{HERE}}})", "{{magento}} pending"),
                Query(f"max by (magento) (sidecar_outbox_parked_events{{{HERE}}})", "{{magento}} parked"),
                span=12,
            )
        )
        .with_panel(
            graph(
                "Oldest event in the outbox",
                Query(f"max by (magento) (sidecar_outbox_oldest_pending_seconds{{{HERE}}})", "{{magento}}"),
                unit="s",
                line_at=300,
                span=12,
            )
        )
        .with_row(Row("RabbitMQ"))
        .with_panel(
            graph(
                "Messages",
                Query("sum(rate(rabbitmq_global_messages_received_total[$__rate_interval]))", "published"),
                Query("sum(rate(rabbitmq_global_messages_delivered_total[$__rate_interval]))", "delivered"),
                Query("sum(rate(rabbitmq_global_messages_unroutable_returned_total[$__rate_interval]))", "not routed"),
                unit="ops",
                about="Of the whole broker, other applications included.",
            )
        )
        .with_panel(
            graph(
                "Memory and disk",
                Query("max(rabbitmq_process_resident_memory_bytes)", "memory"),
                Query("min(rabbitmq_resident_memory_limit_bytes)", "memory at which it blocks"),
                Query("min(rabbitmq_disk_space_available_bytes)", "disk free"),
                unit="bytes",
            )
        )
        .with_panel(
            graph(
                "Connections",
                Query("sum(rabbitmq_connections)", "connections"),
                Query("sum(rabbitmq_channels)", "channels"),
            )
        )
    )
