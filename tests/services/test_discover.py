"""Whether services are found, refused and started as the command line says."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services import discover, process
from tests.services.addresses import BROKER_VARIABLE, STORE_VARIABLE, Services, broker_answers, store_answers
from tests.services.debian.packages import MARIADB
from tests.services.way import VARIABLE, Way

NOBODY = "127.0.0.1:1"


def command_line(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own fixed words
        [sys.executable, "-m", "tests.services", *arguments],
        cwd=discover.ROOT.parent,
        env=os.environ | {VARIABLE: ""} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_env_prints_the_addresses_and_nothing_else(services: Services) -> None:
    told = command_line("env", **services.environment())
    assert told.returncode == 0
    assert told.stdout.splitlines() == [f"export {name}={value}" for name, value in services.environment().items()]


def test_up_tells_a_person_where_they_are_without_passwords(services: Services) -> None:
    told = command_line("up", **services.environment())
    assert (told.returncode, told.stdout) == (0, "")
    assert "RabbitMQ: amqp://" in told.stderr
    assert ":guest@" not in told.stderr


@pytest.mark.parametrize(
    ("variable", "url"),
    [(BROKER_VARIABLE, f"amqp://guest:hidden@{NOBODY}/"), (STORE_VARIABLE, f"mysql://root:hidden@{NOBODY}/")],
)
def test_a_named_server_that_does_not_answer_is_an_error(services: Services, variable: str, url: str) -> None:
    told = command_line("env", **services.environment() | {variable: url})
    assert (told.returncode, told.stdout) == (2, "")
    assert variable in told.stderr
    assert "hidden" not in told.stderr


def test_an_unknown_way_is_refused() -> None:
    told = command_line("up", **{VARIABLE: "magic"})
    assert told.returncode == 2
    assert "running, docker, debian" in told.stderr


def test_unknown_words_are_told_what_there_is() -> None:
    told = command_line("restart")
    assert told.returncode == 2
    assert "up|down|env" in told.stderr


@pytest.mark.parametrize(
    ("answers", "url"), [(broker_answers, f"amqp://{NOBODY}/"), (store_answers, f"mysql://{NOBODY}/")]
)
def test_nobody_answers_where_nobody_is(answers: Callable[[str], bool], url: str) -> None:
    assert not answers(url)


def test_a_wrong_password_is_no_answer(broker_url: str) -> None:
    host = broker_url.rpartition("@")[2]
    assert not broker_answers(f"amqp://guest:wrong@{host}")


@pytest.mark.skipif(not MARIADB.installed, reason="Debian's mariadb-server is not installed")
def test_what_was_started_is_found_again_and_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "ROOT", tmp_path)
    url = discover.find_or_start(discover.STORE, Way.DEBIAN)
    assert store_answers(url)
    assert discover.find_or_start(discover.STORE, Way.DEBIAN) == url
    assert discover.down() == ["mariadb"]
    assert not store_answers(url)
    assert discover.down() == []


def test_a_process_that_took_over_the_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as other:  # noqa: S607  # a process to leave alone
        try:
            (tmp_path / process.LEADER).write_text(f"{other.pid} 1")
            process.end(tmp_path)
            assert other.poll() is None
        finally:
            other.kill()
    assert not (tmp_path / process.LEADER).exists()
