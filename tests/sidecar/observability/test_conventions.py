"""Every metric of ours keeps the conventions (prometheus.io/docs/practices/naming)."""

import re

import pytest

from tests.documents.registries import Described, described

UNITS = ("_seconds", "_total", "_orders", "_events", "_messages", "_consumers", "_units", "_info", "_ratio")
BARE = {
    "sidecar_queue_consumers",
    "sidecar_messages_in_flight",
    "sidecar_broker_connected",
    "sidecar_certificate_trusted",
    "sidecar_circuit_state",
    "sidecar_intake",
    "sidecar_intake_waiting",
    "sidecar_intake_window",
    "sidecar_currency_exponent",
}
"""Gauges without a unit: counts of things, flags, exponents."""

TAKEN = {"instance", "job", "namespace", "pod", "container", "endpoint", "service", "node", "le", "quantile"}
"""Labels that Prometheus, or its operator, puts on every series: ours would be renamed `exported_…`."""

PERSONAL = re.compile(r"order|customer|email|intent|charge|refund_id|increment|trace|url|host|path$")


@pytest.mark.parametrize("metric", described(), ids=lambda metric: metric.name)
def test_a_name_says_what_it_is_and_in_which_unit(metric: Described) -> None:
    assert re.fullmatch(r"sidecar_[a-z][a-z0-9_]*[a-z0-9]", metric.name)
    assert metric.help.endswith(".")
    if metric.type == "counter":
        assert metric.name.endswith("_total")
    elif metric.type == "histogram":
        assert metric.name.endswith("_seconds")
    else:
        assert metric.name.endswith(UNITS) or metric.name in BARE
        assert not metric.name.endswith("_total")


@pytest.mark.parametrize("metric", described(), ids=lambda metric: metric.name)
def test_a_label_is_neither_prometheus_own_nor_somebodys_id(metric: Described) -> None:
    assert not set(metric.labels) & TAKEN
    assert not [label for label in metric.labels if PERSONAL.search(label)]
