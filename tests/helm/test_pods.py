"""How pods run: as strictly as the `restricted` level of Kubernetes' Pod Security Standards, and more."""

from typing import Any

import pytest

from tests.helm.render import Object, Release, render


def containers(pod: Object) -> list[Any]:
    found: list[Any] = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    return found


def test_may_a_pod_do_only_what_the_restricted_level_allows(release: Release) -> None:
    for pod in release.pods().values():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        allowed = {"configMap", "secret", "projected", "emptyDir", "downwardAPI", "persistentVolumeClaim"}
        assert {kind for volume in spec["volumes"] for kind in volume if kind != "name"} <= allowed
        for each in containers(pod):
            context = each["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert "hostPort" not in str(each.get("ports"))


def test_is_its_file_system_read_only_and_has_it_no_token(release: Release) -> None:
    for pod in release.pods().values():
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert all(each["securityContext"]["readOnlyRootFilesystem"] is True for each in containers(pod))
        assert all(mount["readOnly"] for each in containers(pod) for mount in each["volumeMounts"])
    for account in release.of("ServiceAccount").values():
        assert account["automountServiceAccountToken"] is False


def test_are_variables_of_services_kept_out(release: Release) -> None:
    """A Service `sidecar-bridge` becomes SIDECAR_BRIDGE_SERVICE_HOST, which is an unknown setting."""
    assert all(pod["spec"]["enableServiceLinks"] is False for pod in release.pods().values())


def test_does_it_say_what_it_needs(release: Release) -> None:
    for pod in release.pods().values():
        for each in containers(pod):
            assert {"cpu", "memory"} <= set(each["resources"]["requests"])
            assert "memory" in each["resources"]["limits"]


def test_is_every_role_asked_for_its_health_at_the_port_that_its_settings_name(everything: Release) -> None:
    for name, deployment in everything.of("Deployment").items():
        (container,) = containers(deployment["spec"]["template"])
        assert container["ports"] == [{"name": "http", "containerPort": 8443 if name.endswith("bridge") else 9000}]
        pages = {probe: container[probe]["httpGet"]["path"] for probe in container if probe.endswith("Probe")}
        assert pages == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}


def test_has_each_role_time_to_finish_what_it_has_in_hand(minimal: Release) -> None:
    for name, deployment in minimal.of("Deployment").items():
        spec = deployment["spec"]["template"]["spec"]
        # docs/bridge.md: 5 s until no more comes, 20 s for what is in hand; consumers: 25 s and 5 s.
        assert spec["terminationGracePeriodSeconds"] > 30, name
        (container,) = spec["containers"]
        assert ("lifecycle" in container) == name.endswith("bridge")


def test_is_a_role_never_without_a_pod_while_it_is_updated(minimal: Release) -> None:
    for deployment in minimal.of("Deployment").values():
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_can_everything_be_set_that_a_cluster_asks_for(everything: Release) -> None:
    pod = everything.one("Deployment", "-bridge")["spec"]["template"]
    spec = pod["spec"]
    assert pod["metadata"]["labels"]["team"] == "payments"
    assert pod["metadata"]["annotations"]["example.com/team"] == "payments"
    assert spec["nodeSelector"] == {"kubernetes.io/arch": "amd64"}
    assert spec["tolerations"][0]["key"] == "dedicated"
    assert "nodeAffinity" in spec["affinity"]
    assert spec["priorityClassName"] == "payments"
    assert spec["imagePullSecrets"] == [{"name": "registry"}]
    (container,) = containers(pod)
    assert container["image"].startswith("registry.example/payments/sidecar@sha256:")
    assert container["env"] == [{"name": "HTTPS_PROXY", "value": "http://proxy.example:3128"}]
    assert {"name": "ca", "mountPath": "/etc/company", "readOnly": True} in container["volumeMounts"]


def test_may_the_cluster_choose_the_user() -> None:
    for pod in render("openshift").pods().values():
        assert not {"runAsUser", "runAsGroup", "fsGroup"} & set(pod["spec"]["securityContext"])


@pytest.mark.parametrize(
    ("role", "arguments"),
    [
        ("bridge", ["bridge"]),
        ("timers", ["timers"]),
        ("orders", ["run", "orders"]),
        ("setup-migrate", ["migrate"]),
        ("setup-topology", ["topology", "apply"]),
        ("doctor", ["doctor"]),
    ],
)
def test_does_each_run_its_command(minimal: Release, role: str, arguments: list[str]) -> None:
    (pod,) = (pod for name, pod in minimal.pods().items() if name.endswith(f"-{role}"))
    assert containers(pod)[0]["args"] == arguments


def test_may_one_role_consume_several_queues() -> None:
    small = render("small")
    (container,) = containers(small.one("Deployment", "-all")["spec"]["template"])
    assert container["args"] == ["run", "creditmemos", "customers", "orders", "refunds", "stripe-events"]
