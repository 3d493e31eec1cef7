"""Which of Stripe's events are ours: an account may serve other systems as well."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from consumers.stripe_events import CONSUMER, locate
from schemas.ids import OrderRef
from sidecar.bridge.envelope import wrap
from sidecar.errors import UnmappableError
from sidecar.outcome import Skip
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import IntentLinked
from sidecar.runtime.parse import parse
from tests.consumers.builders import ORDER, STRIPE, an_intent
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

OURS = {"magento_instance": "shop", "magento_order_id": "42"}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def ports() -> Ports:
    policies = Policies({("shop", "*"): StorePolicy(stripe=STRIPE)})
    return Ports(MemoryStore(), {}, {}, MemoryPublisher(), policies, SystemClock())


def an_event(kind: str, metadata: dict[str, str], **fields: Any) -> Any:
    subject = {
        "object": kind.split(".", maxsplit=1)[0] if kind != "checkout.session.completed" else "checkout.session",
        "id": "pi_1",
        "status": "succeeded",
        "amount": 8748,
        "currency": "usd",
        "created": 1_795_000_000,
        "livemode": False,
        "metadata": metadata,
    }
    body = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": 1_795_000_000,
        "livemode": False,
        "data": {"object": subject | fields},
    }
    return parse(wrap(orjson.dumps(body), STRIPE, TRACE).body, CONSUMER)


@pytest.mark.parametrize(
    ("kind", "metadata", "expected"),
    [
        ("payment_intent.succeeded", OURS, ORDER),
        ("payment_intent.succeeded", {}, Skip("not_ours")),
        ("payment_intent.succeeded", {"order": "42"}, Skip("not_ours")),
        ("payment_intent.succeeded", OURS | {"magento_order_id": "4x2"}, Skip("not_ours")),
        ("payment_intent.succeeded", OURS | {"magento_order_id": "\u0664\u0662"}, Skip("not_ours")),
        ("payment_intent.succeeded", {"Order #": "000000042", "Module": "Magento2"}, Skip("stripe_magento_module")),
        ("payment_intent.succeeded", OURS | {"magento_instance": "another"}, Skip("other_instance")),
        ("payment_intent.created", OURS, Skip("unhandled_type")),
        ("charge.refunded", OURS, Skip("unhandled_type")),
        ("some.thing_new", OURS, Skip("unhandled_type")),
    ],
)
async def test_an_event_is_ours_by_its_metadata(
    ports: Ports, kind: str, metadata: dict[str, str], expected: OrderRef | Skip
) -> None:
    assert await locate(an_event(kind, metadata), ports) == expected


async def test_or_by_the_link_to_its_intent_when_somebody_removed_the_metadata(ports: Ports) -> None:
    await ports.store.orders.record_facts([IntentLinked(STRIPE, ORDER, an_intent(1))])
    assert await locate(an_event("payment_intent.succeeded", {}), ports) == ORDER


async def test_a_source_of_another_form_is_named(ports: Ports) -> None:
    event = an_event("payment_intent.succeeded", {}).model_copy(update={"source": "/elsewhere"})
    with pytest.raises(UnmappableError, match="source"):
        await locate(event, ports)
