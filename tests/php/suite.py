"""Runs the module's PHPUnit tests, a file at a time, and reads what came of them."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

FOLDER = Path(__file__).parent
FILES = tuple(sorted(FOLDER.rglob("*Test.php")))
PATIENCE = 110
"""Seconds that a file's tests may take."""


class SuiteError(Exception):
    """PHPUnit came to no result."""


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one test.

    Attributes:
        problem: PHPUnit's own words about a failure, none if it passed or was skipped.
        skipped: whether the test left itself out.
    """

    name: str
    problem: str | None
    skipped: bool


def name_of(file: Path) -> str:
    """The file's name among the tests."""
    return str(file.relative_to(FOLDER).with_suffix(""))


def run(file: Path, report: Path, environment: Mapping[str, str]) -> list[Case]:
    """Run the tests of one file.

    Args:
        report: where PHPUnit writes its report.
        environment: variables besides our own.

    Raises:
        SuiteError: it did not get as far as a report, for example for a syntax error.
    """
    command = ["phpunit", "--configuration", str(FOLDER / "phpunit.xml"), "--log-junit", str(report), str(file)]
    ended = subprocess.run(  # noqa: S603  # our own tests
        command,
        cwd=FOLDER,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = f"{ended.stdout}\n{ended.stderr}".strip()
    if not report.exists() or not report.stat().st_size:
        raise SuiteError(said)
    cases = [_case(element) for element in ET.parse(report).iter("testcase")]  # noqa: S314  # PHPUnit's own
    if not cases or (ended.returncode != 0 and not any(case.problem for case in cases)):
        raise SuiteError(said)
    return cases


def _case(element: ET.Element) -> Case:
    problems = [
        found.text or found.get("type") or kind
        for kind in ("failure", "error", "warning")
        for found in element.findall(kind)
    ]
    return Case(element.get("name", ""), "\n".join(problems).strip() or None, element.find("skipped") is not None)
