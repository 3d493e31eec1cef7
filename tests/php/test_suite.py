"""The module's own tests, which are PHPUnit's: each file is a test here, each of its tests a subtest.

What a test publishes it also writes to the folder in SIDECAR_TEST_EMITTED, and here it is read as a consumer would.
"""

from pathlib import Path

import orjson
import pytest

from schemas.catalog import CATALOG
from tests.contracts.examples import generated, read, validator
from tests.contracts.mutations import value_at
from tests.contracts.paths import fields_in, fields_of
from tests.php import suite

ADOBE_COMMERCE = {"store_credit", "gift_cards"}
"""Fields of an order's sums that only a Magento with columns for them has."""
TESTS = [pytest.param(file, id=suite.name_of(file)) for file in suite.FILES]


@pytest.fixture
def emitted(tmp_path: Path) -> Path:
    """Where tests put what they publish."""
    folder = tmp_path / "emitted"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(broker_url: str, database_url: str, topology_prefix: str, emitted: Path) -> dict[str, str]:
    """What the tests of one file may use: a broker under a prefix, a database, a folder."""
    return {
        "SIDECAR_TEST_BROKER_URL": broker_url,
        "SIDECAR_TEST_DATABASE_URL": database_url,
        "SIDECAR_TEST_PREFIX": topology_prefix,
        "SIDECAR_TEST_EMITTED": str(emitted),
    }


@pytest.mark.usefixtures("php")
@pytest.mark.parametrize("file", TESTS)
def test_phpunit(
    file: Path, environment: dict[str, str], emitted: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    cases = suite.run(file, tmp_path / "report.xml", environment)
    for case in cases:
        with subtests.test(msg=case.name):
            if case.problem is not None:
                pytest.fail(case.problem, pytrace=False)
            if case.skipped:
                pytest.skip("the test left itself out")
    for path in sorted(emitted.glob("*.json")):
        with subtests.test(msg=f"emitted {path.name}"):
            assert_fits(path.read_bytes())


def assert_fits(body: bytes) -> None:
    """The message is what its type promises, by schema and by model, and leaves no field out."""
    document = orjson.loads(body)
    contract = CATALOG[document["type"]]
    assert [error.message for error in validator(contract).iter_errors(document)] == []
    read(contract, body)
    fields = {field.path for field in fields_in(generated(contract), document)}
    objects = {field.path for field in fields_in(generated(contract), document) if field.is_object}
    expected = {
        (*place, field.path[-1])
        for field in fields_of(generated(contract))
        for place in ((), *objects)
        if field.path[-1] != "[]" and shape(place) == field.path[:-1] and value_at(document, place) is not None
    }
    assert {path for path in expected - fields if path[-1] not in ADOBE_COMMERCE} == set()


def shape(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path of an element as a schema writes it."""
    return tuple("[]" if isinstance(part, int) else part for part in path)
