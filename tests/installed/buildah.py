"""Builds images without a container engine: buildah of Debian, on a base made of Debian's own packages."""

import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from tests.services.discover import ROOT as SERVICES

REPOSITORY = Path(__file__).parents[2]
STORAGE = SERVICES / "images"
BASE_VARIABLE = "SIDECAR_TEST_BASE_IMAGE"
NEEDED = ("buildah", "debootstrap")


def missing() -> str | None:
    """Why no image can be built here, if none can."""
    if os.geteuid() != 0:
        return "building an image without an engine needs root"
    gone = [program for program in NEEDED if shutil.which(program) is None]
    return f"`apt-get install --no-install-recommends {' '.join(gone)}`" if gone else None


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """What an image says about how it wants to be run."""

    User: str
    Env: list[str]
    Cmd: list[str]
    Entrypoint: list[str]
    Labels: dict[str, str]
    Healthcheck: dict[str, Any]
    ExposedPorts: dict[str, Any]


def buildah(*arguments: str) -> str:
    """Run buildah on a storage of our own; gives its standard output."""
    storage = ["--root", str(STORAGE / "root"), "--runroot", str(STORAGE / "run")]
    ended = subprocess.run(  # noqa: S603  # our own words
        ["buildah", *storage, *arguments],  # noqa: S607  # Debian's
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert ended.returncode == 0, f"{arguments[0]}: {ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
    return ended.stdout.strip()


def base_image() -> str:
    """An image with Python and nothing of ours; made once, then kept below `.services/`."""
    chosen = os.environ.get(BASE_VARIABLE)
    if chosen:
        return chosen
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    suite = release["VERSION_CODENAME"].strip('"')
    name = f"localhost/debian-python:{suite}"
    if name in buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
        return name
    STORAGE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORAGE) as folder:
        include = "--include=python3-venv,ca-certificates"
        subprocess.run(  # noqa: S603  # our own words
            ["debootstrap", "--variant=minbase", include, suite, folder],  # noqa: S607  # Debian's
            check=True,
            capture_output=True,
        )
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, folder, "/")
        buildah("commit", "--quiet", "--rm", container, name)
    return name


def build(tag: str, context: Path) -> ImageConfig:
    """Carry out the Dockerfile in a folder, as a company would: with a package mirror and certificates of its own."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as pip:
        pip.write(_pip_configuration())
        pip.flush()
        arguments = ["--build-arg", f"BASE={base_image()}", "--build-arg", f"VERSION={version}"]
        secrets = ["--secret", f"id=pip.conf,src={pip.name}"]
        secrets += ["--secret", "id=ca.pem,src=/etc/ssl/certs/ca-certificates.crt"]
        # A health check is part of Docker's image format and not of OCI's.
        format_ = ["--isolation", "chroot", "--format", "docker", "--layers=false"]
        buildah("bud", "--quiet", *format_, *arguments, *secrets, "--tag", tag, str(context))
    inspected = orjson.loads(buildah("inspect", "--type", "image", tag))
    return TypeAdapter(ImageConfig).validate_python(inspected["Docker"]["config"])


@contextmanager
def mounted(image: str) -> Iterator[Path]:
    """The files of an image."""
    container = buildah("from", "--pull-never", image)
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("rm", container)


def _pip_configuration() -> str:
    """The mirror that pip uses on this machine, so that the image is built from it as well."""
    told = subprocess.run(["pip3", "config", "get", "global.index-url"], capture_output=True, text=True, check=False)  # noqa: S607  # whichever pip there is
    index = told.stdout.strip()
    return "[global]\ncert = /run/ca.pem\n" + (f"index-url = {index}\n" if index else "")
