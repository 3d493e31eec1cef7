"""Would `docker compose` take the file, and do its services fit the product?"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from sidecar.settings.load import load_settings

ROOT = Path(__file__).parents[2]
# As compose reads it when no variable is set.
TEXT = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", (ROOT / "compose.yaml").read_text())
STACK: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("magento-stripe-sidecar:")}
BESIDE = ROOT / "docs" / "install" / "compose"


def test_does_it_keep_to_the_compose_specification() -> None:
    compose = PyCompose.from_yaml(yaml.safe_dump(STACK))  # with what `<<` brings
    compose.validate()
    assert set(compose.service_names()) == set(SERVICES)


def test_does_a_file_that_does_not_fail() -> None:
    with pytest.raises(ValueError, match="prots"):
        PyCompose.from_yaml("services: {a: {image: b, prots: []}}")


def test_is_every_role_there() -> None:
    commands = [each["command"][0] for each in OURS.values()]
    assert sorted(commands) == ["bridge", "migrate", "run", "sandbox", "sandbox", "timers", "topology"]


@pytest.mark.parametrize("name", OURS)
def test_does_each_run_a_command_with_options_that_there_are(name: str) -> None:
    command = [sys.executable, "-m", "sidecar", *OURS[name]["command"], "--help"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603  # our own words


@pytest.mark.parametrize("name", OURS)
def test_may_each_do_as_little_as_it_can_live_with(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_can_nobody_reach_it_from_another_machine(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_is_it_said_which_version_is_run(name: str) -> None:
    tag = SERVICES[name]["image"].rpartition(":")[2]
    assert tag not in {"", "latest"}


@pytest.mark.parametrize("name", SERVICES)
def test_is_everything_there_that_it_mounts_and_waits_for(name: str) -> None:
    service = SERVICES[name]
    for volume in service.get("volumes", []):
        source = volume.rsplit(":", 2)[0] if volume.endswith(":ro") else volume.rpartition(":")[0]
        assert source in STACK["volumes"] or (ROOT / source).exists(), volume
    waits = service.get("depends_on", {})
    for other, how in waits.items() if isinstance(waits, dict) else ((each, {}) for each in waits):
        if how.get("condition") == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        assert other in SERVICES


def test_are_roles_started_after_the_migration_and_the_topology() -> None:
    for name in ("bridge", "consumers", "timers"):
        conditions = {other: each["condition"] for other, each in OURS[name]["depends_on"].items()}
        assert conditions == dict.fromkeys(("migrate", "topology"), "service_completed_successfully")
        # longer than the 25 s and 5 s that a consumer takes
        assert int(OURS[name]["stop_grace_period"].removesuffix("s")) > 30


def test_do_the_settings_of_the_stand_ins_hold() -> None:
    settings = load_settings(BESIDE / "sidecar.toml", {})
    assert settings.bridge.host == settings.runtime.http_host == "0.0.0.0"  # noqa: S104  # in a container
    hosts = [settings.broker.url.get_secret_value(), settings.store.url.get_secret_value()]
    hosts += [str(settings.stripe["main"].base_url), str(settings.magento["main"].base_url)]
    named = {url.partition("://")[2].rpartition("@")[2].partition(":")[0] for url in hosts}
    assert named == {"rabbitmq", "mariadb", "stripe", "magento"}
    assert named <= set(SERVICES)


def test_does_prometheus_scrape_every_role_at_its_port() -> None:
    jobs = yaml.safe_load((BESIDE / "prometheus.yml").read_text())["scrape_configs"]
    found = {(name, each["port"]) for job in jobs for each in job.get("dns_sd_configs", []) for name in each["names"]}
    with (BESIDE / "sidecar.toml").open("rb") as file:
        assert not {"http_port", "port"} & {*(settings := tomllib.load(file))["runtime"], *settings["bridge"]}
    assert found == {("bridge", 8080), ("consumers", 9464), ("timers", 9464)}


def test_does_grafana_find_what_is_mounted() -> None:
    mounted = [volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]]
    (provider,) = yaml.safe_load((BESIDE / "grafana" / "dashboards" / "sidecar.yaml").read_text())["providers"]
    assert provider["options"]["path"] in mounted
    (source,) = yaml.safe_load((BESIDE / "grafana" / "datasources" / "prometheus.yaml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
