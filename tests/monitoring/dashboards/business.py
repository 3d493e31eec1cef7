"""Orders and money."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row, TextBoxVariable

from tests.monitoring.dashboards.panels import HERE, ORANGE, RED, Query, board, graph, number, quantiles, rate, words

PLACED = 'type="magento.order.placed.v1", outcome=~"done|park"'
PAID = 'effect=~"RecordCapture|AcceptWithoutPayment", result="done"'
EXPONENT = f"10 ^ max by (currency) (sidecar_currency_exponent{{{HERE}}})"
WITHIN = 'le="60.0"'

ORDER = """\
```
sidecar order show ${order}
```

shows the order in Magento, in Stripe and here, with everything that was done for it and the trace of each step. Write
its increment id, or `instance/entity_id`, into the field *Order* above.
[In Stripe](https://dashboard.stripe.com/search?query=${order:percentencode}), which finds the increment id in the
payment's metadata.
"""


def _over_time(metric: str, where: str = "") -> Query:
    selector = f"{HERE}, {where}" if where else HERE
    return Query(f"sum(increase({metric}{{{selector}}}[$__range]))")


def _money(metric: str) -> Query:
    moved = f"sum by (currency) (increase({metric}{{{HERE}}}[$__range]))"
    return Query(f"{moved} / on (currency) ({EXPONENT})", "{{currency}}")


def _money_an_hour(metric: str) -> Query:
    moved = f"sum by (currency) (rate({metric}{{{HERE}}}[$__rate_interval])) * 3600"
    return Query(f"{moved} / on (currency) ({EXPONENT})", "{{currency}}")


def business() -> Dashboard:
    """What the merchant asks: is it being paid?"""
    count, bucket = "sidecar_payment_to_paid_seconds_count", "sidecar_payment_to_paid_seconds_bucket"
    late = f"sum(increase({count}{{{HERE}}}[30d])) - sum(increase({bucket}{{{HERE}, {WITHIN}}}[30d]))"
    published = "sidecar_events_published_total"
    return (
        board("sidecar-business", "Sidecar / Business", "Orders, payments, refunds, and how long they take.")
        .with_variable(TextBoxVariable("order").label("Order").default_value("000000042"))
        .with_row(Row("In the time that is shown"))
        .with_panel(number("Orders placed", _over_time("sidecar_messages_total", PLACED)))
        .with_panel(
            number(
                "Orders paid", _over_time("sidecar_effects_total", PAID), about="Also those of an earlier placement."
            )
        )
        .with_panel(
            number(
                "Failed attempts",
                _over_time("sidecar_payment_failures_total"),
                about="Declined cards and the like; the order may still be paid.",
            )
        )
        .with_panel(number("Refunds", _over_time(published, 'type="commerce.payment.refunded.v1"')))
        .with_panel(
            number(
                "Refunds that failed",
                _over_time(published, 'type="commerce.refund.failed.v1"'),
                bad={1: RED},
                about="Money that was to go back and did not: somebody has to act.",
            )
        )
        .with_panel(
            number(
                "Orders held",
                _over_time(published, 'type="commerce.payment.held.v1"'),
                bad={1: ORANGE},
                about="Money and order disagree; a person has to look.",
            )
        )
        .with_row(Row("Orders"))
        .with_panel(
            graph(
                "Orders an hour",
                Query(f"sum(rate(sidecar_messages_total{{{HERE}, {PLACED}}}[$__rate_interval])) * 3600", "placed"),
                Query(f"sum(rate(sidecar_effects_total{{{HERE}, {PAID}}}[$__rate_interval])) * 3600", "paid"),
                Query(
                    f'sum(rate({published}{{{HERE}, type="commerce.payment.canceled.v1"}}[$__rate_interval])) * 3600',
                    "not paid any more",
                ),
                span=12,
            )
        )
        .with_panel(
            graph(
                "Failed attempts an hour, by reason",
                rate("sidecar_payment_failures_total", "code", "{{code}}", per="h"),
                stacked=True,
                span=12,
                about="Stripe's decline code, or its error code: docs.stripe.com/declines/codes.",
            )
        )
        .with_row(Row("Money"))
        .with_panel(number("Captured", _money("sidecar_money_captured_minor_units_total"), decimals=2, span=6))
        .with_panel(number("Given back", _money("sidecar_money_refunded_minor_units_total"), decimals=2, span=6))
        .with_panel(graph("Captured an hour", _money_an_hour("sidecar_money_captured_minor_units_total"), span=6))
        .with_panel(graph("Given back an hour", _money_an_hour("sidecar_money_refunded_minor_units_total"), span=6))
        .with_row(Row("Time to paid"))
        .with_panel(
            graph(
                "From the payment's event to paid in Magento",
                *quantiles("sidecar_payment_to_paid_seconds", "", "", (0.5, 0.95, 0.99)),
                unit="s",
                exemplars=True,
                line_at=60,
                about="The sidecar's own time. The line is what is promised for 99 of 100.",
            )
        )
        .with_panel(
            graph(
                "From the order placed to paid in Magento",
                *quantiles("sidecar_order_to_paid_seconds", "", "", (0.5, 0.95)),
                unit="s",
                exemplars=True,
                about="With the shopper's own time: 3-D Secure, a hosted page, a mail read tomorrow.",
            )
        )
        .with_panel(
            number(
                "Recorded within a minute",
                Query(
                    f"sum(increase({bucket}{{{HERE}, {WITHIN}}}[$__range]))"
                    f" / sum(increase({count}{{{HERE}}}[$__range]))"
                ),
                unit="percentunit",
                decimals=2,
                span=4,
            )
        )
        .with_panel(
            number(
                "Allowance left, of 30 days",
                Query(f"1 - ({late}) / (0.01 * sum(increase({count}{{{HERE}}}[30d])))"),
                unit="percentunit",
                decimals=0,
                span=4,
                about="One of 100 payments may take longer than a minute. Without parked messages.",
            )
        )
        .with_row(Row("What needs a person"))
        .with_panel(
            graph(
                "Parked messages",
                Query(f'max by (queue) (sidecar_queue_messages{{{HERE}, kind="dead_letter"}})', "{{queue}}"),
                span=12,
            )
        )
        .with_panel(
            graph(
                "Orders that break an invariant",
                Query(f"max by (magento, invariant) (sidecar_drift_orders{{{HERE}}})", "{{magento}} {{invariant}}"),
                span=12,
                about="What the last reconciliation found and did not mend.",
            )
        )
        .with_panel(
            graph(
                "Refunds that failed",
                rate("sidecar_refund_failures_total", "outcome", "{{outcome}}", per="h"),
                span=12,
                about="`refused` by Stripe, `failed` at the bank, or `canceled`.",
            )
        )
        .with_panel(
            graph(
                "Reconciled",
                Query(f"max by (magento) (sidecar_reconcile_checked_orders{{{HERE}}})", "{{magento}} looked at"),
                rate("sidecar_reconcile_repaired_total", "magento", "{{magento}} mended an hour", per="h"),
                span=12,
            )
        )
        .with_row(Row("One order"))
        .with_panel(words("Order ${order}", ORDER))
    )
