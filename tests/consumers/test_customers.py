"""What becomes of a customer: the account in Magento, and the customer in Stripe."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consumers.customers import CONSUMER as CUSTOMERS
from consumers.customers import locate
from schemas.envelope import CloudEvent
from schemas.ids import MagentoCustomerId
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.stripe.address import StripeAddress
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.customer_profile.addresses import stripe_address
from sidecar.customer_profile.profile import TaxNumber
from sidecar.errors import NotYetError, TransientError, UnknownOutcomeError
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import IdempotencyKey
from tests.conformance.test_magento_customers import ADDRESS
from tests.consumers.builders import ORDER, STRIPE
from tests.consumers.customer_world import OTHER, World
from tests.fakes.magento_customers import STORES

MINUTE = timedelta(minutes=1)

# From Magento to Stripe.


async def test_a_new_account_becomes_a_customer_with_all_that_stripe_has_a_place_for() -> None:
    world = World(tax_exempt={1: "reverse"})
    account = await world.register(prefix="Dr.", taxvat="DE 123456789", company="Navy")
    customer = world.customer()
    assert (customer.name, customer.email, customer.phone) == ("Dr. Grace Hopper", "grace@example.com", "5550100")
    assert customer.address == stripe_address(ADDRESS)
    assert customer.shipping is not None
    assert customer.shipping.address == customer.address
    assert (customer.preferred_locales, customer.tax_exempt, customer.business_name) == (("en-US",), "reverse", "Navy")
    assert {name: value for name, value in customer.metadata.items() if name.startswith("magento_")} == {
        "magento_instance": "shop",
        "magento_customer_id": str(account.customer_id),
        "magento_group_id": "1",
        "magento_website": "base",
    }
    assert world.stripe.tax_numbers == {customer.id: ["DE123456789"]}
    assert world.writes() == ["create_customer", "create_tax_id"]


async def test_a_save_that_changes_nothing_that_stripe_knows_makes_no_call() -> None:
    world = World()
    account = await world.register()
    calls = len(world.stripe.calls)
    saved = CustomerSavedV1.model_validate(account.model_dump() | {"updated_at": world.clock.now()})
    await world.handle(CUSTOMERS, saved)
    await world.handle(CUSTOMERS, saved)
    assert len(world.stripe.calls) == calls


async def test_only_what_changed_is_sent() -> None:
    world = World()
    account = await world.register()
    world.stripe.edit_customer(world.customer().id, business_name="Set in Stripe")
    world.shop.edit(account.customer_id, group_id=3)
    await world.settle()
    assert world.customer().metadata["magento_group_id"] == "3"
    assert world.customer().business_name == "Set in Stripe"
    (line,) = [each for each in await world.story(account.customer_id) if each.kind == "UpdateCustomer"]
    assert line.detail["fields"] == "metadata"


async def test_an_echo_ends_after_one_hop_whoever_began() -> None:
    world = World(name="newest")
    account = await world.register()
    for edit in (
        lambda: world.shop.edit(account.customer_id, lastname="Murray"),
        lambda: world.stripe.edit_customer(world.customer().id, name="Ada Lovelace"),
    ):
        before = len(world.writes()) + world.shop.writes
        edit()
        assert await world.settle() == 2  # the change itself, and its echo from the other side
        assert len(world.writes()) + world.shop.writes == before + 1
    assert world.shop.account(account.customer_id).firstname == "Ada"


async def test_a_tax_number_is_replaced_and_one_that_somebody_else_added_stays() -> None:
    world = World()
    account = await world.register(taxvat="DE123456789")
    customer = world.customer().id
    await world.stripe.create_tax_id(customer, _number("FRAB123456789"), key=_key("own"))
    for number, expected in (("DE987654321", "DE987654321"), ("12 34", None), (None, None)):
        world.shop.edit(account.customer_id, taxvat=number)
        await world.settle()
        assert world.stripe.tax_numbers[customer] == ["FRAB123456789"] + ([expected] if expected else [])
        assert world.customer().metadata.get("magento_taxvat") == ("12 34" if number == "12 34" else None)


async def test_what_stripe_refuses_keeps_nothing_else_away_and_is_told() -> None:
    world = World()
    account = await world.register()
    world.shop.edit(account.customer_id, email="no address", lastname="Murray", taxvat="XI123456789")
    await world.settle()
    assert (world.customer().email, world.customer().name) == ("grace@example.com", "Grace Murray")
    story = await world.story(account.customer_id)
    assert any(line.detail.get("refused") == "email:email_invalid" for line in story)
    calls = len(world.stripe.calls)
    world.shop.edit(account.customer_id, group_id=2)
    await world.settle()
    assert world.customer().metadata["magento_group_id"] == "2"
    assert len([call for call in world.stripe.calls[calls:] if call.method == "update_customer"]) == 1  # not once more


async def test_several_accounts_of_stripe_each_have_their_own_customer_and_all_are_kept_the_same() -> None:
    world = World(phone="newest")
    account = await world.register()
    assert world.other.customers == ()
    await world.order(customer=account.customer_id, store="wholesale")
    await world.settle()
    world.other.edit_customer(world.customer(world.other).id, phone="5550199")
    await world.settle()
    assert (world.customer().phone, world.customer(world.other).phone) == ("5550199", "5550199")
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert {world.customer().name, world.customer(world.other).name} == {"Grace Murray"}


async def test_a_store_that_is_not_ours_has_its_customers_for_itself() -> None:
    world = World()
    account = world.shop.register(email="ada@example.com")
    elsewhere = account.model_copy(update={"store": STORES["default"].model_copy(update={"store_code": "elsewhere"})})
    assert await world.handle(CUSTOMERS, CustomerSavedV1.model_validate(elsewhere.model_dump())) == Skip("other_store")
    assert world.stripe.calls == []


async def test_who_only_registers_is_nobody_in_stripe_where_the_merchant_wants_it_so() -> None:
    world = World(create="on_first_order")
    account = await world.register()
    assert world.stripe.customers == ()
    await world.order(customer=account.customer_id)
    await world.settle()
    assert world.customer().metadata["magento_customer_id"] == str(account.customer_id)


# An order and its account.


@pytest.mark.parametrize("order_first", [True, False])
async def test_an_order_and_its_account_make_one_customer_whoever_comes_first(order_first: bool) -> None:  # noqa: FBT001
    world = World()
    account = world.shop.register(address=ADDRESS, email="grace@example.com")
    if order_first:
        await world.order(customer=account.customer_id)
    await world.settle()
    if not order_first:
        await world.order(customer=account.customer_id)
    await world.settle()
    assert len(world.stripe.customers) == 1
    assert {intent.customer for intent in world.stripe.intents} == {None, world.customer().id} - {None}
    assert world.profile().metadata["magento_website"] == "base"


async def test_what_one_has_begun_the_other_finishes_as_it_was_begun() -> None:
    """The order writes the effect down and dies; the account's event finds it."""
    world = World()
    account = world.shop.register(address=ADDRESS, email="grace@example.com")
    world.stripe.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method="create_customer")
    with pytest.raises(UnknownOutcomeError):
        await world.order(customer=account.customer_id)
    await world.settle()
    await world.order(customer=account.customer_id)
    assert len(world.stripe.customers) == 1
    record = await world.ports.store.customers.load(account.ref)
    assert [link.customer for link in record.links] == [world.customer().id]
    assert dict(record.open_effects) == {}


async def test_an_order_tells_in_its_story_that_it_made_the_customer() -> None:
    world = World()
    account = world.shop.register()
    await world.order(customer=account.customer_id)
    for story in (await world.ports.store.timeline.read(ORDER), await world.story(account.customer_id)):
        assert [line.kind for line in story if line.kind == "CreateCustomer"] == ["CreateCustomer"]


@pytest.mark.parametrize("how", ["deleted", "of another account"])
@pytest.mark.parametrize("customer", [7, None])
async def test_an_order_that_needs_a_customer_who_is_gone_gets_a_new_one(how: str, customer: int | None) -> None:
    world = World()
    world.stripe.fail_next(TransientError("stripe", "http_503"), method="create_payment_intent")
    with pytest.raises(TransientError):
        await world.order(customer=customer, payment_method="pm_card_visa")
    lost = world.customer().id
    if how == "deleted":
        world.stripe.remove_customer(lost)
    else:
        world.stripe.forget_customer(lost)
    await world.order(customer=customer, payment_method="pm_card_visa")
    (intent,) = world.stripe.intents
    assert intent.customer == world.customer().id != lost
    assert world.orders.orders[ORDER.order_id].invoices == 1
    assert world.customer().metadata["sidecar_key"].endswith("#2")


async def test_what_has_its_page_does_not_need_its_customer_any_more() -> None:
    world = World()
    await world.order()
    world.stripe.remove_customer(world.customer().id)
    calls = len(world.stripe.calls)
    await world.order()
    assert len(world.stripe.calls) == calls


# From Stripe to Magento.


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("email", "ada@example.com", {"email": "ada@example.com"}),
        ("name", "Ada Lovelace", {"firstname": "Ada", "lastname": "Lovelace"}),
        ("phone", "5550199", {"telephone": "5550199"}),
        ("address", StripeAddress(line1="2 New Street", city="Boston", state="MA", postal_code="02108", country="US"),
         {"street": ("2 New Street",), "city": "Boston", "region_code": "MA", "postcode": "02108"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("owner", ["stripe", "newest"])
async def test_what_stripe_may_change_comes_to_magento(
    field: str, value: Any, expected: dict[str, Any], owner: str
) -> None:
    rules: dict[str, Any] = {field: owner}
    world = World(**rules)
    account = await world.register()
    world.stripe.edit_customer(world.customer().id, **{field: value})
    await world.settle()
    seen = world.shop.account(account.customer_id)
    assert seen.billing is not None
    has = seen.billing.address.model_dump() | seen.model_dump()
    assert {name: has[name] for name in expected} == expected
    assert world.shop.writes == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "ada@example.com"), ("name", "Ada Lovelace"), ("phone", "5550199"), ("phone", None), ("address", None)],
)
async def test_what_magento_owns_is_put_back_and_told(field: str, value: Any) -> None:
    world = World()
    account = await world.register()
    before = world.profile()
    world.stripe.edit_customer(world.customer().id, **{field: value})
    await world.settle()
    assert world.profile() == before
    assert world.shop.writes == 0
    line = (await world.story(account.customer_id))[-1]
    assert (line.kind, line.detail["overruled"]) == ("UpdateCustomer", field)
    assert "ada" not in str(line).lower()


async def test_what_stripe_owns_is_put_back_in_magento() -> None:
    world = World(name="stripe")
    account = await world.register()
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert world.shop.account(account.customer_id).lastname == "Hopper"
    assert (await world.story(account.customer_id))[-1].detail["overruled"] == "name"


async def test_what_magento_refuses_keeps_nothing_else_away_and_is_told() -> None:
    world = World(email="newest", phone="newest")
    await world.register(email="taken@example.com")
    account = await world.register(email="grace@example.com")
    customer = next(each for each in world.stripe.customers if each.email == "grace@example.com")
    world.stripe.edit_customer(customer.id, email="taken@example.com", phone="5550199")
    await world.settle()
    seen = world.shop.account(account.customer_id)
    assert seen.billing is not None
    assert (seen.email, seen.billing.address.telephone) == ("grace@example.com", "5550199")
    assert any(line.detail.get("refused") == "email:http_400" for line in await world.story(account.customer_id))
    world.stripe.edit_customer(customer.id, phone="5550198")
    writes = world.shop.writes
    await world.settle()
    assert world.shop.writes == writes + 1  # not the address once more


async def test_where_bills_and_goods_share_an_address_only_that_of_bills_changes() -> None:
    world = World(address="stripe")
    account = await world.register()
    new = StripeAddress(line1="2 New Street", city="Boston", state="MA", postal_code="02108", country="US")
    world.stripe.edit_customer(world.customer().id, address=new)
    await world.settle()
    seen = world.shop.account(account.customer_id)
    assert (seen.billing, seen.shipping) != (None, None)
    assert seen.billing is not None
    assert seen.shipping is not None
    assert (seen.billing.address.city, seen.shipping.address.city) == ("Boston", "Arlington")
    world.stripe.edit_customer(world.customer().id, address=new.model_copy(update={"city": "Norfolk", "state": "VA"}))
    await world.settle()
    assert len(world.shop.account(account.customer_id).addresses) == 2


async def test_a_change_of_the_same_field_on_both_sides_goes_to_the_later_one() -> None:
    world = World(name="newest")
    account = await world.register()
    world.shop.edit(account.customer_id, lastname="Shop")
    world.clock.time += MINUTE
    world.stripe.edit_customer(world.customer().id, name="Grace Dashboard")
    late, *earlier = reversed(world.outstanding())
    for event in (late, *earlier):  # Stripe's comes first, in Magento it is not known yet
        await world.deliver(CUSTOMERS, event)
    await world.settle()
    assert world.profile().name == "Grace Dashboard"
    assert world.shop.account(account.customer_id).lastname == "Dashboard"


async def test_events_of_stripe_that_come_late_change_nothing() -> None:
    world = World(name="stripe")
    account = await world.register()
    world.stripe.edit_customer(world.customer().id, name="Old Name")
    (old,) = world.outstanding()
    world.stripe.edit_customer(world.customer().id, name="New Name")
    await world.settle()
    writes = world.shop.writes
    await world.deliver(CUSTOMERS, old)
    await world.settle()
    assert world.shop.account(account.customer_id).firstname == "New"
    assert world.shop.writes == writes


async def test_an_event_in_a_form_that_is_not_known_is_read_again() -> None:
    world = World(name="stripe")
    account = await world.register()
    world.stripe.edit_customer(world.customer().id, name="Ada Lovelace")
    world.outstanding()
    odd = {
        "id": "evt_1", "object": "event", "type": "customer.updated", "created": 1_795_500_000, "livemode": False,
        "data": {"object": {"object": "customer", "id": world.customer().id, "name": ["Ada", "Lovelace"]}},
    }  # fmt: skip
    event = CloudEvent[Any](
        id="x", source="/stripe/main/test", type="t", time=world.clock.now(), data=StripeEventV1.model_validate(odd)
    )
    await world.deliver(CUSTOMERS, event)
    assert world.shop.account(account.customer_id).firstname == "Ada"


async def test_without_rest_magentos_side_still_counts() -> None:
    world = World(rest=False)
    account = await world.register()
    world.stripe.edit_customer(world.customer().id, name="Ada Lovelace")
    await world.settle()
    assert world.profile().name == "Grace Hopper"
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert world.profile().name == "Grace Murray"


async def test_what_was_changed_in_the_shop_a_moment_ago_is_not_lost_to_an_older_word_of_stripes() -> None:
    """Two changes of one second: the events do not say which came last, so Magento is asked."""
    world = World()
    account = await world.register()
    world.shop.edit(account.customer_id, lastname="First")
    world.shop.edit(account.customer_id, lastname="Second")
    first, second = world.outstanding()
    await world.deliver(CUSTOMERS, second)
    await world.deliver(CUSTOMERS, first)
    assert world.profile().name == "Grace Second"


# Gone.


@pytest.mark.parametrize(("rule", "left"), [("keep", "grace@example.com"), ("scrub", None), ("delete", None)])
async def test_a_deleted_account_is_forgotten_as_the_merchant_wants(rule: str, left: str | None) -> None:
    world = World(on_delete=rule)
    account = await world.register(taxvat="DE123456789")
    customer = world.customer().id
    world.stripe.save_card(customer)
    world.shop.remove(account.customer_id)
    await world.settle()
    (seen,) = world.stripe.customers
    assert (seen.email, seen.deleted) == (left, rule == "delete")
    saved = await world.stripe.list_payment_methods(customer)
    assert len(saved) == (1 if rule == "keep" else 0)
    if rule == "scrub":
        assert (seen.name, seen.phone, seen.address, seen.shipping) == (None, None, None, None)
        assert seen.metadata["magento_customer_id"] == str(account.customer_id)
        assert world.stripe.tax_numbers == {}
    writes = len(world.writes())
    late = CustomerSavedV1.model_validate(account.model_dump())
    await world.handle(CUSTOMERS, late)
    await world.settle()
    assert len(world.writes()) == writes


async def test_a_customer_that_is_deleted_in_stripe_comes_back_with_the_accounts_next_change() -> None:
    world = World()
    account = await world.register()
    world.stripe.remove_customer(world.customer().id)
    await world.settle()
    saved = CustomerSavedV1.model_validate(account.model_dump())
    await world.handle(CUSTOMERS, saved)
    assert all(customer.deleted for customer in world.stripe.customers)
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert world.profile().name == "Grace Murray"
    assert world.customer().metadata["sidecar_key"].endswith("#2")


async def test_a_customer_that_was_never_in_this_account_is_made_when_a_change_does_not_find_it() -> None:
    world = World()
    account = await world.register()
    world.stripe.forget_customer(world.customer().id)
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert world.profile().name == "Grace Murray"


async def test_a_link_that_was_lost_is_found_again_by_the_accounts_number() -> None:
    """The sidecar's database was restored from before the account was linked."""
    world = World()
    account = await world.register()
    customer = world.customer().id
    again = World()
    again.stripe = world.stripe
    again.shop = world.shop
    again.ports = _with(again, world)
    await again.handle(CUSTOMERS, CustomerSavedV1.model_validate(account.model_dump()))
    assert [each.id for each in world.stripe.customers] == [customer]
    assert [line.detail.get("why") for line in await again.story(account.customer_id)] == ["named"]


# Guests.


async def test_an_equal_address_makes_nobody_the_same_person() -> None:
    world = World()
    await world.order()
    await world.register(email="grace@example.com")
    assert len(world.stripe.customers) == 2


@pytest.mark.parametrize(("rule", "customers"), [("never", 2), ("when_order_moved", 1), ("when_email_confirmed", 1)])
async def test_a_guest_whose_order_magento_gives_to_the_account_is_its_owner(rule: str, customers: int) -> None:
    world = World(link_guests=rule)
    await world.order()
    guest = world.customer().id
    card = world.stripe.save_card(guest)
    account = world.shop.register(address=ADDRESS, email="grace@example.com")
    world.orders.assign(ORDER.order_id, account.customer_id)
    await world.settle()
    assert len(world.stripe.customers) == customers
    if customers == 1:
        assert world.customer().metadata["magento_customer_id"] == str(account.customer_id)
        assert await world.stripe.list_payment_methods(guest) == (card,)
        await world.order(customer=account.customer_id, number=43)
        assert {session.id for session in world.stripe.sessions} != set()
        assert len(world.stripe.customers) == 1


@pytest.mark.parametrize(("confirmed", "customers"), [(True, 1), (False, 2)])
async def test_a_confirmed_address_is_proof_only_where_the_merchant_says_so(confirmed: bool, customers: int) -> None:  # noqa: FBT001
    world = World(link_guests="when_email_confirmed")
    await world.order()
    account = world.shop.register(address=ADDRESS, email="grace@example.com")
    if confirmed:
        world.shop.confirmed.add(account.customer_id)
    await world.settle()
    assert len(world.stripe.customers) == customers


async def test_two_customers_are_never_made_one() -> None:
    world = World(link_guests="when_email_confirmed")
    account = await world.register()
    world.shop.confirmed.add(account.customer_id)
    await world.order()
    world.orders.assign(ORDER.order_id, account.customer_id)
    world.shop.edit(account.customer_id, lastname="Murray")
    await world.settle()
    assert len(world.stripe.customers) == 2


# Accounts for customers that somebody made in Stripe.

MADE_IN_STRIPE: dict[str, Any] = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "phone": "5550199",
    "address": StripeAddress(line1="2 New Street", city="Boston", state="MA", postal_code="02108", country="US"),
}


async def test_nobody_gets_an_account_unasked() -> None:
    world = World()
    world.stripe.add_customer(**MADE_IN_STRIPE)
    await world.settle()
    assert world.shop.events == []


async def test_an_account_is_made_linked_and_kept_the_same() -> None:
    world = World(create_in_magento=True, name="newest")
    made = world.stripe.add_customer(**MADE_IN_STRIPE)
    await world.settle()
    (account,) = await world.shop.list_customers(MagentoCustomerId(0), None, 9)
    assert (account.email, account.firstname, account.lastname) == ("ada@example.com", "Ada", "Lovelace")
    assert account.billing is not None
    assert account.billing.address.region_code == "MA"
    assert [customer.id for customer in world.stripe.customers] == [made.id]
    assert world.customer().metadata["magento_customer_id"] == str(account.customer_id)
    world.stripe.edit_customer(made.id, name="Ada King")
    await world.settle()
    assert world.shop.account(account.customer_id).lastname == "King"


async def test_an_account_that_was_made_without_an_answer_is_not_made_twice() -> None:
    world = World(create_in_magento=True)
    made = world.stripe.add_customer(**MADE_IN_STRIPE)
    world.shop.fail_next("after")
    created, *_ = world.outstanding()
    with pytest.raises(UnknownOutcomeError):
        await world.deliver(CUSTOMERS, created)
    (saved,) = world.outstanding()
    with pytest.raises(NotYetError):  # or it would become a second customer in Stripe
        await world.deliver(CUSTOMERS, saved)
    await world.deliver(CUSTOMERS, created)
    await world.deliver(CUSTOMERS, saved)
    await world.settle()
    assert [customer.id for customer in world.stripe.customers] == [made.id]
    assert len(await world.shop.list_customers(MagentoCustomerId(0), None, 9)) == 1


async def test_an_account_with_the_same_address_is_not_taken_for_the_same_person() -> None:
    world = World(create_in_magento=True)
    account = await world.register(email="ada@example.com")
    world.clock.time += MINUTE
    world.stripe.add_customer(**MADE_IN_STRIPE)
    await world.settle()
    assert len(world.stripe.customers) == 2
    assert world.shop.account(account.customer_id) == account
    assert world.shop.writes == 0


@pytest.mark.parametrize("missing", ["email", "name"])
async def test_an_account_needs_an_address_and_a_name(missing: str) -> None:
    world = World(create_in_magento=True)
    world.stripe.add_customer(**MADE_IN_STRIPE | {missing: None})
    (event,) = world.outstanding()
    assert await world.deliver(CUSTOMERS, event) == Skip("not_ours")


# Whose event it is.


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, Skip("not_ours")),
        ({"magento_order_id": "42", "magento_instance": "shop"}, Skip("guest")),
        ({"magento_customer_id": "7", "magento_instance": "elsewhere"}, Skip("other_instance")),
        ({"magento_customer_id": "7"}, Skip("other_instance")),
        ({"magento_customer_id": "seven", "magento_instance": "shop"}, Skip("other_instance")),
    ],
)
async def test_other_peoples_customers_are_left_alone(metadata: dict[str, str], expected: Skip) -> None:
    world = World()
    world.stripe.add_customer(email="x@example.com", name="X", metadata=metadata)
    (event,) = world.outstanding()
    assert await locate(event, world.ports) == expected


async def test_a_customer_that_only_claims_to_be_an_account_changes_nothing() -> None:
    world = World(name="stripe")
    account = await world.register()
    labels = {"magento_instance": "shop", "magento_customer_id": str(account.customer_id)}
    claims = world.stripe.add_customer(email="evil@example.com", name="Somebody Else", metadata=labels)
    await world.settle()
    world.stripe.edit_customer(claims.id, name="Somebody Other")
    await world.settle()
    assert world.shop.account(account.customer_id) == account


async def test_what_fails_is_tried_again_with_the_same_key() -> None:
    world = World()
    account = await world.register()
    world.shop.edit(account.customer_id, lastname="Murray")
    (saved,) = world.outstanding()
    for _ in range(2):
        world.stripe.fail_next(TransientError("stripe", "http_503"), method="update_customer")
        with pytest.raises(TransientError):
            await world.deliver(CUSTOMERS, saved)
    await world.deliver(CUSTOMERS, saved)
    keys = [call.key for call in world.stripe.calls if call.method == "update_customer"]
    assert (len(keys), len(set(keys))) == (3, 1)


async def test_what_was_done_without_an_answer_is_seen_and_not_done_again() -> None:
    world = World()
    account = await world.register()
    world.shop.edit(account.customer_id, lastname="Murray")
    (saved,) = world.outstanding()
    world.stripe.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method="update_customer")
    with pytest.raises(UnknownOutcomeError):
        await world.deliver(CUSTOMERS, saved)
    await world.deliver(CUSTOMERS, saved)
    assert world.writes().count("update_customer") == 1
    assert [line.kind for line in await world.story(account.customer_id)] == ["CreateCustomer", "UpdateCustomer"]


def _key(name: str) -> IdempotencyKey:
    return IdempotencyKey(name)


def _number(value: str) -> TaxNumber:
    return TaxNumber(type="eu_vat", value=value)


def _with(again: World, world: World) -> Ports:
    """Another database, the same shop and the same Stripe."""
    return replace(
        again.ports,
        payments={STRIPE: world.stripe, OTHER: world.other},
        magento_customers={ORDER.instance: world.shop},
    )
