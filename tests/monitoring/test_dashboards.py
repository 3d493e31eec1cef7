"""Whether dashboards ask for what there is."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.documents.registries import described
from tests.monitoring.expressions import DASHBOARDS, GRAFANA, Shown, shown, variables
from tests.monitoring.rules import COMING, alerts, names, needs_promtool, promtool

KNOWN = {metric.name: metric for metric in described()}


def _id(each: Shown) -> str:
    return f"{each.dashboard}: {each.panel}"


@needs_promtool
def test_prometheus_can_read_every_expression(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": each.asked()} for number, each in enumerate(shown())]
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    checked = promtool("check", "rules", "--lint=none", str(path))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("each", shown(), ids=_id)
def test_a_panel_names_metrics_that_there_are(each: Shown) -> None:
    found = names(each.expression)
    assert found
    assert {name for name in found if name.startswith("sidecar_")} <= KNOWN.keys() | COMING


@pytest.mark.parametrize("each", shown(), ids=_id)
def test_a_panel_selects_by_labels_that_its_metric_has_and_by_its_release(each: Shown) -> None:
    for name, selector in re.findall(r"(sidecar_[a-z0-9_]+)(\{[^}]*\})?", each.expression):
        metric = KNOWN.get(re.sub(r"_(bucket|sum|count)$", "", name))
        if metric is None:
            continue
        labels = set(re.findall(r"([a-z_]+)[!=]~?=?\"", selector))
        assert "namespace" in labels, "it would show every release in one"
        assert labels - {"namespace", "le"} <= set(metric.labels)


@pytest.mark.parametrize("each", shown(), ids=_id)
def test_a_legend_names_labels_that_are_left(each: Shown) -> None:
    left = {label.strip() for group in re.findall(r"by \(([^)]*)\)", each.expression) for label in group.split(",")}
    assert set(re.findall(r"\{\{(\w+)\}\}", each.legend)) <= left


@pytest.mark.parametrize("each", shown(), ids=_id)
def test_a_panel_uses_variables_that_are_filled_in(each: Shown) -> None:
    assert variables(each.expression) <= GRAFANA.keys()


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_keeps_its_address_and_its_panels_their_numbers(path: Path) -> None:
    document = json.loads(path.read_text())
    assert document["uid"] == f"sidecar-{path.stem}"
    numbers = [panel["id"] for panel in document["panels"]]
    assert len(set(numbers)) == len(numbers)
    assert {each["name"] for each in document["templating"]["list"]} >= {"datasource", "namespace"}


def test_every_metric_with_an_alert_is_on_a_dashboard() -> None:
    on_panels = {name for each in shown() for name in names(each.expression)}
    watched = {name for rule in alerts() for name in names(rule.expr)}
    elsewhere = {"rabbitmq_alarms_memory_used_watermark", "rabbitmq_alarms_free_disk_space_watermark"}
    assert watched - on_panels - elsewhere <= {"sidecar_parked_total", "sidecar_certificate_trusted"}
