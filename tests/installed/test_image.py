"""The image: built by the instructions of the Dockerfile, run as strictly as a cluster may."""

import json
import tarfile
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from sidecar.adapters.broker_amqp import declare
from sidecar.discovery import all_consumers
from sidecar.topology import topology_of
from tests.installed.box import Box
from tests.installed.buildah import REPOSITORY, build, missing, mounted
from tests.services.debian.home import free_port

pytestmark = pytest.mark.timeout(1200)  # the first builds a base and the image, from a registry's packages
IMAGE = "localhost/magento-stripe-sidecar:test"
OURS = "opt/sidecar"


@pytest.fixture(scope="module")
def box(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    (archive,) = release.glob("*-image-context.tar.gz")
    folder = tmp_path_factory.mktemp("context")
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    (context,) = folder.iterdir()
    config = build(IMAGE, context)
    with mounted(IMAGE) as root:
        yield Box(root, config)


@pytest.fixture
async def settings(broker_url: str, database_url: str, topology_prefix: str) -> AsyncIterator[dict[str, str]]:
    """All settings by the environment, so that the image needs no file."""
    yield {
        "SIDECAR_CONFIG": "",
        "SIDECAR_BROKER__URL": broker_url,
        "SIDECAR_BROKER__PREFIX": topology_prefix,
        "SIDECAR_STORE__URL": database_url,
        "SIDECAR_STRIPE": '{"main": {"mode": "test", "secret_key": "sk_test_x", "webhook_secrets": ["whsec_x"]}}',
        "SIDECAR_MAGENTO": '{"shop": {"base_url": "http://127.0.0.1:1", "token": "x"}}',
        "SIDECAR_STORES": '[{"instance": "shop", "stripe": "main"}]',
        "SIDECAR_BRIDGE__PORT": str(free_port()),
        "SIDECAR_RUNTIME__HTTP_PORT": str(free_port()),
        "SIDECAR_TRACING__OTLP_ENDPOINT": "http://127.0.0.1:1",
    }
    await declare.remove(broker_url, topology_of(all_consumers(), topology_prefix))


def installed(root: Path) -> dict[str, str]:
    """The packages in the image, by name, with their versions."""
    (packages,) = (root / OURS).glob("lib/python3.*/site-packages")
    found = [Distribution.at(path) for path in packages.glob("*.dist-info")]
    return {canonicalize_name(each.name): each.version for each in found}


def test_is_it_described(box: Box) -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert box.config.Labels["org.opencontainers.image.version"] == version
    assert box.config.Entrypoint == ["sidecar"]
    assert box.config.Healthcheck["Test"] == ["CMD", "sidecar", "healthcheck"]
    assert set(box.config.ExposedPorts) == {"8080/tcp", "9464/tcp"}


def test_is_it_run_as_nobody_by_number(box: Box) -> None:
    user, _, group = box.config.User.partition(":")
    assert int(user) > 10_000
    assert int(group) > 10_000


def test_does_it_hold_what_production_needs_and_nothing_of_development(box: Box) -> None:
    names = set(installed(box.root))
    assert {"magento-stripe-sidecar", "aio-pika", "stripe", "uvloop", "opentelemetry-sdk"} <= names
    assert not names & {"pytest", "mypy", "ruff", "pip", "hatchling", "cyclonedx-bom", "testcontainers", "setuptools"}


def test_does_its_bill_of_materials_name_each_package_in_it(box: Box) -> None:
    bill = json.loads((box.root / OURS / "sbom.cdx.json").read_text())
    named = {canonicalize_name(each["name"]): each["version"] for each in bill["components"]}
    named[bill["metadata"]["component"]["name"]] = bill["metadata"]["component"]["version"]
    assert bill["bomFormat"] == "CycloneDX"
    assert named == installed(box.root)


def test_is_every_file_of_ours_readable_by_anybody_and_writable_by_root_alone(box: Box) -> None:
    wrong = [
        str(path)
        for path in (box.root / OURS).rglob("*")
        if not path.is_symlink() and (path.stat().st_mode & 0o022 or not path.stat().st_mode & 0o004)
    ]
    assert wrong == []


def test_is_no_secret_of_the_build_left_in_it(box: Box) -> None:
    assert [str(path) for name in ("etc/pip.conf", "run/ca.pem") if (path := box.root / name).exists()] == []


def test_does_a_command_without_settings_say_so_in_a_line(box: Box) -> None:
    ended = box.run("doctor")
    assert ended.returncode == 2
    assert ended.stderr.startswith("sidecar: cannot read /etc/sidecar/sidecar.toml")


def test_can_nothing_be_written_and_no_shell_be_started_where_it_runs(box: Box) -> None:
    probe = "import subprocess\ntry: open('/opt/sidecar/x', 'w')\nexcept OSError as error: print(error.strerror)\n"
    probe += "try: subprocess.run('true', shell=True)\nexcept OSError as error: print(error.strerror)\n"
    ended = box.run("-c", probe, entrypoint=("python",))
    assert ended.stdout.splitlines() == ["Read-only file system", "Permission denied"], ended.stderr


def test_does_every_role_become_healthy_and_ready_and_end_in_order(box: Box, settings: dict[str, str]) -> None:
    for once in (("migrate",), ("topology", "apply")):
        ended = box.run(*once, variables=settings)
        assert ended.returncode == 0, ended.stderr
    for role in (("bridge",), ("run", "orders"), ("timers",)):
        with box.running(*role, variables=settings) as process:
            deadline = time.monotonic() + 60
            while (ended := box.run("healthcheck", role[0], "--ready", variables=settings)).returncode != 0:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < deadline, ended.stdout
            assert box.run("healthcheck", variables=settings).returncode == 0
        assert process.returncode == 0, role
    assert box.run("healthcheck", variables=settings).returncode == 1


def test_does_the_image_take_orders_to_paid(box: Box, broker_url: str, store_server_url: str) -> None:
    ended = box.run(
        "demo", "--json", variables={"SIDECAR_TEST_BROKER_URL": broker_url, "SIDECAR_TEST_STORE_URL": store_server_url}
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
