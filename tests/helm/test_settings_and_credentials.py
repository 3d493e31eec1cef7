"""Do pods find the settings and credentials that they are given?"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter

from sidecar.settings.credentials import CREDENTIALS, Credential, Process
from sidecar.settings.load import load_settings
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from tests.helm.render import Object, Release, render

FOLDER = "/run/sidecar/credentials"
EXAMPLE = {
    "broker.url": "amqp://user:password@broker/",
    "store.url": "mysql://user:password@database/sidecar",
    "stripe.main.secret_key": "rk_live_example",
    "stripe.rehearsal.secret_key": "rk_test_example",
    "stripe.main.webhook_secrets": "whsec_new whsec_old",
    "stripe.rehearsal.webhook_secrets": "whsec_rehearsal",
    "magento.old.database_url": "mysql://user:password@magento/magento",
}


def files(pod: Object) -> dict[str, tuple[str, str]]:
    """The files of credentials in a pod, by name, with the Secret and the key that each comes from."""
    (volume,) = (each for each in pod["spec"]["volumes"] if each["name"] == "credentials")
    return {
        item["path"]: (source["secret"]["name"], item["key"])
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }


def settings_of(pod: Object, release: Release, folder: Path) -> Settings:
    """What the process in a pod would read."""
    (name,) = (each["configMap"]["name"] for each in pod["spec"]["volumes"] if each["name"] == "settings")
    text = release.of("ConfigMap")[name]["data"]["sidecar.toml"]
    if "rehearsal" not in text and 'mode = "test"' in text:
        text = text.replace('mode = "test"', 'mode = "live"')  # the example's key is of the other mode
    config = folder / "sidecar.toml"
    config.write_text(text.replace(FOLDER, str(folder)))
    for file in files(pod):
        (folder / file).write_text(EXAMPLE.get(file, "example") + "\n")
    return load_settings(config, {}, process_of(pod))


def process_of(pod: Object) -> Process:
    """Whose credentials the command in a pod reads."""
    command: str = pod["spec"]["containers"][0]["args"][0]
    return TypeAdapter[Process](Process).validate_python("operator" if command == "doctor" else command)


def test_does_every_pod_start_with_what_it_is_given(release: Release, tmp_path: Path) -> None:
    for name, pod in release.pods().items():
        folder = tmp_path / name
        folder.mkdir()
        settings_of(pod, release, folder)
        (mount,) = (each for each in pod["spec"]["containers"][0]["volumeMounts"] if each["name"] == "credentials")
        assert mount["mountPath"] == FOLDER


def test_is_every_pod_given_what_its_process_reads_and_nothing_else(release: Release) -> None:
    """A file more would be a credential in a pod that has no use for it; one less, and the pod does not start."""
    for name, pod in release.pods().items():
        given = {kind_of(path) for path in files(pod)}
        reads = CREDENTIALS[process_of(pod)]
        assert given == (reads if "tracing" in given else reads - {"tracing"}), name


def kind_of(path: str) -> Credential:
    """Which credential a file holds."""
    kinds: dict[str, Credential] = {"webhook_secrets": "webhooks", "secret_key": "stripe"}
    section, last = path.split(".", maxsplit=1)[0], path.rsplit(".", maxsplit=1)[-1]
    return kinds.get(last) or TypeAdapter[Credential](Credential).validate_python(section)


def test_has_the_bridge_no_key_of_stripe_none_of_magento_and_no_database(everything: Release) -> None:
    bridge = files(everything.one("Deployment", "-bridge")["spec"]["template"])
    assert set(bridge) == {
        "broker.url",
        "stripe.main.webhook_secrets",
        "stripe.rehearsal.webhook_secrets",
        "tracing.otlp_headers",
    }


def test_do_all_kinds_of_values_arrive_as_they_were_written(everything: Release, tmp_path: Path) -> None:
    settings = settings_of(everything.one("Deployment", "-orders")["spec"]["template"], everything, tmp_path)
    assert settings.stripe["main"].requests_per_second == 12.5
    assert settings.stripe["main"].timeout.total_seconds() == 20
    assert settings.stripe["rehearsal"].max_concurrency == 1_048_576
    assert settings.magento["outlet"].base_url == 'https://outlet.example/"quoted" & <odd>'
    assert settings.magento["outlet"].timeout.total_seconds() == 45
    assert settings.magento["outlet"].oauth is not None
    assert settings.magento["old"].table_prefix == "m2_"
    assert settings.stores[1].offer == ("checkout_session",)
    assert settings.stores[1].send_receipt is True
    assert settings.runtime.prefetch == 64
    assert settings.tracing.sample_ratio == 0.25


def test_are_several_signing_secrets_told_apart(everything: Release, tmp_path: Path) -> None:
    settings = settings_of(everything.one("Deployment", "-bridge")["spec"]["template"], everything, tmp_path)
    assert [each.get_secret_value() for each in settings.stripe["main"].webhook_secrets] == ["whsec_new", "whsec_old"]


def test_do_whole_numbers_stay_whole(everything: Release) -> None:
    text = everything.one("ConfigMap", "-sidecar")["data"]["sidecar.toml"]
    assert isinstance(tomllib.loads(text)["stripe"]["rehearsal"]["max_concurrency"], int)


def test_is_there_no_credential_in_the_chart() -> None:
    refused = {"settings.stripe.main.secret_key": "x", "settings.broker.url": "x", "settings.magento.shop.oauth": {}}
    for path, value in refused.items():
        with pytest.raises(Exception, match="Additional property"):
            render("minimal", values={path: value})


def test_can_every_credential_be_given_that_the_settings_know() -> None:
    known = set(credentials(Settings))
    given = {
        ".".join("*" if number == 1 and path.startswith(("stripe", "magento")) else part for number, part in parts)
        for pod in render("everything").pods().values()
        for path in files(pod)
        for parts in [list(enumerate(path.split(".")))]
    }
    assert given == known


def credentials(model: type[BaseModel], before: str = "") -> list[str]:
    """The places of all credentials in the settings; `*` for a name of the operator's choice."""
    found = []
    for name, field in model.model_fields.items():
        place, annotation = f"{before}{name}", field.annotation
        for inner in _models(annotation):
            star = "*." if str(annotation).startswith("dict") else ""
            if inner.__name__ == "OAuth":  # the names in it are credentials as well
                found += [f"{place}.{each}" for each in inner.model_fields]
            else:
                found += credentials(inner, f"{place}.{star}")
        if SecretStr.__name__ in str(annotation):
            found.append(place)
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in getattr(annotation, "__args__", ()) for model in _models(each)]


def test_may_a_role_and_the_hooks_have_credentials_of_their_own(everything: Release) -> None:
    pods = everything.pods()
    by_role = {name.rpartition("-sidecar-")[2]: files(pod) for name, pod in pods.items()}
    assert by_role["bridge"]["broker.url"] == ("broker-bridge", "connection_string")
    assert by_role["orders"]["broker.url"] == ("sidecar-credentials", "broker.url")
    assert by_role["orders"]["store.url"] == ("database", "url")
    assert by_role["setup-topology"] == {
        "broker.url": ("broker-setup", "connection_string"),
        "store.url": ("database", "store-setup.url"),
    }
    assert by_role["setup-migrate"] == {"store.url": ("database", "store-setup.url")}


def test_does_the_scaler_look_at_every_queue_that_its_role_works_off() -> None:
    values = {"roles.refunds.autoscaling": {"enabled": True}}
    for role, queues in {"orders": ["orders"], "refunds": ["creditmemos", "refunds"]}.items():
        triggers = render("everything", values=values).one("ScaledObject", f"-{role}")["spec"]["triggers"]
        names = Names("shop.")
        worked_off = [name(queue) for queue in queues for name in (names.work, names.surplus)]
        assert [each["metadata"]["queueName"] for each in triggers] == worked_off


def test_does_the_scaler_log_in_as_its_role(everything: Release) -> None:
    triggers = everything.one("ScaledObject", "-orders")["spec"]["triggers"]
    (name,) = {each["authenticationRef"]["name"] for each in triggers}
    assert everything.of("TriggerAuthentication")[name]["spec"]["secretTargetRef"] == [
        {"parameter": "host", "name": "sidecar-credentials", "key": "broker.url"}
    ]


def test_does_the_operator_make_what_is_nowhere_else() -> None:
    made = render("external_secrets")
    secrets = made.of("ExternalSecret")
    provided = {
        name: {item["secretKey"]: item["remoteRef"] for item in each["spec"]["data"]} for name, each in secrets.items()
    }
    for name, pod in made.pods().items():
        for path, (secret, key) in files(pod).items():
            if secret == "rabbitmq-default-user":
                assert path == "broker.url"
            else:
                assert key in provided[secret], f"{name}: {path}"
    roles = provided["shop-magento-stripe-sidecar-credentials"]
    assert roles["magento.shop.token"] == {"key": "magento", "property": "token"}
    assert roles["store.url"] == {"key": "sidecar/store.url"}
    assert roles["store-of-the-timers.url"] == {"key": "sidecar/store-of-the-timers.url"}
    setup = provided["shop-magento-stripe-sidecar-setup"]
    assert setup["store-setup.url"] == {"key": "database", "property": "admin"}
    assert "store.url" not in setup


def test_are_pods_restarted_when_the_settings_change_and_only_then(minimal: Release) -> None:
    def checksums(made: Release) -> set[str]:
        return {
            each["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]
            for each in made.of("Deployment").values()
        }

    assert checksums(render("minimal", values={"webhooks.host": "other.example"})) == checksums(minimal)
    assert not checksums(render("minimal", values={"settings.runtime.prefetch": 7})) & checksums(minimal)


def test_are_the_settings_of_the_hooks_those_of_the_roles(release: Release) -> None:
    files = [each["data"] for each in release.of("ConfigMap").values()]
    assert len({data["sidecar.toml"] for data in files if "sidecar.toml" in data}) == 1
