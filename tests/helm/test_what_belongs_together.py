"""Does everything that one object names exist, in time?"""

import shutil
from typing import Any

import pytest
import yaml

from sidecar.discovery import all_consumers
from tests.helm.render import CHART, Object, Release, is_hook, render

BEFORE_THE_RELEASE = "pre-install,pre-upgrade"


def fits(selector: dict[str, str], pod: Object) -> bool:
    labels: dict[str, str] = pod["metadata"]["labels"]
    return selector.items() <= labels.items()


def weight(each: Object) -> int:
    return int(each["metadata"]["annotations"].get("helm.sh/hook-weight", 0))


def test_does_every_queue_of_the_product_have_a_role_and_every_role_a_queue_of_the_product() -> None:
    roles = yaml.safe_load((CHART / "values.yaml").read_text())["roles"]
    consumed = [queue for role in roles.values() for queue in role.get("queues", [])]
    assert sorted(consumed) == sorted(consumer.queue for consumer in all_consumers())
    assert {role["kind"] for role in roles.values()} == {"bridge", "timers", "consumers"}


def test_does_each_selector_find_the_pods_of_one_role_and_no_others(release: Release) -> None:
    pods = release.pods()
    for kind in ("Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"):
        for name, each in release.of(kind).items():
            spec = each["spec"]
            selector = spec.get("podSelector", spec.get("selector", {}))
            found = [pod for pod in pods if fits(selector.get("matchLabels", selector), pods[pod])]
            if name.endswith("-setup"):
                assert found == [f"{name}-migrate", f"{name}-topology"]
            else:
                assert found == [name], kind


def test_are_pods_spread_by_their_own_role(release: Release) -> None:
    for deployment in release.of("Deployment").values():
        pod = deployment["spec"]["template"]
        for constraint in pod["spec"]["topologySpreadConstraints"]:
            assert constraint["labelSelector"] == deployment["spec"]["selector"]


def test_is_every_object_there_that_another_names(release: Release) -> None:
    deployments, configs = release.of("Deployment"), release.of("ConfigMap")
    for each in [*release.of("HorizontalPodAutoscaler").values(), *release.of("ScaledObject").values()]:
        assert each["spec"]["scaleTargetRef"]["name"] in deployments
        assert "replicas" not in deployments[each["spec"]["scaleTargetRef"]["name"]]["spec"]
    accounts = {*release.of("ServiceAccount"), "payments"}  # of the example `small`, which brings its own
    for pod in release.pods().values():
        assert pod["spec"]["serviceAccountName"] in accounts
        (settings,) = (each["configMap"]["name"] for each in pod["spec"]["volumes"] if each["name"] == "settings")
        assert settings in configs


def test_do_webhooks_lead_to_the_bridge_and_nothing_else_does(release: Release) -> None:
    services = release.of("Service")
    assert list(services) == ["shop-magento-stripe-sidecar-bridge"]
    (port,) = services["shop-magento-stripe-sidecar-bridge"]["spec"]["ports"]
    assert port["targetPort"] == "http"
    for ingress in release.of("Ingress").values():
        (rule,) = ingress["spec"]["rules"]
        (path,) = rule["http"]["paths"]
        assert path["path"] == "/webhooks/stripe/"
        assert path["backend"]["service"] == {"name": "shop-magento-stripe-sidecar-bridge", "port": {"name": "http"}}
        assert ingress["spec"]["tls"] == [{"hosts": [rule["host"]], "secretName": "hooks-tls"}]
    for route in release.of("HTTPRoute").values():
        (rule,) = route["spec"]["rules"]
        assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/webhooks/stripe/"}}]
        assert rule["backendRefs"] == [{"name": "shop-magento-stripe-sidecar-bridge", "port": port["port"]}]


@pytest.mark.parametrize("example", ["minimal", "everything", "external_secrets"])
def test_is_all_there_that_a_hook_needs_before_it_runs(example: str) -> None:
    """Nothing of the release itself exists when it runs, so all that it names is a hook with less weight."""
    made = render(example)
    setup = [each for each in made.objects if is_hook(each) and "pre-install" in _hook(each)]
    jobs = [each for each in setup if each["kind"] == "Job"]
    needed = [each for each in setup if each["kind"] != "Job"]
    assert {_hook(each) for each in setup} == {BEFORE_THE_RELEASE}
    assert max(weight(each) for each in needed) < min(weight(job) for job in jobs)
    assert [job["metadata"]["name"].rpartition("-")[2] for job in sorted(jobs, key=weight)] == ["migrate", "topology"]
    assert len({weight(job) for job in jobs}) == len(jobs)  # helm waits for one weight before it begins the next
    there = {(each["kind"], each["metadata"]["name"]) for each in needed}
    operator = {each["spec"]["target"]["name"] for each in needed if each["kind"] == "ExternalSecret"}
    for job in jobs:
        spec = job["spec"]["template"]["spec"]
        assert ("ServiceAccount", spec["serviceAccountName"]) in there
        for volume in spec["volumes"]:
            if volume["name"] == "settings":
                assert ("ConfigMap", volume["configMap"]["name"]) in there
            for source in volume.get("projected", {}).get("sources", []):
                name = source["secret"]["name"]
                assert name in operator or not name.startswith("shop-magento")
        assert ("NetworkPolicy", spec["serviceAccountName"]) in there


def test_are_hooks_made_anew_each_time_and_kept_when_they_failed(minimal: Release) -> None:
    for each in minimal.objects:
        if is_hook(each) and _hook(each) == BEFORE_THE_RELEASE:
            assert (
                each["metadata"]["annotations"]["helm.sh/hook-delete-policy"] == "before-hook-creation,hook-succeeded"
            )


def test_may_a_role_reach_only_what_it_needs(everything: Release) -> None:
    def reach(role: str) -> dict[str, set[int]]:
        rules = everything.one("NetworkPolicy", f"-{role}")["spec"]["egress"]
        return {_place(rule): {port["port"] for port in rule["ports"]} for rule in rules}

    bridge, orders = reach("bridge"), reach("orders")
    assert set().union(*bridge.values()) == {53, 5671, 4318, 3128}
    assert set().union(*orders.values()) == {53, 5671, 3306, 443, 80, 4318, 3128}
    assert set().union(*reach("setup").values()) == {53, 5671, 3306, 4318, 3128}
    assert orders["internet"] == {443}
    plain = render("minimal").one("NetworkPolicy", "-orders")["spec"]["egress"]
    assert 4318 not in {port["port"] for rule in plain for port in rule["ports"]}
    assert bridge["rabbitmq"] == {5671}


def _place(rule: Object) -> str:
    peers = rule.get("to", [])
    if any(peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for peer in peers):
        assert "10.0.0.0/8" in peers[0]["ipBlock"]["except"]
        return "internet"
    if any("podSelector" in peer for peer in peers):
        return str(peers[0]["podSelector"]["matchLabels"]["app"])
    return str(rule["ports"])


def test_who_may_come_in(everything: Release, minimal: Release) -> None:
    (bridge,) = everything.one("NetworkPolicy", "-bridge")["spec"]["ingress"]
    names = [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in bridge["from"]]
    assert names == ["ingress-nginx", "monitoring"]
    (orders,) = everything.one("NetworkPolicy", "-orders")["spec"]["ingress"]
    assert [peer["namespaceSelector"]["matchLabels"] for peer in orders["from"]] == [
        {"kubernetes.io/metadata.name": "monitoring"}
    ]
    assert "ingress" not in everything.one("NetworkPolicy", "-setup")["spec"]
    (anybody,) = minimal.one("NetworkPolicy", "-bridge")["spec"]["ingress"]
    assert "from" not in anybody
    (cluster,) = minimal.one("NetworkPolicy", "-orders")["spec"]["ingress"]
    assert cluster["from"] == [{"namespaceSelector": {}}]


def test_has_a_role_with_one_pod_no_disruption_budget() -> None:
    """It would keep the node that it runs on from ever being drained."""
    assert "shop-magento-stripe-sidecar-timers" not in render("minimal").of("PodDisruptionBudget")
    assert render("small").of("PodDisruptionBudget") == {}


def test_do_selectors_stay_what_they_were() -> None:
    """A Deployment whose selector changes cannot be upgraded: it has to be deleted first."""
    selectors: dict[str, Any] = {
        name: each["spec"]["selector"]["matchLabels"] for name, each in render("minimal").of("Deployment").items()
    }
    for name, labels in selectors.items():
        assert labels == {
            "app.kubernetes.io/name": "magento-stripe-sidecar",
            "app.kubernetes.io/instance": "shop",
            "app.kubernetes.io/component": name.removeprefix("shop-magento-stripe-sidecar-"),
        }
    assert {"shop-magento-stripe-sidecar-bridge", "shop-magento-stripe-sidecar-orders"} <= set(selectors)


def test_does_a_new_version_change_no_name_and_no_selector(tmp_path: Any) -> None:
    later = tmp_path / "helm"
    shutil.copytree(CHART, later)
    file = later / "Chart.yaml"
    file.write_text(file.read_text().replace("ersion: 0.", "ersion: 9.").replace('ersion: "0.', 'ersion: "9.'))
    before, after = render("everything"), render("everything", chart=later)
    assert "9." in after.one("Deployment", "-bridge")["metadata"]["labels"]["helm.sh/chart"]
    assert [(e["kind"], e["metadata"]["name"]) for e in before.objects] == [
        (e["kind"], e["metadata"]["name"]) for e in after.objects
    ]
    for name, each in before.of("Deployment").items():
        assert each["spec"]["selector"] == after.of("Deployment")[name]["spec"]["selector"]


def _hook(each: Object) -> str:
    return str(each["metadata"]["annotations"]["helm.sh/hook"])
