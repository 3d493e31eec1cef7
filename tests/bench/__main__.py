"""`python -m tests.bench`: every benchmark there is, one after the other."""

import runpy
import sys

BENCHMARKS = ("tests.bench.bridge_quick",)
"""Each prints its own table; a name on the command line runs only that one."""


def main(arguments: list[str]) -> int:
    """Run them; 2 for a name that is none."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    wanted = [f"tests.bench.{name}" for name in names] or list(BENCHMARKS)
    for name in wanted:
        if name not in BENCHMARKS:
            known = ", ".join(each.rsplit(".", 1)[1] for each in BENCHMARKS)
            sys.stderr.write(f"there is no benchmark {name!r}; there are: {known}\n")
            return 2
        sys.argv = [name]
        runpy.run_module(name, run_name="__main__")
    return 0


sys.exit(main(sys.argv[1:]))
