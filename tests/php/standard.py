"""Syntax and coding standard of everything in PHP, by Debian's own tools."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("magento_module", "tests/php")
RULES = Path(__file__).parent / "phpcs.xml"


def php_files() -> list[Path]:
    """The module's and the tests' PHP, templates included."""
    return sorted(
        path for folder in FOLDERS for pattern in ("*.php", "*.phtml") for path in (ROOT / folder).rglob(pattern)
    )


def problems() -> list[str]:
    """What breaks the syntax or the standard, one text for each tool's finding; nothing if all is well."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(_syntax, php_files()) if text]
    command = ["phpcs", f"--standard={RULES}", "--basepath=.", "-q", *FOLDERS]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if checked.returncode != 0:
        found.append(checked.stdout.strip() or checked.stderr.strip())
    return found


def _syntax(path: Path) -> str | None:
    checked = subprocess.run(["php", "-l", str(path)], capture_output=True, text=True, check=False)  # noqa: S603, S607  # our own file
    return None if checked.returncode == 0 else (checked.stdout + checked.stderr).strip()
