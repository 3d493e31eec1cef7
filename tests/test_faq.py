"""Whether the page of questions speaks of checks, commands and pages that there are."""

import re
from pathlib import Path

import pytest
import typer.main

from sidecar.cli.app import app

ROOT = Path(__file__).parents[1]
FAQ = (ROOT / "docs" / "faq.md").read_text()
SOURCES = "".join((ROOT / "sidecar" / name).read_text() for name in ("checks.py", "flow_checks.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "helm" / "runbooks").glob("*.md"))]


def test_every_line_of_the_doctor_that_is_named_can_come() -> None:
    named = set(re.findall(r"^\| `([a-z …:]+)`", FAQ, re.MULTILINE))
    checks = set(re.findall(r'"((?:broker|store|certificates|stripe|magento)[a-z: {}]*)"', SOURCES))
    patterns = {re.sub(r"\{\w+\}", "…", each) for each in checks} | {"magento …"}
    assert named <= patterns


def test_every_check_of_the_flow_is_explained() -> None:
    source = (ROOT / "sidecar" / "flow_checks.py").read_text()
    checks = {re.sub(r"\{\w+\}", "…", each) for each in re.findall(r'Check\(f?"([^"]+)"', source)}
    assert {check for check in checks if f"`{check}`" not in FAQ} == set()


def commands() -> set[str]:
    """Every command, as it is typed."""
    root = typer.main.get_command(app)
    found: set[str] = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # a group
        inner = getattr(command, "commands", None)
        found |= {f"{name} {each}" for each in inner} if inner else {name}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_commands_that_there_are(page: Path) -> None:
    known = commands()
    groups = {each.split()[0] for each in known if " " in each}
    text = page.read_text()
    code = re.findall(r"`(sidecar [^`]+)`", text) + re.findall(r"^\s*(sidecar [a-z].*)$", text, re.MULTILINE)
    named = set()
    for line in code:
        for command in re.split(r"&&|\|", line):
            words = command.split("#")[0].split()
            if len(words) > 1 and words[0] == "sidecar" and re.fullmatch(r"[a-z-]+", words[1]):
                pair = words[1] in groups and len(words) > 2 and re.fullmatch(r"[a-z-]+", words[2])
                named.add(f"{words[1]} {words[2]}" if pair else words[1])
    assert {each for each in named if each not in known and each not in groups} == set()
