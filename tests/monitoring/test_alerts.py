"""Whether each alert can be read, is tested at its threshold, and tells somebody what to do."""

import re
import shutil
from pathlib import Path

import pytest

from tests.documents.registries import described
from tests.monitoring.rules import (
    ALERTS,
    COMING,
    HELM,
    UNIT_TESTS,
    Rule,
    alerts,
    names,
    needs_promtool,
    promtool,
    read,
    rules,
)

RUNBOOKS = HELM / "runbooks"
KNOWN = {metric.name for metric in described()}
SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mend"]


@needs_promtool
@pytest.mark.parametrize("path", ALERTS, ids=lambda path: path.stem)
def test_prometheus_can_read_them(path: Path) -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", str(path))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@needs_promtool
@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_they_fire_at_their_thresholds_and_not_before(path: Path) -> None:
    tested = promtool("test", "rules", str(path))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_file_of_alerts_has_tests_and_each_alert_is_among_them() -> None:
    assert [path.name for path in ALERTS] == [path.name for path in UNIT_TESTS]
    for path in ALERTS:
        tested = (HELM / "tests" / "alerts" / path.name).read_text()
        for group in read(path)["groups"]:
            missing = [rule["alert"] for rule in group["rules"] if "alert" in rule and rule["alert"] not in tested]
            assert missing == []


def _changed(path: Path) -> list[tuple[str, str]]:
    """The file with one alert's threshold a little further away, or its patience a little longer, each time."""
    text = path.read_text()
    found: list[tuple[str, str]] = []
    for block in re.split(r"(?=^      - (?:alert|record): )", text, flags=re.MULTILINE)[1:]:
        if "- alert:" not in block:
            continue
        name = block.split("\n", 1)[0].removeprefix("      - alert: ")
        expression = block.partition("        labels:")[0]
        patience = re.search(r"for: (\d+)([mh])", expression)
        if patience:
            longer = f"for: {int(patience[1]) + 1}{patience[2]}"
            found.append((f"{name} for", text.replace(block, block.replace(patience[0], longer))))
        body = expression.partition("        for:")[0]
        threshold = re.search(r"(>|==|<) (\d+(?:\.\d+)?)", body)
        if threshold:
            value = float(threshold[2])
            further = value * 0.9 if threshold[1] == "<" else value * 1.05 + (value < 2)  # none, one
            moved = body[: threshold.start()] + f"{threshold[1]} {further}" + body[threshold.end() :]
            found.append((f"{name} threshold", text.replace(block, block.replace(body, moved))))
    return found


@needs_promtool
@pytest.mark.parametrize(
    ("name", "stem", "changed"),
    [(name, path.stem, changed) for path in ALERTS for name, changed in _changed(path)],
    ids=lambda value: value if len(value) < 60 else "",
)
def test_an_alert_that_is_a_little_deafer_fails_its_test(name: str, stem: str, changed: str, tmp_path: Path) -> None:
    assert changed != (HELM / "alerts" / f"{stem}.yaml").read_text()
    (tmp_path / "alerts").mkdir()
    (tmp_path / "tests" / "alerts").mkdir(parents=True)
    (tmp_path / "alerts" / f"{stem}.yaml").write_text(changed)
    shutil.copy(HELM / "tests" / "alerts" / f"{stem}.yaml", tmp_path / "tests" / "alerts")
    assert promtool("test", "rules", str(tmp_path / "tests" / "alerts" / f"{stem}.yaml")).returncode != 0, name


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule.alert}-{rule.labels.get('window', '')}")
def test_an_alert_says_what_it_is_and_how_bad(rule: Rule) -> None:
    assert re.fullmatch(r"([A-Z][a-z]+)+", rule.alert or "")
    assert rule.labels["severity"] in {"critical", "warning"}
    assert set(rule.annotations) == {"summary", "description", "runbook"}
    assert not rule.annotations["summary"].endswith(".")
    assert rule.annotations["description"].endswith(".")
    assert rule.annotations["runbook"] == f"helm/runbooks/{rule.alert}.md"


@pytest.mark.parametrize("name", sorted({rule.alert or "" for rule in alerts()}))
def test_an_alert_has_a_runbook_with_something_to_do(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    parts = dict(zip(SECTIONS, re.split(r"^## .+$", text, flags=re.MULTILINE)[1:], strict=True))
    assert all(part.strip() for part in parts.values())
    assert "```" in parts["Diagnosis"], "no command to look with"


def test_no_runbook_is_about_an_alert_that_is_gone() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {rule.alert for rule in alerts()}


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_runbook_names_commands_and_metrics_that_there_are(path: Path) -> None:
    text = path.read_text()
    assert {name for name in names(text) if name.startswith("sidecar_")} <= KNOWN | COMING


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.alert or rule.record or "")
def test_a_rule_names_metrics_and_labels_that_there_are(rule: Rule) -> None:
    assert {name for name in names(rule.expr) if name.startswith("sidecar_")} <= KNOWN | COMING


def test_what_was_to_come_has_not_come_yet() -> None:
    assert not KNOWN & COMING, "take it out of COMING"


def test_what_is_recorded_is_used_and_named_by_its_level() -> None:
    recorded = {rule.record for rule in rules() if rule.record}
    assert all(re.fullmatch(r"sidecar:[a-z_]+:rate\d+[mhd]", name) for name in recorded)
    used = " ".join(rule.expr for rule in alerts())
    late = {name for name in recorded if name.startswith("sidecar:payments_late:")}
    assert [name for name in late if name not in used] == []
