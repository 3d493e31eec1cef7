"""`python .ci/release [FOLDER]`: make everything that is handed out, the same bytes each time.

- the wheel, and requirements.txt: what it runs with, with hashes
- bare-metal.tar.gz: both, with units for systemd and settings to begin with
- image-context.tar.gz: what the image is built from
- the chart, and the module for Composer
- sbom.cdx.json: the bill of materials
- SHA256SUMS

Nothing is fetched. SOURCE_DATE_EPOCH is the time in the archives; without it, that of the last commit.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from archives import Files, read_tar_gz, tar_gz, zip_
from sources import ROOT, below, image_context, moment, uncommitted
from versions import said_elsewhere, version_of

NAME = "magento-stripe-sidecar"
TOOLS = Path(sys.executable).parent
"""Where `make install` has put helm, hatchling and the rest."""


class ReleaseError(Exception):
    """Nothing was made; the message says why."""


def release() -> Mapping[str, bytes]:
    """Everything, by the names of the files.

    Raises:
        ReleaseError: versions differ, or a tool failed.
    """
    version, at = version_of(ROOT), moment()
    for place, said in said_elsewhere(ROOT).items():
        if said != version:
            raise ReleaseError(f"{place} says {said}, and pyproject.toml {version}")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        wheel_name, wheel = _wheel(scratch, at)
        requirements = _run(sys.executable, ".ci/lock_part.py", at=at)
        bare_metal = {
            PurePosixPath("requirements.txt"): requirements,
            PurePosixPath(wheel_name): wheel,
            **_moved(below("docs/install/systemd"), "docs/install/systemd", "systemd"),
            **_moved(below("LICENSE"), ".", "."),
        }
        return {
            wheel_name: wheel,
            f"{NAME}-{version}-requirements.txt": requirements,
            f"{NAME}-{version}-bare-metal.tar.gz": tar_gz(_moved(bare_metal, ".", f"{NAME}-{version}"), at),
            f"{NAME}-{version}-image-context.tar.gz": tar_gz(_moved(image_context(), ".", f"{NAME}-{version}"), at),
            f"{NAME}-{version}.tgz": tar_gz(_chart(scratch, at), at),
            f"sidecar-module-stripe-{version}.zip": zip_(_moved(below("magento_module"), "magento_module", "."), at),
            f"{NAME}-{version}-sbom.cdx.json": _bill(scratch, requirements, at),
        }


def _moved(files: Files, before: str, after: str) -> Files:
    return {PurePosixPath(after) / path.relative_to(before): content for path, content in files.items()}


def _wheel(scratch: Path, at: int) -> tuple[str, bytes]:
    _run(str(TOOLS / "hatchling"), "build", "--target", "wheel", "--directory", str(scratch / "wheel"), at=at)
    (made,) = (scratch / "wheel").glob("*.whl")
    return made.name, made.read_bytes()


def _chart(scratch: Path, at: int) -> Files:
    """What `helm package` packs, whose own archive has the time of its making in it."""
    _run(str(TOOLS / "helm"), "package", "helm", "--destination", str(scratch / "chart"), at=at)
    (made,) = (scratch / "chart").glob("*.tgz")
    return read_tar_gz(made.read_bytes())


def _bill(scratch: Path, requirements: bytes, at: int) -> bytes:
    (scratch / "requirements.txt").write_bytes(requirements)
    tool = [str(TOOLS / "cyclonedx-py"), "requirements", str(scratch / "requirements.txt")]
    about = ["--pyproject", "pyproject.toml", "--mc-type", "application"]
    return _run(*tool, *about, "--output-reproducible", "--output-format", "JSON", "--output-file", "-", at=at)


def _run(*command: str, at: int) -> bytes:
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(at), "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)  # noqa: S603  # our own words
    if ended.returncode != 0:
        raise ReleaseError(f"{Path(command[0]).name} failed: {ended.stderr.decode(errors='replace').strip()}")
    return ended.stdout


def main(arguments: list[str]) -> int:
    """The command line."""
    to = Path(arguments[0]) if arguments else ROOT / "dist"
    if uncommitted():
        sys.stderr.write("release: there are changes that are not committed\n")
    try:
        made = release()
    except ReleaseError as error:
        sys.stderr.write(f"release: {error}\n")
        return 2
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    sums = "".join(f"{hashlib.sha256(made[name]).hexdigest()}  {name}\n" for name in sorted(made))
    for name, content in [*made.items(), ("SHA256SUMS", sums.encode())]:
        (to / name).write_bytes(content)
    sys.stdout.write(sums)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
