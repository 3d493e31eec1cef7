"""The stand-in answers the module's resources as the written exchanges say, and leaves behind what they say."""

from collections.abc import Mapping
from typing import Any

import httpx

from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from tests.contracts.magento_rest import exchanges, filled
from tests.fakes.publisher import MemoryPublisher
from tests.sandbox.magento.exchange_play import Play
from tests.serving import serving


async def test_every_exchange(database_url: str) -> None:
    config = MagentoSandboxConfig(instance="main", token="t", database_url=database_url)
    documents = {each.name: each.model_dump() for each in exchanges()}
    wrong: dict[str, tuple[Any, Any]] = {}
    async with (
        serving(create_app(config, MemoryPublisher())) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as http,
    ):
        play = Play(http, "t", database_url)
        for name, document in documents.items():
            order = await play.place()
            for step in document["before"]:
                await play.step(order, step, documents)
            answer = await play.send(order, document)
            expected = {"status": document["response"]["status"], "after": _told(document["after"])}
            after = await play.after(order) if document["after"] else {}
            seen = {"status": answer.status_code, "after": {key: after[key] for key in _told(document["after"])}}
            if seen != expected or not _fits(document["response"]["body"], answer.json(), await play.ids(order)):
                wrong[name] = (seen, answer.text)
    assert wrong == {}
    assert len(documents) > 90


def _told(after: dict[str, Any] | None) -> dict[str, Any]:
    """What an exchange says of the tables; before refunds were written down, exchanges said nothing of memos."""
    return {key: value for key, value in (after or {}).items() if key != "creditmemos" or value is not None}


def _fits(expected: Any, seen: Any, ids: Mapping[str, int]) -> bool:
    if isinstance(expected, dict):
        same_names = isinstance(seen, dict) and set(expected) == set(seen)
        return same_names and all(_fits(inner, seen[name], ids) for name, inner in expected.items())
    match expected:
        case "{invoice_id}":
            return isinstance(seen, int) and seen > 0
        case "{version}" | "{instance}" | "{creditmemo_increment_id}":
            return isinstance(seen, str) and seen != ""
    return bool(filled(expected, ids) == seen)
