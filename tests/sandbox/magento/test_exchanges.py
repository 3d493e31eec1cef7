"""The stand-in answers the module's resources as the written exchanges say, and leaves behind what they say."""

from typing import Any

import httpx

from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from tests.contracts.magento_rest import exchanges, fits, told
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
            expected = {"status": document["response"]["status"], "after": told(document["after"])}
            after = await play.after(order) if document["after"] else {}
            seen = {"status": answer.status_code, "after": {key: after[key] for key in told(document["after"])}}
            if seen != expected or not fits(document["response"]["body"], answer.json(), await play.ids(order)):
                wrong[name] = (seen, answer.text)
    assert wrong == {}
    assert len(documents) > 90
