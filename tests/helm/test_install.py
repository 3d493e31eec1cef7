"""In which order does helm install and upgrade, and what is left when a hook fails?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helm.cluster import Cluster, cluster
from tests.helm.render import CHART, NAMESPACE, VALUES, HelmError, helm

NAME = "shop-magento-stripe-sidecar"
VALUES_OF_MINIMAL = ["--values", str(VALUES / "minimal.yaml")]


@pytest.fixture
def installing(tmp_path: Path) -> Iterator[tuple[Cluster, list[str]]]:
    with cluster(tmp_path) as (made, found):
        common = ["shop", str(CHART), "--namespace", NAMESPACE, *VALUES_OF_MINIMAL, "--disable-openapi-validation"]
        yield made, [*common, *found]


def test_is_the_database_migrated_before_anything_else_is_there(installing: tuple[Cluster, list[str]]) -> None:
    made, arguments = installing
    told = helm("install", *arguments)
    first = made.story.index(f"create Deployment {NAME}-bridge")
    before = made.story[: next(n for n, line in enumerate(made.story) if "-setup" not in line)]
    assert before[0].endswith(f"{NAME}-setup")
    jobs = [line for line in before if "create Job" in line]
    assert jobs == [f"create Job {NAME}-setup-migrate", f"create Job {NAME}-setup-topology"]
    needed = {f"create {kind} {NAME}-setup" for kind in ("ServiceAccount", "ConfigMap", "NetworkPolicy")}
    assert needed <= set(before[: before.index(jobs[0])])
    assert made.story.index(f"create ServiceAccount {NAME}") < first
    assert "Ask the doctor" in told


def test_is_nothing_left_of_hooks_that_went_well(installing: tuple[Cluster, list[str]]) -> None:
    made, arguments = installing
    helm("install", *arguments)
    assert [path for path in made.objects if "-setup" in path] == []


def test_does_a_migration_that_fails_stop_it_all_and_stay_to_be_looked_at(
    installing: tuple[Cluster, list[str]],
) -> None:
    made, arguments = installing
    made.failing = {"migrate"}
    with pytest.raises(HelmError, match=r"pre-install[\s\S]*setup-migrate failed"):
        helm("install", *arguments)
    assert [line for line in made.story if "Deployment" in line or "-topology" in line] == []
    assert any(path.endswith(f"/jobs/{NAME}-setup-migrate") for path in made.objects)


def test_does_an_upgrade_migrate_again_and_change_nothing_when_that_fails(
    installing: tuple[Cluster, list[str]],
) -> None:
    made, arguments = installing
    helm("install", *arguments)
    made.story.clear()
    made.failing = {"topology"}
    with pytest.raises(HelmError, match=r"pre-upgrade[\s\S]*setup-topology failed"):
        helm("upgrade", *arguments, "--set", "roles.bridge.replicas=7")
    assert [line for line in made.story if "-setup" not in line] == []
    made.story.clear()
    made.failing = set()
    helm("upgrade", *arguments, "--set", "roles.bridge.replicas=7")
    jobs = [line for line in made.story if "Job" in line and not line.startswith("delete")]
    assert jobs == [f"create Job {NAME}-setup-migrate", f"create Job {NAME}-setup-topology"]
    assert made.story.index(jobs[1]) < made.story.index(f"update Deployment {NAME}-bridge")


def test_is_everything_gone_after_it_is_uninstalled(installing: tuple[Cluster, list[str]]) -> None:
    made, arguments = installing
    helm("install", *arguments)
    found = arguments[arguments.index("--kubeconfig") :]
    helm("uninstall", "shop", "--namespace", NAMESPACE, *found)
    assert [path for path in made.objects if NAME in path] == []
