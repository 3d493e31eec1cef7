"""The expressions of dashboards, as Prometheus gets them from Grafana."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.monitoring.rules import HELM

DASHBOARDS = sorted((HELM / "dashboards").glob("*.json"))
GRAFANA = {"$__rate_interval": "{rate}", "$__range": "{span}", "$namespace": ".*"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One query of a panel."""

    dashboard: str
    panel: str
    expression: str
    legend: str

    def asked(self, rate: str = "5m", span: str = "1h") -> str:
        """With Grafana's variables filled in."""
        text = self.expression
        for name, value in GRAFANA.items():
            text = text.replace(name, {"{rate}": rate, "{span}": span}.get(value, value))
        return text


def shown() -> list[Shown]:
    """All of them."""
    return [
        Shown(path.stem, panel["title"], target["expr"], target.get("legendFormat", ""))
        for path in DASHBOARDS
        for panel in _read(path)["panels"]
        for target in panel.get("targets", [])
    ]


def variables(expression: str) -> set[str]:
    """What Grafana would have to fill in."""
    return set(re.findall(r"\$\w+|\$\{\w+[^}]*\}", expression))


def _read(path: Path) -> dict[str, list[dict[str, Any]]]:
    document: dict[str, list[dict[str, Any]]] = json.loads(path.read_text())
    return document
