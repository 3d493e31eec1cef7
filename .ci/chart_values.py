"""Brings what is derived in the chart in step: `python .ci/chart_values.py [--check]`.

- The table in helm/README.md comes from helm/values.yaml: each value with the comment above it.
- `settings` in helm/values.schema.json comes from the settings themselves, without the credentials.

The rest of both files is written by hand. `--check` changes nothing, and fails if anything is not in step.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sidecar.settings.settings import Settings

CHART = Path(__file__).parents[1] / "helm"
BEGIN, END = "<!-- values: begin -->", "<!-- values: end -->"
CREDENTIALS_ALTHOUGH_READABLE = {"oauth"}
"""Sections that are credentials as a whole, with the names in them that are no secrets by themselves."""


@dataclass(frozen=True, slots=True)
class Value:
    """A line of the table."""

    path: str
    default: object
    comment: str


def values(text: str) -> Iterator[Value]:
    """What can be set, in the order of the file; a section is a line of its own if it is empty or has a comment only.

    A value whose comment says what is in it is shown whole; all others are shown leaf by leaf.
    """
    whole = yaml.safe_load(text)
    path: list[tuple[int, str]] = []
    comment: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("# "):
            comment.append(stripped.removeprefix("# "))
            continue
        found = re.match(r"^( *)([A-Za-z_-]+):", line)
        if found:
            indent = len(found[1])
            path = [*(each for each in path if each[0] < indent), (indent, found[2])]
            names = [name for _, name in path]
            parent = _at(whole, names[:-1])
            if isinstance(parent, dict):  # else it is in a list, which is shown whole
                value = parent[names[-1]]
                if not isinstance(value, dict) or not value or comment:
                    yield Value(".".join(names), value, " ".join(comment))
        comment = []


def _at(value: Any, names: list[str]) -> Any:  # noqa: ANN401  # YAML
    for name in names:
        value = value[name] if isinstance(value, dict) else None
    return value


def table(text: str) -> str:
    """The values as a table of Markdown."""
    lines = ["| value | default | meaning |", "| --- | --- | --- |"]
    for each in values(text):
        is_section = isinstance(each.default, dict) and bool(each.default)
        default = "" if is_section else f"`{json.dumps(each.default)}`"
        comment = each.comment.replace("|", "\\|")
        lines.append(f"| `{each.path}` | {default} | {comment} |")
    return "\n".join(lines)


def settings_schema() -> dict[str, Any]:
    """The settings as a schema for Helm: no credentials, nothing that has to be given, and no references."""
    schema = Settings.model_json_schema()
    settings: dict[str, Any] = _without_credentials(schema, schema["$defs"])
    settings["description"] = "The settings file as YAML, without its credentials."
    settings.pop("required", None)
    settings["properties"]["stores"].pop("minItems")  # the chart says itself what is missing, and how to give it
    return settings


def _without_credentials(schema: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401  # a JSON Schema
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _without_credentials(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        (only,) = (each for each in schema["anyOf"] if each != {"type": "null"})
        described = {"description": schema["description"]} if "description" in schema else {}
        return described | _without_credentials(only, known)
    made = {name: schema[name] for name in schema if name in KEPT}
    if schema.get("format") == "duration":
        made |= {"type": ["string", "number"]}  # ISO 8601, or seconds
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = _without_credentials(schema["additionalProperties"], known)
    if "items" in schema:
        made["items"] = _without_credentials(schema["items"], known)
    if "properties" in schema:
        made["properties"] = {
            name: _without_credentials(each, known)
            for name, each in schema["properties"].items()
            if name not in CREDENTIALS_ALTHOUGH_READABLE and not _is_secret(each)
        }
        required = [name for name in schema.get("required", ()) if name in made["properties"]]
        made |= {"required": required} if required else {}
    return made


KEPT = {
    *{"type", "description", "enum", "const", "additionalProperties", "pattern", "minLength", "maxLength", "minItems"},
    *{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
}


def _is_secret(schema: dict[str, Any]) -> bool:
    inner = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    return any(each.get("format") == "password" for each in inner)


def derived() -> dict[Path, str]:
    """What each file should hold."""
    readme, schema = CHART / "README.md", CHART / "values.schema.json"
    written = json.loads(schema.read_text(encoding="utf-8"))
    written["properties"]["settings"] = settings_schema()
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    made = table((CHART / "values.yaml").read_text(encoding="utf-8"))
    return {
        schema: json.dumps(written, indent=2, ensure_ascii=False) + "\n",
        readme: f"{before}{BEGIN}\n{made}\n{END}{after}",
    }


def main(arguments: list[str]) -> int:
    """The command line."""
    stale = [path for path, text in derived().items() if path.read_text(encoding="utf-8") != text]
    if arguments == ["--check"]:
        for path in stale:
            sys.stderr.write(f"{path.name} is not in step: run `python .ci/chart_values.py`\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(derived()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
