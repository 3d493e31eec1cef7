"""The page for operators says what the code does."""

import re
from pathlib import Path
from typing import get_args

from sidecar.bridge import problem
from sidecar.bridge.app import PATH, BridgeOptions
from sidecar.bridge.problem import Problem
from sidecar.bridge.serving import ServingOptions
from sidecar.bridge.signature import Reason

PAGE = (Path(__file__).parents[3] / "docs" / "bridge.md").read_text()


def problems() -> dict[str, int]:
    fixed = [each for each in vars(problem).values() if isinstance(each, Problem)]
    made = [problem.too_large(1), problem.bad_event("id", "")]
    made += [problem.bad_signature(reason, "") for reason in get_args(Reason)]
    return {each.slug: each.status for each in [*fixed, *made]}


def test_every_problem_is_explained_with_its_status_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3})", PAGE, re.MULTILINE)
    assert {slug: int(status) for slug, status in rows} == problems()


def test_the_limits_are_those_of_the_code() -> None:
    bridge, serving = BridgeOptions(accounts={}), ServingOptions()
    assert f"POST {PATH}{{account}}" in PAGE
    assert f"| a request's head | {serving.head_timeout.seconds} s " in PAGE
    assert f"| its body | {bridge.read_timeout.seconds} s" in PAGE
    assert f"| a connection without a request | {serving.idle_timeout.seconds} s " in PAGE
    assert f"| requests in hand at SIGTERM | {serving.grace.seconds} s " in PAGE
    assert f"| `bridge.tolerance` | {bridge.tolerance.seconds} s " in PAGE
