"""Reads a customer's state, both sides where it matters, and decides."""

from collections.abc import Sequence

from consumers.customer_sync.decide import Plan, decide
from consumers.customer_sync.look import look
from consumers.customer_sync.state import CustomerState, Found, LinkKey, has_news, key_of
from schemas.ids import CustomerRef
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.customer import Customer
from sidecar.consumer import Decision
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import Profile
from sidecar.errors import NotFoundError
from sidecar.policy import StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerDeletedObserved, CustomerGone, CustomerRead, CustomerSeen, Fact
from sidecar.ports.records import CustomerLink, CustomerRecord

MOST_READINGS = 8
"""Each brings something new: the account, its links, what is there already, and what turned out to be gone."""


async def settle(customer: CustomerRef, ports: Ports) -> Decision:
    """Load the customer, read what has to be read, and decide."""
    reading = _Reading(customer, ports)
    for _ in range(MOST_READINGS):
        record = await ports.store.customers.load(customer)
        left_open = frozenset(record.open_effects)
        if record.store is None:
            if reading.magento_was_read or not await reading.worth_it(record):
                return Decision((), left_open)
            await reading.magento(record)
            continue
        policy = ports.policies.of(customer, record.store)
        if policy is None:
            return Decision((), left_open)
        plan = decide(reading.state(record, policy))
        if plan.is_ready:
            await ports.store.customers.record_facts(plan.agreements)
            return Decision(plan.effects, left_open)
        await reading.what(plan, record, policy)
    raise AssertionError(f"{customer}: there is always something else to read")


class _Reading:
    """What has been read of one customer in this handling."""

    def __init__(self, customer: CustomerRef, ports: Ports) -> None:
        self._customer = customer
        self._ports = ports
        self._stripe: dict[LinkKey, Profile] = {}
        self._found: Found | None = None
        self._looked = False
        self.magento_was_read = False

    @property
    def _is_readable(self) -> bool:
        return self._customer.instance in self._ports.magento_customers

    def state(self, record: CustomerRecord, policy: StorePolicy) -> CustomerState:
        """All of it."""
        return CustomerState(
            customer=self._customer,
            policy=policy.customers,
            home=policy.stripe,
            website_code=record.store.website_code if record.store else "",
            magento=record.magento,
            magento_is_certain=record.certain,
            magento_was_read=self.magento_was_read,
            magento_is_readable=self._is_readable,
            links=record.links,
            read=self._stripe,
            looked=self._looked,
            found=self._found,
        )

    async def worth_it(self, record: CustomerRecord) -> bool:
        """Whether Stripe has said something new of an account that Magento has not spoken of yet."""
        return self._is_readable and any(has_news(link) for link in record.links if link.gone_at is None)

    async def what(self, plan: Plan, record: CustomerRecord, policy: StorePolicy) -> None:
        """What the plan wants to be read."""
        if plan.read_magento:
            await self.magento(record)
        for link in record.links:
            if key_of(link) in plan.read_stripe:
                await self._read(link)
        if plan.look and record.magento is not None:
            self._found = await look(record.magento, policy, record.links, self._ports)
            self._looked = True

    async def magento(self, record: CustomerRecord) -> None:
        """The account as it is now, or that it is not there any more."""
        self.magento_was_read = True
        facts: Sequence[Fact]
        try:
            read = await self._ports.magento_customers[self._customer.instance].read_customer(
                self._customer.customer_id
            )
        except NotFoundError:
            facts = [CustomerDeletedObserved(self._customer, self._ports.clock.now())]
        else:
            facts = [CustomerRead(_whole(read, record.magento))]
        await self._ports.store.customers.record_facts(facts)

    async def _read(self, link: CustomerLink) -> None:
        """The Stripe Customer as it is now, or that it is not there any more."""
        facts: list[Fact] = []
        unknown = False
        try:
            customer = await self._ports.payments[link.stripe].retrieve_customer(link.customer)
        except NotFoundError:
            customer, unknown = Customer(id=link.customer, deleted=True), True
        if customer.deleted:
            facts.append(CustomerGone(link.stripe, link.customer, self._ports.clock.now(), unknown=unknown))
        else:
            profile = self._stripe[key_of(link)] = profile_of_stripe(customer)
            if link.seen_at is not None:
                # What it said before, in whatever order, is answered with this.
                facts.append(CustomerSeen(link.stripe, link.customer, profile, link.seen_at))
        await self._ports.store.customers.record_facts(facts)


def _whole(read: CustomerSnapshot, known: CustomerSnapshot | None) -> CustomerSnapshot:
    """With what Magento's REST does not say and an event of its has said."""
    if known is None:
        return read
    return read.model_copy(update={"company": read.company or known.company, "locale": read.locale or known.locale})
