"""`python3 .ci/lock_part.py [PACKAGE…]`: the part of requirements.lock that these packages need, with its hashes.

Without a name: what the project needs in production, traces included, which cost 8 MB and are switched on by a setting
(`tracing.otlp_endpoint`). Needs nothing but Python, so that an image can be built with it.

requirements.lock is one file for production and development (docs/decisions/0002-lock-file.md). Each of its entries
says who asked for it (`# via`), so the part is found by walking from the packages that are wanted; nothing is resolved
anew, and no index is asked. What a package of development asks for in addition may come along; what is needed is never
missing, and a test holds this against what is installed.
"""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = "(pyproject.toml)"
EXTRAS = ("tracing",)
"""The optional dependencies that are installed as well."""


class UnknownPackageError(Exception):
    """The lock file has no such package."""


def entries(lock: str) -> dict[str, str]:
    """The text of each entry, by the package's name."""
    parts = re.split(r"\n(?=[a-z0-9])", lock.strip())
    return {re.split(r"[=\[ ;]", part, maxsplit=1)[0]: part for part in parts}


def askers(entry: str) -> set[str]:
    """The packages that asked for an entry."""
    said = entry.partition("# via")[2]
    return {name for name in re.findall(r"[a-z0-9][a-z0-9.-]*(?=\s|$|\[)", said) if PROJECT not in name}


def part(lock: str, roots: set[str]) -> str:
    """The entries that these packages need, themselves among them.

    Raises:
        UnknownPackageError: the lock has no such package.
    """
    known = entries(lock)
    missing = sorted(roots - known.keys())
    if missing:
        raise UnknownPackageError(f"{missing[0]} is not in the lock file: run `make lock`")
    wanted, before = set(roots), set[str]()
    while wanted != before:
        before = set(wanted)
        wanted |= {name for name, entry in known.items() if askers(entry) & wanted}
    return "".join(_without_comments(known[name]) + "\n" for name in known if name in wanted)


def production(project: str) -> set[str]:
    """The names of what the project depends on, as a lock file writes them."""
    about = tomllib.loads(project)["project"]
    asked = [*about["dependencies"], *(each for extra in EXTRAS for each in about["optional-dependencies"][extra])]
    return {re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0]).lower() for text in asked}


def _without_comments(entry: str) -> str:
    return "\n".join(line for line in entry.splitlines() if not line.lstrip().startswith("#"))


def main(names: list[str]) -> int:
    """The command line, run where the two files are."""
    roots = set(names) or production(Path("pyproject.toml").read_text(encoding="utf-8"))
    try:
        sys.stdout.write(part(Path("requirements.lock").read_text(encoding="utf-8"), roots))
    except UnknownPackageError as error:
        sys.stderr.write(f"lock_part: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
