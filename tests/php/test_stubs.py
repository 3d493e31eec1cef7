"""What we wrote down of Magento's classes is what they are, where there is a Magento to compare with.

`SIDECAR_MAGENTO_ROOT` names one: a folder with `vendor/autoload.php`.
"""

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel, JsonValue, TypeAdapter

FOLDER = Path(__file__).parent
STUBS = sorted(
    str(path.relative_to(FOLDER).with_suffix("")).replace("/", "\\") for path in (FOLDER / "Magento").rglob("*.php")
)
MAGENTO = os.environ.get("SIDECAR_MAGENTO_ROOT")
GENERATED = ("Factory", "ExtensionInterface", "ExtensionInterfaceFactory")
"""Endings of the names of classes that Magento writes itself, when it needs them."""


class Method(BaseModel):
    static: bool
    final: bool
    parameters: list[str]
    returns: str


class Described(BaseModel):
    interface: bool
    final: bool
    parents: list[str]
    methods: dict[str, Method]
    constants: dict[str, JsonValue]


@cache
def described(loader: Path) -> dict[str, Described | None]:
    told = subprocess.run(  # noqa: S603  # our own script
        ["php", "-d", "display_errors=stderr", str(FOLDER / "describe.php"), str(loader)],  # noqa: S607  # whichever php there is
        input="\n".join(STUBS),
        capture_output=True,
        text=True,
        check=True,
    )
    return TypeAdapter(dict[str, Described | None]).validate_json(told.stdout)


@pytest.mark.usefixtures("php")
@pytest.mark.skipif(MAGENTO is None, reason="SIDECAR_MAGENTO_ROOT names no Magento to compare with")
@pytest.mark.parametrize("name", STUBS)
def test_a_stub_has_magentos_signatures(name: str) -> None:
    real = described(Path(str(MAGENTO)) / "vendor" / "autoload.php")[name]
    stub = described(FOLDER / "bootstrap.php")[name]
    assert stub is not None
    if real is None and name.endswith(GENERATED):
        pytest.skip("Magento generates it")
    assert real is not None, "Magento has no such class"
    assert stub.interface == real.interface
    assert not real.final
    assert {parent for parent in stub.parents if parent not in real.parents} == set()
    assert stub.methods.keys() - real.methods.keys() == set()
    assert {name: method for name, method in stub.methods.items() if name != "__construct"} == {
        name: real.methods[name] for name in stub.methods if name != "__construct"
    }
    assert stub.constants == {name: real.constants[name] for name in stub.constants}
