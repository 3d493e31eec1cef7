"""What holds for the repository as a whole."""

import fnmatch
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    *{"CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md", "compose.yaml"},
    *{"consumers", "docs", "helm", "magento_module", "schemas", "sidecar", "tests"},
    *{"pyproject.toml", "requirements.lock"},
}
# The letters in brackets keep these lines from finding themselves.
ELSEWHERE = {
    "a path of somebody's machine": re.compile(r"(?<![\w.*])/(?:hom[e]|opt/pyp[i]|roo[t]|User[s]|wor[k])/[\w.-]"),
    "the host of a package registry": re.compile(r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.org|packagis[t]\.org"),
    "the address of a package index": re.compile(r"https?://[^\s\"')]+/simpl[e]\b"),
}
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def files() -> Iterator[Path]:
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line]
    for folder, names, found in os.walk(ROOT):
        names[:] = [name for name in names if _is_of_the_project(name, ignored)]
        yield from (Path(folder) / name for name in found if _is_of_the_project(name, ignored))


def _is_of_the_project(name: str, ignored: list[str]) -> bool:
    """`.git` is a folder, or in a further working tree a file."""
    return name != ".git" and not any(fnmatch.fnmatch(name, pattern) for pattern in ignored)


def test_the_top_level_has_the_names_that_it_has() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in files()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_no_file_names_something_of_one_machine(kind: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if ELSEWHERE[kind].search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    examples = {
        "a path of somebody's machine": "see /ho|me/jane/sidecar",
        "the host of a package registry": "https://py|pi.org/project/x",
        "the address of a package index": "https://mirror.example/sim|ple",
    }
    for kind, example in examples.items():
        assert ELSEWHERE[kind].search(example.replace("|", "")), kind


def test_the_licence_is_there_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert project()["license"] == "Apache-2.0"


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_a_context_a_decision_and_a_cost(page: Path) -> None:
    text = page.read_text()
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Cost"]


def test_no_two_decisions_have_one_number() -> None:
    numbers = [page.name[:4] for page in DECISIONS]
    assert len(numbers) == len(set(numbers))
    assert "0001" in numbers


def test_the_lock_file_has_what_the_project_asks_for() -> None:
    locked: dict[str, str] = dict(
        re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    asked = [Requirement(text) for text in [*project()["dependencies"], *project()["optional-dependencies"]["dev"]]]
    assert [str(each) for each in asked if locked.get(each.name, "") not in each.specifier] == []


def test_everything_in_the_lock_file_has_a_hash_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        whole: dict[str, dict[str, Any]] = tomllib.load(file)
    return whole["project"]


@pytest.mark.parametrize(
    "target",
    "demo test test-installed chaos chaos-mutations bench lint services-up services-down install lock image"
    " release".split(),
)
def test_make_says_what_it_can_do(target: str) -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607  # whichever make there is
    assert re.search(rf"^{target} +\w", told, re.MULTILINE)
