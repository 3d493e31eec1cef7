"""docs/chaos.md names every kind of failure, and no other."""

import re
from pathlib import Path

from tests.chaos.plan import FAULTS

PAGE = Path(__file__).parents[2] / "docs" / "chaos.md"


def test_the_table_of_failures_is_whole() -> None:
    section = PAGE.read_text().split("## What fails")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(FAULTS)
