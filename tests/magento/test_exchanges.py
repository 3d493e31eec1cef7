"""A real Magento answers the module's resources as the written exchanges say, and its tables are as they say then."""

import pytest

from tests.contracts.magento_rest import Exchange, exchanges, fits, told
from tests.magento.shop import Shop

DOCUMENTS = {each.name: each for each in exchanges()}


@pytest.mark.parametrize("exchange", DOCUMENTS.values(), ids=DOCUMENTS.keys())
async def test_every_exchange(shop: Shop, exchange: Exchange) -> None:
    order = await shop.place()
    documents = {name: each.model_dump() for name, each in DOCUMENTS.items()}
    for step in exchange.before:
        await shop.step(order, step, documents)
    answer = await shop.send(order, exchange.model_dump())
    body = answer.json()
    body.pop("trace", None)  # where Magento runs in developer mode
    assert answer.status_code == exchange.response.status, body
    assert fits(exchange.response.body, body, await shop.ids(order)), body
    if exchange.after is not None:
        expected = told(exchange.after.model_dump())
        after = await shop.after(order)
        assert {key: after[key] for key in expected} == expected
