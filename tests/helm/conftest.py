"""The chart with each example, rendered once."""

from functools import cache

import pytest

from tests.helm.render import EXAMPLES, Release, render


@cache
def _rendered(example: str) -> Release:
    return render(example)


@pytest.fixture(params=EXAMPLES)
def release(request: pytest.FixtureRequest) -> Release:
    return _rendered(request.param)


@pytest.fixture
def minimal() -> Release:
    return _rendered("minimal")


@pytest.fixture
def everything() -> Release:
    return _rendered("everything")
