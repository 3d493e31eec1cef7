"""What is made from the code is what is in the repository."""

from pathlib import Path

import pytest

from sidecar.settings.settings import Settings
from tests.documents.configuration_page import page
from tests.documents.everything import documents

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", documents())
def test_a_page_is_what_the_code_says(path: str) -> None:
    assert (ROOT / path).read_text() == documents()[path], "run python -m tests.documents"


def test_every_setting_is_described() -> None:
    undescribed = [line for line in page().splitlines() if line.startswith("| `") and line.rstrip().endswith("|  |")]
    assert undescribed == []


def test_every_section_is_there() -> None:
    for name in Settings.model_fields:
        assert f"[{name}" in page()
