"""Is a release whole, and the same whoever makes it?"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml

from tests.installed.checkout import checked_out

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
NAME = f"magento-stripe-sidecar-{VERSION}"
AT = "1790000000"


def release(repository: Path, to: Path, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own words
        [sys.executable, ".ci/release", str(to)],
        cwd=repository,
        env=os.environ | {"SOURCE_DATE_EPOCH": AT},
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    repository = checked_out(folder / "repository")
    ended = release(repository, folder / "dist")
    assert ended.returncode == 0, ended.stderr
    return folder / "dist"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_is_it_the_same_from_another_place_at_another_time_by_another_user(made: Path, tmp_path: Path) -> None:
    repository = checked_out(tmp_path / "somewhere" / "else")
    for path in repository.rglob("*"):
        if path.is_file():
            os.utime(path, (1_000_000_000, 1_000_000_000))
            path.chmod(0o600)
    (repository / "sidecar" / "__pycache__").mkdir()
    (repository / "sidecar" / "__pycache__" / "left.pyc").write_bytes(b"left behind")
    ended = release(repository, tmp_path / "dist", umask=0o077)
    assert ended.returncode == 0, ended.stderr
    assert contents(tmp_path / "dist") == contents(made)


def test_is_everything_there_with_its_sum(made: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (made / "SHA256SUMS").read_text().splitlines())
    found = {name: hashlib.sha256(data).hexdigest() for name, data in contents(made).items() if name != "SHA256SUMS"}
    assert sums == found
    assert set(found) == {
        f"magento_stripe_sidecar-{VERSION}-py3-none-any.whl",
        f"{NAME}-requirements.txt",
        f"{NAME}-bare-metal.tar.gz",
        f"{NAME}-image-context.tar.gz",
        f"{NAME}.tgz",
        f"{NAME}-sbom.cdx.json",
        f"sidecar-module-stripe-{VERSION}.zip",
    }


def test_has_everything_the_same_version(made: Path) -> None:
    with zipfile.ZipFile(made / f"magento_stripe_sidecar-{VERSION}-py3-none-any.whl") as wheel:
        metadata = Parser().parsestr(wheel.read(f"magento_stripe_sidecar-{VERSION}.dist-info/METADATA").decode())
    assert metadata["Version"] == VERSION
    with tarfile.open(made / f"{NAME}.tgz") as chart:
        member = chart.extractfile("magento-stripe-sidecar/Chart.yaml")
        assert member is not None
        about = yaml.safe_load(member.read())
    assert about["version"] == about["appVersion"] == VERSION
    with zipfile.ZipFile(made / f"sidecar-module-stripe-{VERSION}.zip") as module:
        assert json.loads(module.read("composer.json"))["version"] == VERSION
        assert "etc/module.xml" in module.namelist()
    bill = json.loads((made / f"{NAME}-sbom.cdx.json").read_text())
    assert bill["metadata"]["component"]["version"] == VERSION


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("magento_module/composer.json", ('"version": "', '"version": "9')),
        ("helm/Chart.yaml", ("appVersion: ", "appVersion: 9 #")),
        ("helm/Chart.yaml", ("\nversion: ", "\nversion: 9")),
    ],
)
def test_is_nothing_released_when_versions_differ(tmp_path: Path, file: str, change: tuple[str, str]) -> None:
    repository = checked_out(tmp_path / "repository")
    path = repository / file
    path.write_text(path.read_text().replace(*change))
    ended = release(repository, tmp_path / "dist")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"release: {file}")
    assert not (tmp_path / "dist").exists()


def test_is_what_goes_into_production_pinned_by_hash(made: Path) -> None:
    text = (made / f"{NAME}-requirements.txt").read_text()
    assert "pytest" not in text
    entries = len(re.findall(r"^[a-z0-9.-]+==", text, re.MULTILINE))
    assert 0 < entries <= text.count("--hash=sha256:")
    bill = json.loads((made / f"{NAME}-sbom.cdx.json").read_text())
    assert len(bill["components"]) == entries


def test_is_no_file_of_an_archive_anybodys(made: Path) -> None:
    for path in made.glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            for entry in archive:
                assert (entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, "", "")
                assert entry.mtime == int(AT)
                assert not entry.name.startswith(("/", ".."))


def test_does_the_image_context_hold_what_the_dockerfile_copies_and_no_tests(made: Path) -> None:
    with tarfile.open(made / f"{NAME}-image-context.tar.gz") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    wanted = {"Dockerfile", ".dockerignore", ".ci/lock_part.py", "pyproject.toml", "requirements.lock", "README.md"}
    assert wanted <= names
    assert {name.partition("/")[0] for name in names} == {
        *{"Dockerfile", ".dockerignore", ".ci", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"},
        *{"schemas", "sidecar", "consumers"},
    }


def test_does_the_bare_metal_archive_hold_the_wheel_that_is_released(made: Path) -> None:
    wheel = f"magento_stripe_sidecar-{VERSION}-py3-none-any.whl"
    with tarfile.open(fileobj=io.BytesIO((made / f"{NAME}-bare-metal.tar.gz").read_bytes())) as archive:
        member = archive.extractfile(f"{NAME}/{wheel}")
        assert member is not None
        assert member.read() == (made / wheel).read_bytes()
        units = {name for name in archive.getnames() if "/systemd/" in name}
    assert {Path(unit).name for unit in units} == {
        path.name for path in (ROOT / "docs" / "install" / "systemd").iterdir()
    }


@pytest.mark.skipif(shutil.which("composer") is None, reason="needs Composer")
def test_does_composer_take_the_module(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made / f"sidecar-module-stripe-{VERSION}.zip") as module:
        (tmp_path / "composer.json").write_bytes(module.read("composer.json"))
    checked = subprocess.run(
        ["composer", "validate", "--no-check-publish", "--no-interaction", "composer.json"],  # noqa: S607  # whichever Composer there is
        cwd=tmp_path,
        env=os.environ | {"COMPOSER_ALLOW_SUPERUSER": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "is valid" in checked.stdout + checked.stderr
