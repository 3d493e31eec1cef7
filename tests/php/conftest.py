"""Fixtures of the tests in PHP."""

import pytest

from tests.php import packages


@pytest.fixture(scope="session")
def php() -> None:
    """PHP and what the module's tests need of it, installed where that is allowed."""
    if left := packages.install():
        pytest.skip(packages.advice(left))
