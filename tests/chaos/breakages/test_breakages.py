"""Each breakage breaks what is there: applied in a process of its own, as the sidecar's processes do it."""

import subprocess
import sys

import pytest

from tests.chaos.breakages import BREAKAGES
from tests.chaos.breakages.breakage import IN_EFFECT, Breakage, BreakageError, put_everywhere, put_in_place
from tests.chaos.mutations import plan_for
from tests.chaos.oracle.test_oracle import DAMAGES
from tests.chaos.plan import FAULTS, ORDERS


def test_all_can_be_applied() -> None:
    program = "from tests.chaos.breakages import BREAKAGES, apply\nfor name in BREAKAGES: apply(name)"
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)  # noqa: S603  # ours
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_what_it_needs_is_in_the_plan_and_in_the_oracle(breakage: Breakage) -> None:
    assert set(breakage.kinds) <= ORDERS.keys()
    assert set(breakage.faults) <= FAULTS.keys()
    assert breakage.caught_by <= {rule for _, rules in DAMAGES.values() for rule in rules}
    assert bool(breakage.caught_by) != bool(breakage.why_harmless)
    plan = plan_for(breakage, 40, seed=7)
    assert {order.what for order in plan.orders} == set(breakage.kinds)
    assert {fault.kind for fault in plan.faults} == set(breakage.faults)


class Owner:
    def deed(self, what: str) -> str:
        return what

    async def wait(self) -> None: ...

    @property
    def name(self) -> str:
        return "owner"


class Heir(Owner):
    pass


def test_the_first_call_says_that_the_breakage_is_in_effect(capfd: pytest.CaptureFixture[str]) -> None:
    def deed(self: Owner, what: str) -> str:
        return f"{self.name} {what}"

    def name(self: Owner) -> str:
        del self
        return "somebody"

    put_in_place(Owner, "deed", deed)
    put_in_place(Owner, "name", name)
    assert [Owner().deed("a"), Owner().deed("b")] == ["somebody a", "somebody b"]
    assert capfd.readouterr().err.count(IN_EFFECT) == 2


def _of_no_use(*_: object) -> None: ...


def test_what_is_not_there_or_has_another_form_cannot_be_broken() -> None:
    for owner, name in ((Owner, "gone"), (Heir, "deed")):
        with pytest.raises(BreakageError, match=f"has no {name}"):
            put_in_place(owner, name, _of_no_use)
    with pytest.raises(BreakageError, match="cannot stand for"):
        put_in_place(Owner, "wait", _of_no_use)
    with pytest.raises(BreakageError, match="has no gone"):
        put_everywhere("schemas.money", "gone", _of_no_use)
