"""The version: said once in pyproject.toml, repeated where other tools look for it."""

import json
import re
import tomllib
from pathlib import Path


def version_of(root: Path) -> str:
    """The project's version."""
    with (root / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
        return version


def said_elsewhere(root: Path) -> dict[str, str]:
    """What the other places say, by their names."""
    chart = (root / "helm" / "Chart.yaml").read_text(encoding="utf-8")
    module = json.loads((root / "magento_module" / "composer.json").read_text(encoding="utf-8"))
    found = {"magento_module/composer.json": str(module["version"])}
    for name in ("version", "appVersion"):
        written = re.search(rf'^{name}: "?([^"\s]+)"?$', chart, re.MULTILINE)
        found[f"helm/Chart.yaml {name}"] = written[1] if written else "nothing"
    return found
