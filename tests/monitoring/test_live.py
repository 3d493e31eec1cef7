"""Alerts and dashboards on a sidecar that runs: what they ask for comes in a real scrape by a real Prometheus."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.play import playing
from tests.monitoring.conftest import Watched
from tests.monitoring.expressions import shown
from tests.monitoring.rules import COMING, names, rules

PATIENCE = 60

QUIET = {
    *{"sidecar_stripe_throttled_total", "sidecar_upstream_errors_total", "sidecar_retries_total"},
    *{"sidecar_drift_orders", "sidecar_circuit_state", "sidecar_circuit_opened_total", "sidecar_refund_failures_total"},
    *{"sidecar_certificate_not_after_timestamp_seconds", "sidecar_certificate_trusted"},
    *{"sidecar_money_refunded_minor_units_total", "sidecar_currency_exponent"},
}
"""What a sidecar that is well and speaks no TLS has nothing to say of."""


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("private_services")
async def test_what_alerts_and_dashboards_ask_for_is_there(watched: Watched) -> None:
    async with playing(watched.stage) as play:
        paid = [await play.place(currency=currency) for currency in ("USD", "EUR", "USD")]
        declined = await play.place("pm_card_visa_chargeDeclined")
        for order in paid:
            await play.paid(order)
        await play.when(declined, lambda order: order.status == "payment_failed")

    prometheus = watched.prometheus
    families = await _families(watched)
    asked = {name for rule in rules() for name in names(rule.expr)} | {
        name for each in shown() for name in names(each.expression)
    }
    assert asked - families - COMING == set()

    async def all_seen() -> bool:
        found = await prometheus.query('sum(sidecar_effects_total{effect="RecordCapture"})')
        scraped = await prometheus.query("count(count_over_time(sidecar_build_info[1m]) > 5)")
        return bool(found and scraped) and float(found[0]["value"][1]) >= 3 and float(scraped[0]["value"][1]) >= 3

    await _eventually(all_seen)
    empty = [
        f"{each.dashboard}: {each.panel}: {each.expression}"
        for each in shown()
        if not _is_quiet(each.expression) and not await prometheus.query(each.asked(rate="30s", span="5m"))
    ]
    assert empty == [], "a panel that would be empty on a sidecar that works"

    groups = (await prometheus.ask("rules"))["groups"]
    unwell = {
        rule["name"]: rule.get("lastError") for group in groups for rule in group["rules"] if rule["health"] != "ok"
    }
    assert unwell == {}
    firing = [alert["labels"]["alertname"] for alert in (await prometheus.ask("alerts"))["alerts"]]
    assert firing == [], "an alert on a sidecar that is well"

    exemplars = await prometheus.ask(
        "query_exemplars", query="sidecar_message_duration_seconds_bucket", start="0", end="9999999999"
    )
    traces = {exemplar["labels"]["trace_id"] for series in exemplars for exemplar in series["exemplars"]}
    assert traces
    assert all(len(trace) == 32 for trace in traces)
    await _eventually(lambda: _traces_cross_processes(watched))


def _is_quiet(expression: str) -> bool:
    failures = 'code!="ok"' in expression or "commerce.refund.failed.v1" in expression
    return failures or bool(names(expression) & QUIET)


async def _families(watched: Watched) -> set[str]:
    """Every metric on every page, whether it has a series yet or not."""
    found: set[str] = set()
    async with httpx.AsyncClient(trust_env=False) as http:
        for url in watched.pages.values():
            text = (await http.get(url)).text
            for family in text_string_to_metric_families(text):
                found.add(f"{family.name}_total" if family.type == "counter" else family.name)
    return found


async def _traces_cross_processes(watched: Watched) -> bool:
    """A webhook and what the consumer made of it are one trace, which is linked with the order's own."""
    spans = list(watched.collector.spans)
    received = {each.span_id: each for each in spans if each.name == "POST /webhooks/stripe/{account}"}
    handled = [each for each in spans if each.name == "process stripe-events" and each.parent_id in received]
    placed = {each.trace_id for each in spans if each.name == "process orders"}
    services = {received[each.parent_id].service for each in handled}
    return services == {"sidecar-bridge"} and any(set(each.links) & placed for each in handled)


async def _eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110  # Prometheus tells nobody
            await asyncio.sleep(0.2)
