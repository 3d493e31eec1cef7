"""The generated documents: fresh, valid, the same each time, and compatible with what was promised."""

import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from schemas import generate
from schemas.catalog import CATALOG, Contract
from tests.contracts import frozen
from tests.contracts.examples import SCHEMAS, generated
from tests.contracts.paths import fields_of

every_contract = pytest.mark.parametrize("contract", CATALOG.values(), ids=lambda contract: contract.name)
CONTRACTS_PAGE = Path(__file__).parents[2] / "docs" / "contracts.md"


def test_what_is_committed_is_what_is_generated() -> None:
    assert generate.drifted() == []
    assert generate.main(["--check"]) == 0


def test_a_drift_is_named_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
    (tmp_path / "asyncapi.json").unlink()
    (tmp_path / "magento.order.placed.v1.json").write_text("{}")
    (tmp_path / "of.nothing.v1.json").write_text("{}")
    assert generate.main(["--check"], tmp_path) == 1
    named = re.findall(r"schemas/generated/(\S+) has drifted", capsys.readouterr().err)
    assert named == ["asyncapi.json", "magento.order.placed.v1.json", "of.nothing.v1.json"]
    assert generate.main([], tmp_path) == 0
    assert generate.drifted(tmp_path) == []


def test_an_unknown_option_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--chekc"], tmp_path) == 2
    assert "--check" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_another_process_generates_the_same_bytes() -> None:
    code = "import sys; from schemas.generate import documents; sys.stdout.buffer.write(b''.join(documents().values()))"
    other = subprocess.run(  # noqa: S603  # this interpreter, our own code
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"}, cwd=SCHEMAS.parent
    )
    assert other.stdout == b"".join(generate.documents().values())


@every_contract
def test_the_schema_is_a_schema_and_names_itself(contract: Contract) -> None:
    schema = generated(contract)
    assert jsonschema_rs.meta.is_valid(schema)
    assert schema["$schema"] == generate.DIALECT
    assert schema["$id"] == f"{contract.name}.json"
    assert schema["properties"]["type"]["const"] == contract.name


@every_contract
def test_nothing_is_described_that_is_no_field(contract: Contract) -> None:
    for definition in (*generated(contract)["$defs"].values(), generated(contract)):
        assert definition["description"]
        assert "Attributes:" not in definition["description"]


@every_contract
def test_no_field_is_a_json_number_with_a_fraction(contract: Contract) -> None:
    assert '"number"' not in orjson.dumps(generated(contract)).decode()


def test_asyncapi_has_each_contract_and_all_references_lead_somewhere() -> None:
    document = generate.asyncapi()
    assert document["asyncapi"] == "3.0.0"
    assert document["channels"].keys() == document["components"]["messages"].keys() == CATALOG.keys()
    references = re.findall(r'"\$ref":"([^"]+)"', orjson.dumps(document).decode())
    assert references
    for reference in references:
        if reference.startswith("#/"):
            found = document
            for part in reference[2:].split("/"):
                found = found[part]
        else:
            assert (generate.FOLDER / reference).is_file()


def test_the_routing_key_is_what_the_address_becomes() -> None:
    for contract in CATALOG.values():
        pattern = re.sub(r"{\w+}", "*", contract.address)
        assert contract.routing_key in {pattern, re.sub(r"\*$", "#", pattern)}


def test_what_was_promised_holds() -> None:
    problems = frozen.broken(frozen.frozen_required(), frozen.required_now(), frozen.frozen_forms(), frozen.forms_now())
    assert problems == [], "make a new version of the contract instead: docs/contracts.md"


def test_everything_new_is_promised() -> None:
    assert frozen.frozen_forms() == frozen.forms_now(), "run python -m tests.contracts.frozen"
    assert frozen.frozen_required() == frozen.required_now()


def test_what_breaks_a_promise_is_named() -> None:
    name, path = "magento.order.placed.v1", "data.coupon_code"
    required, forms = frozen.required_now(), frozen.forms_now()
    assert path in forms[name]
    assert path not in required[name]
    assert "data.items.[].sku" in required[name]

    harder = deepcopy(required)
    harder[name].append(path)
    assert frozen.broken(required, harder, forms, forms) == [f"{name}: {path} is required, which it was not"]
    softer = deepcopy(required)
    softer[name].remove("data.items.[].sku")
    assert frozen.broken(required, softer, forms, forms) == [f"{name}: data.items.[].sku is required no more"]
    smaller = deepcopy(forms)
    del smaller[name][path]
    assert frozen.broken(required, required, forms, smaller) == [f"{name}: {path} is gone"]
    assert frozen.broken(required, required, smaller, forms) == []
    other = deepcopy(forms)
    other[name][path] = '{"type":"integer"}'
    assert frozen.broken(required, required, forms, other) == [f"{name}: {path} has another form"]


def test_a_union_of_stripes_objects_may_learn_a_kind_and_forget_none() -> None:
    required, forms = frozen.required_now(), frozen.forms_now()
    name, path = "stripe.event.v1", "data.data.object"
    more, fewer, loose = (deepcopy(forms) for _ in range(3))
    form = orjson.loads(forms[name][path])
    kinds = form["if"]["properties"]["object"]["enum"]

    def written(kinds: list[str], union: list[Any]) -> str:
        changed = form | {"anyOf": union, "if": {"properties": {"object": {"enum": kinds}}}}
        return orjson.dumps(changed, option=orjson.OPT_SORT_KEYS).decode()

    more[name][path] = written([*kinds, "refund"], [*form["anyOf"], {"$ref": "#/$defs/Refund"}])
    fewer[name][path] = written(kinds[1:], form["anyOf"][1:])
    loose[name][path] = written(kinds[1:], form["anyOf"])
    assert frozen.broken(required, required, forms, more) == []
    for changed in (fewer, loose):
        assert frozen.broken(required, required, forms, changed) == [f"{name}: {path} has another form"]


def test_required_fields_are_known_where_there_are_any() -> None:
    for contract in CATALOG.values():
        paths = {field.dotted for field in fields_of(generated(contract))}
        assert paths > set(frozen.required_now()[contract.name])


def test_the_page_of_contracts_has_each_one_with_its_exchange_and_key() -> None:
    rows = set(re.findall(r"^\| `([\w.]+)` \| `([\w.]+)` \| `([\w.{}]+)` \|", CONTRACTS_PAGE.read_text(), re.MULTILINE))
    assert rows == {(contract.name, contract.exchange, contract.address) for contract in CATALOG.values()}
