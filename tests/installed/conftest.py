"""What is installed here is a release, made of the files as they are."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("release") / "dist"
    command = [sys.executable, ".ci/release", str(to)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  # our own words
    return to
