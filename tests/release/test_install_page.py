"""What docs/install.md says that can be held against something without installing it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.helm.render import CHART, Release, helm
from tests.helm.test_settings_and_credentials import files
from tests.installed.guide import blocks, section

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "docs" / "install" / "systemd"


def rendered(values: str, tmp_path: Path) -> Release:
    file = tmp_path / "values.yaml"
    file.write_text(values)
    made = helm("template", "shop", str(CHART), "--namespace", "payments", "--values", str(file))
    return Release(tuple(each for each in yaml.safe_load_all(made) if each))


@pytest.mark.parametrize("page", ["install", "chart"])
def test_do_the_values_and_the_secret_of_the_page_fit_together(page: str, tmp_path: Path) -> None:
    text = section("Kubernetes") if page == "install" else (CHART / "README.md").read_text()
    values = next(block for block in blocks(text, "yaml") if "credentials" in block)
    secret = next(block for block in blocks(text, "sh") if "create secret" in block)
    given = set(re.findall(r"--from-file=(\S+)", secret))
    made = rendered(values, tmp_path)
    assert {key for pod in made.pods().values() for _, key in files(pod).values()} == given
    assert [rule["host"] for each in made.of("Ingress").values() for rule in each["spec"]["rules"]] == [
        "hooks.shop.example"
    ]


def test_is_a_role_of_the_readme_table_made_as_it_says(tmp_path: Path) -> None:
    examples = blocks((CHART / "README.md").read_text(), "yaml")
    both = yaml.safe_load(examples[0]) | yaml.safe_load(next(each for each in examples if "payments:" in each))
    assert "shop-magento-stripe-sidecar-payments" in rendered(yaml.safe_dump(both), tmp_path).of("Deployment")


def systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607  # our own words


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd's own check")
def test_does_systemd_find_nothing_to_complain_of(tmp_path: Path) -> None:
    program = tmp_path / "sidecar"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    names = []
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/sidecar/bin/sidecar", str(program))
        name = unit.name.replace("@.", "@9464.")
        (tmp_path / unit.name).write_text(text)
        names.append(str(tmp_path / name))
    checked = systemd_analyze("verify", "--man=no", *names)
    assert [line for line in checked.stderr.splitlines() if "sidecar" in line] == []
    for name in names:
        if name.endswith(".service"):
            rated = systemd_analyze("security", "--offline=true", "--no-pager", "--threshold=20", name)
            assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda unit: unit.name)
def test_may_a_unit_do_as_little_as_it_can_live_with(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    user = "sidecar-bridge" if unit.name == "sidecar-bridge.service" else "sidecar"
    assert {
        f"User={user}",
        f"Group={user}",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
    } <= set(lines)
    if "Type=exec" in lines:
        assert "Restart=always" in lines
        assert "TimeoutStopSec=45" in lines  # longer than the 30 s that a consumer takes


def test_have_the_processes_of_a_machine_a_port_each() -> None:
    texts = [unit.read_text() for unit in UNITS.glob("*.service")]
    ports = [port for text in texts for port in re.findall(r"SIDECAR_RUNTIME__HTTP_PORT=(\S+)", text)]
    assert sorted(ports) == ["%i", "9463"]
