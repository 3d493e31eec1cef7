"""A client secret goes to Magento and nowhere else: not into any table."""

from datetime import UTC, datetime

from pydantic import SecretStr

from sidecar.adapters.store_sql import SqlStore
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.ports.facts import IntentLinked
from sidecar.ports.records import EffectToBegin
from tests.consumers.builders import ORDER, STRIPE, an_intent

NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def test_a_client_secret_is_not_kept(store: SqlStore, migrated_url: str) -> None:
    secret = SecretStr("pi_1_secret_abc")
    await store.ledger.begin(EffectToBegin("k", "X", ORDER, "{}"), NOW)
    await store.ledger.close("k", "{}", [IntentLinked(STRIPE, ORDER, an_intent(1, client_secret=secret))], [], NOW)
    await store.orders.record_facts([IntentLinked(STRIPE, ORDER, an_intent(1, "processing", client_secret=secret))])
    async with Pool(parse(migrated_url), size=1) as pool:
        ((view,),) = await pool.rows("SELECT view FROM payment_intents")
    assert "processing" in str(view)
    assert "secret" not in str(view)
