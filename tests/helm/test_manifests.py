"""Would a cluster take what the chart makes?"""

import json
from collections import Counter
from pathlib import Path

import jsonschema_rs
import kubernetes_validate
import pytest

from tests.helm.render import CHART, EXAMPLES, VALUES, Object, Release, helm, render

CUSTOM = {
    path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "custom_resources").glob("*.json")
}
OLDEST, NEWEST = "1.25.0", kubernetes_validate.latest_version()


def check(each: Object, version: str) -> None:
    schema = CUSTOM.get(each["kind"])
    if schema is None:
        kubernetes_validate.validate(each, version, strict=True)
    else:
        jsonschema_rs.validator_for(schema).validate(each)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("example", EXAMPLES)
def test_is_every_object_valid_in_the_oldest_and_in_the_newest_kubernetes(example: str, version: str) -> None:
    for each in render(example, kubernetes=version).objects:
        try:
            check(each, version)
        except (kubernetes_validate.ValidationError, jsonschema_rs.ValidationError) as error:
            pytest.fail(f"{each['kind']} {each['metadata']['name']}: {error}")


def test_is_each_kind_of_object_that_the_chart_can_make_in_one_of_the_examples() -> None:
    made = {each["kind"] for example in EXAMPLES for each in render(example).objects}
    assert made >= set(CUSTOM)
    assert made >= {"HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress", "NetworkPolicy", "Job", "Pod"}


def test_does_a_wrong_object_fail() -> None:
    wrong = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"prots": []}}
    with pytest.raises(kubernetes_validate.ValidationError):
        check(wrong, NEWEST)
    with pytest.raises(jsonschema_rs.ValidationError):
        check({"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "x"}, "spec": {}}, NEWEST)


@pytest.mark.parametrize("example", EXAMPLES)
def test_does_helm_find_nothing_to_complain_of(example: str) -> None:
    assert "0 chart(s) failed" in helm("lint", "--strict", str(CHART), "--values", str(VALUES / f"{example}.yaml"))


def test_does_helm_find_nothing_to_complain_of_without_values() -> None:
    assert "0 chart(s) failed" in helm("lint", "--strict", str(CHART))


def test_has_every_object_a_name_of_its_own(release: Release) -> None:
    named = Counter((each["kind"], each["metadata"]["name"]) for each in release.objects)
    assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize("name", ["s", "sidecar", "magento-stripe-sidecar-production", "x" * 40 + "-" + "y" * 12])
def test_do_names_fit_for_every_release(name: str) -> None:
    values = {"roles": {"a234567890123456789012": {"kind": "consumers", "queues": ["one"]}}}
    made = render("everything", values=values, release=name)
    assert max(len(each["metadata"]["name"]) for each in made.objects) <= 63
    labels = [value for pod in made.pods().values() for value in pod["metadata"]["labels"].values()]
    assert max(len(label) for label in labels) <= 63
    for each in made.objects:
        check(each, NEWEST)


def test_do_two_releases_with_long_names_stay_apart() -> None:
    first, second = (set(render("minimal", release="x" * 40 + end).of("Deployment")) for end in ("-one", "-two"))
    assert not first & second
