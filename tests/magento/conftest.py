"""The shop that the environment names.

SIDECAR_MAGENTO_URL           its base address
SIDECAR_MAGENTO_TOKEN         an integration's access token, with everything allowed
SIDECAR_MAGENTO_DATABASE_URL  its database
"""

import os
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.magento.shop import Shop

NAMES = ("SIDECAR_MAGENTO_URL", "SIDECAR_MAGENTO_TOKEN", "SIDECAR_MAGENTO_DATABASE_URL")
PATIENCE = 120
"""Seconds for one answer: a shop in developer mode writes its code while it is asked."""


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """Magento with the module, and the products of the written exchanges."""
    values = [os.environ.get(name) for name in NAMES]
    if None in values:
        pytest.skip(f"no Magento: {', '.join(NAMES)}")
    url, token, database = map(str, values)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE) as http:
        magento = Shop(http, token, database)
        await magento.stock()
        yield magento
