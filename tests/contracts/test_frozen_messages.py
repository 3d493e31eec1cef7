"""Messages as earlier builds wrote them, word for word, are read by today's consumers as they were meant."""

from pathlib import Path

import orjson
import pytest

from schemas.catalog import CATALOG
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.discovery import all_consumers
from sidecar.runtime.parse import parse
from tests.contracts import frozen
from tests.contracts.examples import EXAMPLES, read, validator

MESSAGES = sorted(frozen.MESSAGES.glob("*/*.json"))
every_message = pytest.mark.parametrize("path", MESSAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")


def test_every_example_is_frozen() -> None:
    """`python -m tests.contracts.frozen` does so."""
    kept = {f"{path.parent.name}/{path.stem}" for path in MESSAGES}
    assert {example.name for example in EXAMPLES} - kept == set()


@every_message
def test_the_schema_still_takes_it(path: Path) -> None:
    found = validator(CATALOG[path.parent.name]).iter_errors(orjson.loads(path.read_bytes()))
    assert [error.message for error in found] == []


@every_message
def test_nothing_of_it_has_lost_its_meaning(path: Path) -> None:
    contract = CATALOG[path.parent.name]
    event = read(contract, path.read_bytes())
    if contract.model is not StripeEventV1:  # of which only what is read is kept
        assert orjson.loads(event.model_dump_json(exclude_unset=True)) == orjson.loads(path.read_bytes())


@every_message
def test_every_consumer_of_its_contract_reads_it(path: Path) -> None:
    model = CATALOG[path.parent.name].model
    for consumer in all_consumers():
        if model in consumer.contracts:
            assert isinstance(parse(path.read_bytes(), consumer).data, model)
