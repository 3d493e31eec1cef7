"""The alerts as they stand in the repository, and promtool to judge them."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).parents[2]
HELM = ROOT / "helm"
ALERTS = sorted((HELM / "alerts").glob("*.yaml"))
UNIT_TESTS = sorted((HELM / "tests" / "alerts").glob("*.yaml"))

needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is missing: Debian's prometheus")

COMING: set[str] = set()
"""What alerts and dashboards name and no process shows yet."""

METRIC = re.compile(r"\b((?:sidecar|rabbitmq)_[a-z0-9_]+)\b")
RECORDED = re.compile(r"\b(sidecar:[a-z0-9_:]+)\b")


class Rule(BaseModel):
    """One rule, recorded or alerting."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    alert: str | None = None
    record: str | None = None
    expr: str
    lasting: str | None = Field(default=None, alias="for")
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


def read(path: Path) -> dict[str, Any]:
    """A file's YAML."""
    document: dict[str, Any] = yaml.safe_load(path.read_text())
    return document


def rules() -> list[Rule]:
    """All rules of all files."""
    return [Rule.model_validate(rule) for path in ALERTS for group in read(path)["groups"] for rule in group["rules"]]


def alerts() -> list[Rule]:
    """Those that alert."""
    return [rule for rule in rules() if rule.alert is not None]


def names(expression: str) -> set[str]:
    """The metrics that an expression names, a histogram's series by the histogram's own name."""
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in METRIC.findall(expression)}


def promtool(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run it."""
    return subprocess.run(["promtool", *arguments], cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603, S607
