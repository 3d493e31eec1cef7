"""A shop, two accounts of Stripe's and the consumers between them, all in memory."""

from datetime import datetime, timedelta
from typing import Any

from consumers.customers import CONSUMER as CUSTOMERS
from consumers.orders import CONSUMER as ORDERS
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.ids import AccountAlias, CustomerRef, MagentoCustomerId, StripeRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.customer import Customer
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer, Event
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import Profile
from sidecar.executor import execute
from sidecar.outcome import Done, Skip
from sidecar.policy import CustomerPolicy, Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.records import TimelineEntry
from sidecar.runtime.parse import parse
from tests.conformance.test_magento_customers import ADDRESS
from tests.consumers.builders import ORDER, PLACED_AT, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.magento_customers import FakeMagentoCustomers
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.fakes.unobserved import Unobserved

OTHER = StripeRef(account=AccountAlias("other"), mode="test")
READS = frozenset(("retrieve_customer", "find_customers", "list_tax_ids", "find_customer", "list_payment_methods"))


class Clock:
    def __init__(self) -> None:
        self.time = PLACED_AT

    def now(self) -> datetime:
        return self.time


class World:
    """Stores `default` (Stripe account `main`) and `wholesale` (account `other`) of the website `base`."""

    def __init__(self, *, rest: bool = True, **policy: Any) -> None:
        self.clock = Clock()
        self.stripe = FakePayments(STRIPE, self.clock.now)
        self.other = FakePayments(OTHER, self.clock.now)
        self.shop = FakeMagentoCustomers(ORDER.instance, self.clock.now)
        self.orders = FakeMagento(ORDER.instance)
        customers = CustomerPolicy.model_validate(policy)
        elsewhere = customers.model_copy(update={"create_in_magento": False})
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe, OTHER: self.other},
            magento={ORDER.instance: self.orders},
            magento_customers={ORDER.instance: self.shop} if rest else {},
            publisher=MemoryPublisher(),
            policies=Policies(
                {
                    ("shop", "default"): StorePolicy(stripe=STRIPE, customers=customers),
                    ("shop", "wholesale"): StorePolicy(stripe=OTHER, customers=elsewhere),
                }
            ),
            clock=self.clock,
        )
        self._read = {STRIPE: 0, OTHER: 0, "shop": 0}
        self._number = 0

    # What happens.

    async def register(self, **fields: Any) -> CustomerSnapshot:
        """Somebody opens an account, and everybody hears of it."""
        known: dict[str, Any] = {"address": ADDRESS, "email": "grace@example.com"}
        account = self.shop.register(**known | fields)
        await self.settle()
        return account

    async def order(
        self, *, customer: int | None = None, store: str = "default", number: int = 42, **fields: Any
    ) -> Done | Skip:
        placed = an_order(order_id=number, customer_id=customer, store_code=store, **fields)
        if placed.order_id not in self.orders.orders:
            self.orders.place(placed)
        return await self.handle(ORDERS, placed)

    # How it is delivered.

    async def handle(self, consumer: Consumer, data: Frozen) -> Done | Skip:
        self._number += 1
        event: Event = CloudEvent[Any](
            id=str(self._number), source="/test", type="test", time=self.clock.now(), data=data
        )
        return await self.deliver(consumer, event)

    async def deliver(self, consumer: Consumer, event: Event) -> Done | Skip:
        located = await consumer.locate(event, self.ports)
        if isinstance(located, Skip):
            return located
        return await execute(consumer, event, located, self.ports, Unobserved(), trace_id=None)

    def outstanding(self) -> list[Event]:
        """Events about customers that nobody has had yet."""
        found: list[Event] = [
            CloudEvent[Any](id="m", source="/test", type="test", time=self.clock.now(), data=saved)
            for saved in self.shop.events[self._read["shop"] :]
        ]
        self._read["shop"] = len(self.shop.events)
        for account in (self.stripe, self.other):
            for raw in account.events[self._read[account.ref] :]:
                if raw.type in CUSTOMERS.stripe_events:
                    body = wrap(raw.body, account.ref, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").body
                    found.append(parse(body, CUSTOMERS))
            self._read[account.ref] = len(account.events)
        return found

    async def settle(self, rounds: int = 10) -> int:
        """Deliver until nobody says anything new; gives how often something was said in answer."""
        for number in range(rounds):
            events = self.outstanding()
            if not events:
                return number
            for event in events:
                await self.deliver(CUSTOMERS, event)
            self.clock.time += timedelta(seconds=1)
        raise AssertionError("it does not come to an end")

    # What a test looks at.

    def customer(self, account: FakePayments | None = None) -> Customer:
        """The one that is there."""
        (found,) = [each for each in (account or self.stripe).customers if not each.deleted]
        return found

    def profile(self) -> Profile:
        return profile_of_stripe(self.customer())

    def writes(self, account: FakePayments | None = None) -> list[str]:
        return [call.method for call in (account or self.stripe).calls if call.method not in READS]

    async def story(self, customer: MagentoCustomerId) -> list[TimelineEntry]:
        return list(await self.ports.store.timeline.read(CustomerRef(instance=ORDER.instance, customer_id=customer)))
