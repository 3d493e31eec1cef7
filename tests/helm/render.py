"""Runs the real helm, and gives what it made as objects."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[2] / "helm"
VALUES = Path(__file__).parent / "values"
EXAMPLES = sorted(path.stem for path in VALUES.glob("*.yaml"))
HELM = str(Path(sys.executable).parent / "helm")
NAMESPACE = "payments"

Object = dict[str, Any]


class HelmError(Exception):
    """What helm said on standard error."""


@dataclass(frozen=True, slots=True)
class Release:
    """The objects that one release consists of."""

    objects: tuple[Object, ...]

    def of(self, kind: str, *, hooks: bool | None = None) -> dict[str, Object]:
        """Those of a kind, by name; only hooks, or none of them, if asked for."""
        return {
            each["metadata"]["name"]: each
            for each in self.objects
            if each["kind"] == kind and (hooks is None or is_hook(each) == hooks)
        }

    def one(self, kind: str, name: str) -> Object:
        """The one of this kind whose name ends so."""
        (found,) = (each for full, each in self.of(kind).items() if full.endswith(name))
        return found

    def pods(self) -> dict[str, Object]:
        """Whatever becomes a pod, by the name of what makes it: each with `metadata` and `spec`."""
        made = {
            name: each["spec"]["template"] for kind in ("Deployment", "Job") for name, each in self.of(kind).items()
        }
        return made | self.of("Pod")


def is_hook(each: Object) -> bool:
    """Whether helm makes it apart from the release."""
    return "helm.sh/hook" in each["metadata"].get("annotations", {})


def helm(*arguments: str) -> str:
    """Run helm.

    Raises:
        HelmError: it failed.
    """
    ended = subprocess.run([HELM, *arguments], capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if ended.returncode != 0:
        raise HelmError(ended.stderr)
    return ended.stdout


def render(
    *examples: str,
    values: Mapping[str, Any] | None = None,
    release: str = "shop",
    kubernetes: str = "1.30.0",
    chart: Path = CHART,
    extra: Sequence[str] = (),
) -> Release:
    """What the chart makes of examples, in this order, and of values on top."""
    arguments = ["template", release, str(chart), "--namespace", NAMESPACE, "--kube-version", kubernetes, *extra]
    for example in examples:
        arguments += ["--values", str(VALUES / f"{example}.yaml")]
    with tempfile.TemporaryDirectory() as folder:
        for number, (path, value) in enumerate((values or {}).items()):
            file = Path(folder) / f"{number}.yaml"
            file.write_text(yaml.safe_dump(_nested(path, value)))
            arguments += ["--values", str(file)]
        return Release(tuple(_objects(helm(*arguments))))


def _nested(path: str, value: object) -> object:
    first, dot, rest = path.partition(".")
    return {first: _nested(rest, value) if dot else value}


def _objects(text: str) -> Iterable[Object]:
    return (each for each in yaml.safe_load_all(text) if each)
