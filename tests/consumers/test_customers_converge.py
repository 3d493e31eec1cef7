"""Whoever edits a customer wherever and whenever: both sides end the same, after a bounded number of writes.

People edit in the shop and in Stripe's Dashboard; an order needs the customer; calls fail before or after they were
done; messages are delivered late, twice and in any order. Then everything that is outstanding is delivered, and both
sides are looked at.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from consumers.customers import CONSUMER as CUSTOMERS
from consumers.orders import CONSUMER as ORDERS
from schemas.ids import AccountAlias, StripeRef
from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import Customer
from sidecar.customer_profile.of_magento import profile_of_magento
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import SHARED
from sidecar.policy import CustomerPolicy, Policies, StorePolicy
from sidecar.ports.bundle import Ports
from tests.conformance.test_magento_customers import ADDRESS
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.consumers.interleaving import INTERLEAVINGS, Interleaving, failure_of_stripe
from tests.fakes.magento import FakeMagento
from tests.fakes.magento_customers import FakeMagentoCustomers
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

OTHER = StripeRef(account=AccountAlias("other"), mode="test")
WRITES = frozenset(("create_customer", "update_customer", "create_tax_id", "delete_tax_id"))
CREATE = st.sampled_from(("always", "on_first_order"))
OWNERS = st.sampled_from(("magento", "stripe", "newest"))

NAMES = st.sampled_from(("Ada Lovelace", "Dr. Grace Murray Hopper", "Hopper Grace", "Grace M. Hopper", "Jean Bartik"))
PHONES = st.sampled_from(("5550100", "5550101", "+49 761 5550188"))
EMAILS = st.sampled_from(("a@example.com", "b@example.com", "Grace@Example.com"))
CITIES = st.sampled_from(("Arlington", "Boston", "Norfolk"))
STREETS = st.sampled_from((("1 Navy Way",), ("1 Navy Way", "Room 3"), ("2 New Street", "Floor 1", "Door 7")))
IN_SHOP = st.one_of(
    NAMES.map(lambda name: {"firstname": name.split()[0], "lastname": " ".join(name.split()[1:])}),
    EMAILS.map(lambda email: {"email": email}),
    st.sampled_from((None, "DE123456789", "DE987654321", "nonsense")).map(lambda number: {"taxvat": number}),
    st.sampled_from((1, 2)).map(lambda group: {"group_id": group}),
)
IN_BOOK = st.one_of(
    PHONES.map(lambda phone: {"telephone": phone}),
    CITIES.map(lambda city: {"city": city}),
    STREETS.map(lambda street: {"street": street}),
)


def _stripe_address(city: str, street: tuple[str, ...]) -> StripeAddress:
    return StripeAddress(
        line1=street[0], line2=", ".join(street[1:]) or None, city=city, state="VA", postal_code="22201", country="US"
    )


IN_DASHBOARD = st.one_of(
    NAMES.map(lambda name: {"name": name}),
    EMAILS.map(lambda email: {"email": email}),
    PHONES.map(lambda phone: {"phone": phone}),
    st.tuples(CITIES, STREETS).map(lambda found: {"address": _stripe_address(*found)}),
    st.sampled_from(("a", "b")).map(lambda text: {"metadata_other": text}),
)


class OneCustomer(Interleaving):
    """The life of one customer account and of its customers in two accounts of Stripe's."""

    @initialize(
        email=OWNERS, name=OWNERS, phone=OWNERS, address=OWNERS, create=st.sampled_from(("always", "on_first_order"))
    )
    def register(self, email: Any, name: Any, phone: Any, address: Any, create: Any) -> None:
        self.begin()
        self.stripe = FakePayments(STRIPE, self.clock.now)
        self.other = FakePayments(OTHER, self.clock.now)
        self.shop = FakeMagentoCustomers(ORDER.instance, self.clock.now)
        self.orders = FakeMagento(ORDER.instance)
        self.policy = CustomerPolicy(create=create, email=email, name=name, phone=phone, address=address)
        policies = {
            ("shop", "*"): StorePolicy(stripe=STRIPE, customers=self.policy),
            ("shop", "wholesale"): StorePolicy(stripe=OTHER, customers=self.policy),
        }
        self.store = MemoryStore()
        self.ports = Ports(
            store=self.store,
            payments={STRIPE: self.stripe, OTHER: self.other},
            magento={ORDER.instance: self.orders},
            magento_customers={ORDER.instance: self.shop},
            publisher=MemoryPublisher(),
            policies=Policies(policies),
            clock=self.clock,
        )
        self.read = {STRIPE: 0, OTHER: 0, "shop": 0}
        self.edits = 1
        self.customer = self.shop.register(address=ADDRESS, email="grace@example.com").customer_id

    # What people do.

    @rule(fields=IN_SHOP)
    def edited_in_the_shop(self, fields: dict[str, Any]) -> None:
        self.edits += 1
        self.shop.edit(self.customer, **fields)

    @rule(fields=IN_BOOK)
    def address_book_edited(self, fields: dict[str, Any]) -> None:
        self.edits += 1
        self.shop.edit_billing(self.customer, **fields)

    @rule(fields=IN_DASHBOARD, which=st.sampled_from((STRIPE, OTHER)))
    def edited_in_the_dashboard(self, fields: dict[str, Any], which: StripeRef) -> None:
        account = self.stripe if which == STRIPE else self.other
        for customer in account.customers:
            if not customer.deleted:
                self.edits += 1
                if "metadata_other" in fields:
                    fields = {"metadata": customer.metadata | {"other": fields["metadata_other"]}}
                account.edit_customer(customer.id, **fields)

    @precondition(lambda self: len(self.orders.orders) < 2)
    @rule(store=st.sampled_from(("default", "wholesale")))
    def orders_something(self, store: str) -> None:
        self.edits += 1
        number = len(self.orders.orders) + 42
        placed = an_order(order_id=number, customer_id=self.customer, store_code=store)
        self.orders.place(placed)
        self.messages.append((ORDERS, self.event(f"placed-{number}", placed)))

    @rule(which=st.sampled_from((STRIPE, OTHER)), how=st.sampled_from(("deleted", "not of this account")))
    def customer_is_gone_from_stripe(self, which: StripeRef, how: str) -> None:
        account = self.stripe if which == STRIPE else self.other
        for customer in account.customers:
            if not customer.deleted:
                self.edits += 1
                if how == "deleted":
                    account.remove_customer(customer.id)
                else:
                    account.forget_customer(customer.id)

    @rule(when=st.sampled_from(("before", "after")))
    def stripe_fails(self, when: Any) -> None:
        self.edits += 1
        self.stripe.fail_next(failure_of_stripe(when), when=when)

    @rule(when=st.sampled_from(("before", "after")))
    def magento_fails(self, when: Any) -> None:
        self.edits += 1
        self.shop.fail_next(when)

    @rule()
    def a_second_passes(self) -> None:
        self.clock.time += timedelta(seconds=1)

    @rule()
    def a_day_passes(self) -> None:
        """Stripe forgets its idempotency keys."""
        self.clock.time += timedelta(hours=25)
        self.stripe.forget_keys()

    @rule()
    def the_ledger_forgets_what_is_long_done(self) -> None:
        """The store is pruned, whatever is still to be delivered."""
        self.clock.time += timedelta(days=100)
        self.stripe.forget_keys()
        self.store.ledger.forget_done(payments=0)
        self.other.forget_keys()

    # How it is delivered.

    @override
    def collect(self) -> None:
        for saved in self.shop.events[self.read["shop"] :]:
            self.messages.append((CUSTOMERS, self.event(f"saved-{len(self.messages)}", saved)))
        self.read["shop"] = len(self.shop.events)
        for account in (self.stripe, self.other):
            for raw in account.events[self.read[account.ref] :]:
                self.add_stripe_event(raw, account.ref, CUSTOMERS)
            self.read[account.ref] = len(account.events)

    # What has to hold.

    @property
    def _writes(self) -> int:
        calls = [call for account in (self.stripe, self.other) for call in account.calls]
        return sum(call.method in WRITES for call in calls) + self.shop.writes

    @override
    def check(self) -> None:
        account = self.shop.account(self.customer)
        magento = profile_of_magento(account, "person")
        for payments in (self.stripe, self.other):
            customers: list[Customer] = [each for each in payments.customers if not each.deleted]
            assert len(customers) <= 1, f"made twice: {customers}"
            for customer in customers:
                stripe = profile_of_stripe(customer)
                differ = {name: (magento.get(name), stripe.get(name)) for name in SHARED}
                assert {name for name, (one, two) in differ.items() if one != two} == set(), differ
                assert stripe.metadata == magento.metadata
                assert customer.metadata.get("other") in {None, "a", "b"}
                wanted = [magento.tax_number.value] if magento.tax_number else []
                assert payments.tax_numbers.get(customer.id, []) == wanted
        if self.policy.create == "always":
            assert any(call.method == "create_customer" for call in self.stripe.calls)
        assert self._writes <= 6 * self.edits, f"{self._writes} writes for {self.edits} edits and failures"
        assert [each.address_id for each in account.addresses] == sorted({e.address_id for e in account.addresses})
        assert account.shipping is not None
        self._nothing_is_an_echo()

    def _nothing_is_an_echo(self) -> None:
        """Everything once more, oldest last: nobody writes anything."""
        before, events = self._writes, len(self.messages)
        for number in reversed(range(events)):
            assert self.deliver(number)
        self.collect()
        assert (self._writes, len(self.messages)) == (before, events)


OneCustomer.TestCase.settings = INTERLEAVINGS
TestOneCustomer = OneCustomer.TestCase


def test_a_name_from_the_dashboard_arrives_although_a_tax_number_goes_the_other_way_at_once() -> None:
    life = OneCustomer()
    life.register(email="magento", name="stripe", phone="magento", address="magento", create="always")
    life.collect()
    life.deliver(0)
    life.orders_something(store="default")
    life.orders_something(store="default")
    life.edited_in_the_dashboard(fields={"name": "Ada Lovelace"}, which=STRIPE)
    life.collect()
    life.deliver(0)
    life.edited_in_the_shop(fields={"taxvat": "DE123456789"})
    life.teardown()
