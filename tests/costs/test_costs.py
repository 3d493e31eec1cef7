"""A message costs what its budget says: not more, and not so much less that the budget is no limit any more."""

import pytest

from tests.costs.budget import OF_ONE_PYTHON, PYTHON, UNITS, Budget, differs
from tests.costs.meter import Tally
from tests.costs.scenes import count

BUDGET = Budget.read()
MEASURES = [measure for measure in UNITS if measure != "modules"]

pytestmark = pytest.mark.xdist_group("costs")


@pytest.fixture(scope="module")
def counted(broker_url: str, store_server_url: str) -> tuple[dict[str, Tally], dict[str, int]]:
    return count(broker_url, store_server_url)


def only_on_its_python(measure: str) -> None:
    if measure in OF_ONE_PYTHON and BUDGET.python != PYTHON:
        pytest.skip(f"the budget's {measure} are of Python {BUDGET.python}, and this is {PYTHON}")


def test_every_scene_has_a_budget_and_every_budget_a_scene(
    counted: tuple[dict[str, Tally], dict[str, int]],
) -> None:
    tallies, modules = counted
    assert (set(tallies), set(modules)) == (set(BUDGET.scenes), set(BUDGET.modules))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("scene", BUDGET.scenes)
def test_a_message_keeps_to_its_budget(
    counted: tuple[dict[str, Tally], dict[str, int]], scene: str, measure: str
) -> None:
    only_on_its_python(measure)
    tally = counted[0][scene]
    found = differs(scene, measure, tally.numbers()[measure], BUDGET.scenes[scene][measure], tally.listed(measure))
    assert found is None, found


@pytest.mark.parametrize("process", BUDGET.modules)
def test_a_process_imports_what_its_budget_says(counted: tuple[dict[str, Tally], dict[str, int]], process: str) -> None:
    only_on_its_python("modules")
    found = differs(process, "modules", counted[1][process], BUDGET.modules[process])
    assert found is None, found
