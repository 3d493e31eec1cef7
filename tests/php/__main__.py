"""`python -m tests.php install|lint`: used by the Makefile and by continuous integration.

install  installs Debian's packages that the module's tests need, where that is allowed, and says what is missing
lint     checks syntax and coding standard (PSR-12) of the module and its tests; passes over both where PHP is missing

There is no static analysis beyond that: Debian has no package of PHPStan, and a tool fetched at build time from
somewhere else would not be pinned by anything.
"""

import sys

from tests.php import packages, standard


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201  # a command line


def main(arguments: list[str]) -> int:
    """The command line; 1 if the code breaks the standard, 2 if the command is unknown."""
    match arguments:
        case ["install"]:
            if left := packages.install():
                _say(packages.advice(left))
            return 0
        case ["lint"]:
            if left := packages.missing():
                _say(packages.advice(left))
                return 0
            problems = standard.problems()
            for problem in problems:
                _say(problem)
            return 1 if problems else 0
        case _:
            _say(__doc__ or "")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
