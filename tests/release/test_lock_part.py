"""What of the lock file goes into production."""

import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = "magento-stripe-sidecar[tracing]"


def part(*names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own words
        [sys.executable, ".ci/lock_part.py", *names], cwd=ROOT, capture_output=True, text=True, check=False
    )


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE))


def needed_here(root: str) -> set[str]:
    """What the metadata of the installed packages says that one of them needs on this machine."""
    found, ahead = set[str](), [Requirement(root)]
    seen = set[str]()
    while ahead:
        requirement = ahead.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = canonicalize_name(requirement.name)
        found.add(name)
        for text in distribution(name).requires or ():
            child = Requirement(text)
            extras = requirement.extras or {""}
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in extras):
                ahead.append(child)
    return found - {canonicalize_name(Requirement(root).name)}


def test_is_all_in_it_that_production_needs_here() -> None:
    assert needed_here(PROJECT) - names(part().stdout) == set()


def test_is_nothing_in_it_that_only_development_needs() -> None:
    told = part().stdout
    elsewhere = set(re.findall(r"^([a-z0-9.-]+)==\S+ ; ", told, re.MULTILINE))  # for other platforms
    assert names(told) - needed_here(PROJECT) - elsewhere == set()


def test_is_it_enough_to_send_traces() -> None:
    assert {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"} <= names(part().stdout)


def test_does_each_entry_keep_its_version_its_marker_and_all_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    for entry in re.split(r"\n(?=[a-z0-9])", part().stdout.strip()):
        assert entry in lock
        assert not entry.endswith("\\")
        assert lock.split(entry, 1)[1].lstrip("\n").startswith("    # via")


def test_can_the_part_of_some_packages_be_had() -> None:
    told = names(part("hatchling").stdout)
    assert {"hatchling", "pathspec"} <= told
    assert "pytest" not in told


def test_is_a_package_named_that_the_lock_file_does_not_have() -> None:
    ended = part("nobody")
    assert ended.returncode == 2
    assert ended.stderr == "lock_part: nobody is not in the lock file: run `make lock`\n"
