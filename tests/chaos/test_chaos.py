"""A short day on which everything fails once: all money is where it belongs, and no message is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.__main__ import main
from tests.chaos.plan import FAULTS

SEED = 7
ORDERS, RATE, EVERY = 80, 2.0, 0.7
"""Forty seconds in which each of the failures begins once."""


@pytest.mark.private_services
@pytest.mark.xdist_group("private_services")
@pytest.mark.timeout(600)
def test_everything_fails_once_and_all_is_right(tmp_path: Path) -> None:
    words = f"--orders {ORDERS} --seed {SEED} --rate {RATE} --every {EVERY} --keep {tmp_path} --json"
    ended = subprocess.run(  # noqa: S603  # ours
        [sys.executable, "-m", "tests.chaos", *words.split()], check=False, capture_output=True, text=True
    )
    if ended.returncode == 2:
        pytest.skip(ended.stderr)
    said = json.loads(ended.stdout)
    assert said["what"] == [], f"logs: {tmp_path}"
    assert (said["orders"], said["violations"], said["lost"], said["duplicated_effects"]) == (ORDERS, 0, 0, 0)
    assert said["faults"].keys() == FAULTS.keys()
    assert said["parked"] == 3 * said["faults"]["poison"]
    assert said["kills"] > 0
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--faults no_such", "--faults: there is no no_such; there are broker_cut"),
        ("--breakage no_such", "--breakage: there is no no_such; there are "),
    ],
)
def test_a_name_that_there_is_not_is_one_line(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 2
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.count("\n") == 1


@pytest.mark.parametrize("words", ["--orders 0", "--orders many", "--rate 0", "--every -1", "--seed x", "--what"])
def test_what_makes_no_sense_ends_with_2(words: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
