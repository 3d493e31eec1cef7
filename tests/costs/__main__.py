"""`python -m tests.costs` prints what messages cost beside their budgets; with `--write` it makes that the budget."""

import sys

from sidecar.observability.logs import configure_logs
from tests.costs.budget import UNITS, Budget, differs
from tests.costs.scenes import count
from tests.services import discover


def main(arguments: list[str]) -> int:
    """The command line; 1 when something differs from its budget, 2 for wrong arguments."""
    if arguments not in ([], ["--write"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    configure_logs("warning")
    services = discover.up()
    tallies, modules = count(services.broker_url, services.store_url)
    found = Budget.of(tallies, modules)
    if arguments:
        found.write()
    budget = Budget.read()
    complaints: list[str] = []

    def say(who: str, measure: str, number: int, allowed: int | None, said: list[str] | None = None) -> None:
        sys.stdout.write(f"  {number:8} {UNITS[measure]}{'' if number == allowed else f' (budget {allowed})'}\n")
        complaint = f"{who}: no budget" if allowed is None else differs(who, measure, number, allowed, said)
        complaints.extend([complaint] if complaint else [])

    for scene, numbers in found.scenes.items():
        sys.stdout.write(f"{scene}\n")
        for measure, number in numbers.items():
            say(scene, measure, number, budget.scenes.get(scene, {}).get(measure), tallies[scene].listed(measure))
    for process, number in found.modules.items():
        sys.stdout.write(f"{process}\n")
        say(process, "modules", number, budget.modules.get(process))
    sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
