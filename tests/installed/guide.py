"""Reads the commands out of a page of the documentation."""

import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "install.md"


def section(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{PAGE.name} has no section {title!r}"
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    """What stands between the fences of this language, in order, without the indentation of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in found]


def with_yours(text: str, yours: dict[str, str]) -> str:
    """Put the reader's own addresses and passwords where the page has examples; each has to be there."""
    for example, own in yours.items():
        assert example in text, f"{PAGE.name} has no {example!r} any more"
        text = text.replace(example, own)
    return text
