"""Alerts, dashboards, and what helm says at the end."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.helm.render import CHART, Release, helm, render

ALERT = {
    "groups": [
        {
            "name": "example",
            "rules": [
                {
                    "alert": "Parked",
                    "expr": 'sum by (queue) (parked{queue!=""}) > 0',
                    "for": "5m",
                    "annotations": {"summary": "{{ $labels.queue }} holds {{ $value }} messages"},
                }
            ],
        }
    ]
}
DASHBOARD = {"title": "Orders", "panels": [{"targets": [{"legendFormat": "{{queue}}"}]}]}


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A copy of the chart, with nothing in its folders for alerts and dashboards."""
    copy = tmp_path / "helm"
    shutil.copytree(CHART, copy, ignore=shutil.ignore_patterns("alerts", "dashboards"))
    (copy / "alerts").mkdir()
    (copy / "dashboards").mkdir()
    return copy


def test_is_there_nothing_when_there_is_nothing(chart: Path) -> None:
    made = render("everything", chart=chart)
    assert made.of("PrometheusRule") == {}
    assert [name for name, each in made.of("ConfigMap").items() if "sidecar.toml" not in each["data"]] == []


def test_do_alerts_and_dashboards_arrive_letter_by_letter(chart: Path) -> None:
    (chart / "alerts" / "one.yaml").write_text(yaml.safe_dump(ALERT))
    second = {"groups": [{"name": "other", "rules": []}]}
    (chart / "alerts" / "two.yaml").write_text(yaml.safe_dump(second))
    (chart / "dashboards" / "business_orders.json").write_text(json.dumps(DASHBOARD, indent=2) + "\n")
    made = render("everything", chart=chart)
    (rule,) = made.of("PrometheusRule").values()
    assert rule["spec"]["groups"] == ALERT["groups"] + second["groups"]
    assert rule["metadata"]["labels"]["release"] == "prometheus"
    dashboard = made.one("ConfigMap", "-business-orders")
    assert json.loads(dashboard["data"]["business_orders.json"]) == DASHBOARD
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert dashboard["metadata"]["annotations"] == {"grafana_folder": "Payments"}


def test_are_they_left_out_unless_they_are_asked_for(chart: Path) -> None:
    (chart / "alerts" / "one.yaml").write_text(yaml.safe_dump(ALERT))
    (chart / "dashboards" / "orders.json").write_text(json.dumps(DASHBOARD))
    made = render("minimal", chart=chart)
    assert {"PrometheusRule", "PodMonitor"} & {each["kind"] for each in made.objects} == set()
    assert len(made.of("ConfigMap")) == 2


def test_are_all_roles_scraped(everything: Release) -> None:
    (monitor,) = everything.of("PodMonitor").values()
    selector = monitor["spec"]["selector"]["matchLabels"]
    for deployment in everything.of("Deployment").values():
        template = deployment["spec"]["template"]
        assert selector.items() <= template["metadata"]["labels"].items()
        assert template["spec"]["containers"][0]["ports"][0]["name"] == "http"


def notes(chart: Path, *examples: str, **values: object) -> str:
    """What helm says at the end. It says it to a cluster alone, so the text is rendered as a template here."""
    shutil.copy(chart / "templates" / "NOTES.txt", chart / "notes.txt")
    text = '{kind: Notes, apiVersion: v1, metadata: {name: notes}, text: {{ tpl (.Files.Get "notes.txt") . | toJson }}}'
    (chart / "templates" / "notes.yaml").write_text(text)
    made = render(*examples, values={path.replace("__", "."): value for path, value in values.items()}, chart=chart)
    return str(made.of("Notes")["notes"]["text"])


def test_does_it_say_that_stripe_cannot_reach_it_yet(chart: Path) -> None:
    told = notes(chart, "minimal")
    assert "Stripe cannot reach the bridge yet" in told
    assert "shop-magento-stripe-sidecar-bridge.payments.svc:80" in told
    assert "helm --namespace payments test shop --logs" in told
    assert "WARNING" not in told


def test_does_it_say_which_endpoints_to_make_in_stripe(chart: Path) -> None:
    told = notes(chart, "everything")
    assert "https://hooks.shop.example/webhooks/stripe/main  ->  stripe.main.webhook_secrets" in told
    assert "https://hooks.shop.example/webhooks/stripe/rehearsal  ->  stripe.rehearsal.webhook_secrets" in told


def test_does_it_warn_of_a_queue_that_nobody_consumes(chart: Path) -> None:
    assert "nobody consumes the queue orders" in notes(chart, "minimal", roles__orders__enabled=False)
    assert "WARNING" not in notes(chart, "small")


def test_is_what_people_read_not_part_of_the_package(tmp_path: Path) -> None:
    helm("package", str(CHART), "--destination", str(tmp_path))
    (package,) = tmp_path.glob("*.tgz")
    with tarfile.open(package) as archive:
        names = archive.getnames()
    assert "magento-stripe-sidecar/values.schema.json" in names
    assert [name for name in names if "/tests/" in name and "/templates/tests/" not in name] == []
