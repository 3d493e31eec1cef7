"""`python -m tests.documents` writes what is made from the code; with `--check` it only says what differs."""

import sys
from pathlib import Path

from tests.documents import everything

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """The command line; 1 when something differs, 2 for wrong arguments."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)  # noqa: T201  # a command line
        return 2
    differing = [path for path, text in everything.documents().items() if not _same(ROOT / path, text)]
    for path in differing:
        if arguments:
            print(f"{path} is not what the code says: run python -m tests.documents", file=sys.stderr)  # noqa: T201
        else:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(everything.documents()[path])
            print(f"wrote {path}")  # noqa: T201
    return 1 if arguments and differing else 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
