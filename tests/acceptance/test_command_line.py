"""The command as an operator types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.discovery import all_consumers

COMMANDS = (
    ("run",),
    ("bridge",),
    ("timers",),
    ("migrate",),
    ("topology", "apply"),
    ("topology", "diff"),
    ("topology", "export"),
    ("events", "catch-up"),
    ("events", "audit"),
    ("order", "show"),
    ("customers", "sync"),
    ("customers", "show"),
    ("reconcile", "orders"),
    ("dlq", "list"),
    ("dlq", "show"),
    ("dlq", "export"),
    ("dlq", "edit"),
    ("dlq", "replay"),
    ("dlq", "discard"),
    ("status",),
    ("doctor",),
    ("healthcheck",),
    ("support-bundle",),
    ("sandbox", "stripe"),
    ("sandbox", "magento"),
    ("demo",),
)


def sidecar(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "sidecar", *arguments], capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: tuple[str, ...]) -> None:
    shown = sidecar(*command, "--help")
    assert shown.returncode == 0
    assert "Example:" in shown.stdout


def test_settings_that_are_wrong_are_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "sidecar.toml"
    path.write_text("[broker]\n")
    ended = sidecar("topology", "diff", "--config", str(path))
    assert ended.returncode == 2
    assert "sidecar: broker.url: is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_consumer_is_named_with_those_there_are() -> None:
    ended = sidecar("run", "oders")
    assert ended.returncode == 2
    there_are = ", ".join(consumer.queue for consumer in all_consumers())
    assert f"there is no consumer 'oders'; there are: {there_are}" in ended.stderr


def test_the_definitions_can_be_exported_without_any_settings() -> None:
    ended = sidecar("topology", "export")
    exported = json.loads(ended.stdout)
    assert {queue["name"] for queue in exported["queues"]} >= {"orders", "orders.dead-letter", "sidecar.retry.1s"}


def test_a_store_that_is_away_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "sidecar.toml"
    path.write_text(
        '[broker]\nurl = "amqp://127.0.0.1:1/"\n[store]\nurl = "mysql://u:hidden@127.0.0.1:1/d"\n'
        '[stripe.main]\nmode = "test"\nsecret_key = "sk_test_hidden"\nbase_url = "http://127.0.0.1:1"\n'
        '[magento.shop]\nbase_url = "http://127.0.0.1:1"\ntoken = "hidden"\n'
        '[[stores]]\ninstance = "shop"\nstripe = "main"\n'
    )
    for command in (("migrate",), ("topology", "apply"), ("order", "show", "shop/1")):
        ended = sidecar(*command, "--config", str(path))
        assert ended.returncode == 2, ended.stderr
        assert ended.stderr.startswith("sidecar: ")
        assert "hidden" not in ended.stderr
    found = sidecar("doctor", "--json", "--config", str(path))
    assert found.returncode == 1
    verdicts = {finding["check"]: finding["verdict"] for finding in json.loads(found.stdout)["findings"]}
    assert verdicts.pop("certificates") == "ok"  # none of these addresses speaks TLS
    assert set(verdicts.values()) == {"failed"}
