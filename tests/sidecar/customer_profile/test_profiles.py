"""What Magento and Stripe say of a customer, in one form."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.magento.address import Address
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.magento.customer_snapshot import CustomerAddress, CustomerSnapshot
from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import Customer, CustomerShipping
from sidecar.customer_profile.addresses import magento_address, stripe_address
from sidecar.customer_profile.of_magento import profile_of_magento
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.person_name import PersonName, split
from sidecar.customer_profile.profile import Profile, TaxNumber
from sidecar.customer_profile.tax_numbers import tax_number
from tests.conformance.test_magento_customers import ADDRESS
from tests.contracts.examples import EXAMPLES

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = st.text("abcÄß-'", min_size=1, max_size=8)


def an_account(
    *, billing: Address | None = ADDRESS, shipping: Address | None = None, **fields: Any
) -> CustomerSnapshot:
    book = [
        CustomerAddress(
            address_id=number, address=address, is_default_billing=kind == "b", is_default_shipping=kind == "s"
        )
        for number, (kind, address) in enumerate((("b", billing), ("s", shipping)), 1)
        if address is not None
    ]
    known: dict[str, Any] = {
        "instance": "shop",
        "store": {"store_id": 1, "store_code": "default", "website_id": 1, "website_code": "base"},
        "customer_id": 7,
        "email": "grace@example.com",
        "firstname": "Grace",
        "lastname": "Hopper",
        "group_id": 1,
        "addresses": book,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return CustomerSnapshot.model_validate(known | fields)


# Names.


@pytest.mark.parametrize(
    ("full", "before", "after"),
    [
        ("Ada Lovelace", {}, {"firstname": "Ada", "lastname": "Lovelace"}),
        ("Grace Murray Hopper", {}, {"firstname": "Grace Murray", "lastname": "Hopper"}),
        ("Grace Murray Hopper", {"lastname": "Murray Hopper"}, {"firstname": "Grace", "lastname": "Murray Hopper"}),
        ("Dr. Grace Hopper", {"prefix": "Dr."}, {"prefix": "Dr.", "firstname": "Grace", "lastname": "Hopper"}),
        ("Grace Hopper", {"prefix": "Dr."}, {"prefix": None, "firstname": "Grace", "lastname": "Hopper"}),
        ("Grace Hopper PhD", {"suffix": "PhD"}, {"firstname": "Grace", "lastname": "Hopper", "suffix": "PhD"}),
        ("Grace B. Hopper", {"middlename": "B."}, {"firstname": "Grace", "middlename": "B.", "lastname": "Hopper"}),
        ("Cher", {}, {"firstname": "Cher", "lastname": "Hopper"}),
        ("  Ada   King  Lovelace ", {}, {"firstname": "Ada King", "lastname": "Lovelace"}),
    ],
)
def test_a_name_is_taken_apart_as_the_person_has_it(full: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    known = PersonName.model_validate({"firstname": "Grace", "lastname": "Hopper"} | before)
    assert split(full, known).model_dump(exclude_defaults=True) == {k: v for k, v in after.items() if v is not None}


@given(
    st.lists(WORDS, min_size=2, max_size=6),
    st.builds(
        PersonName,
        prefix=st.none() | WORDS,
        firstname=WORDS,
        middlename=st.none() | WORDS,
        lastname=WORDS,
        suffix=st.none() | WORDS,
    ),
)
def test_a_name_of_two_words_or_more_says_the_same_when_it_comes_back(words: list[str], before: PersonName) -> None:
    full = " ".join(words)
    assert split(full, before).full == full


@given(
    st.builds(
        PersonName,
        prefix=st.none() | WORDS,
        firstname=WORDS,
        middlename=st.none() | WORDS,
        lastname=WORDS,
        suffix=st.none() | WORDS,
    )
)
def test_a_name_that_nobody_changed_stays_what_it_was(name: PersonName) -> None:
    assert split(name.full, name).full == name.full


# Addresses.


@pytest.mark.parametrize(
    ("street", "line1", "line2"),
    [
        ((), None, None),
        (("1 Navy Way",), "1 Navy Way", None),
        (("1 Navy Way", "Room 3"), "1 Navy Way", "Room 3"),
        (("1 Navy Way", "", "Room 3", "Door 7"), "1 Navy Way", "Room 3, Door 7"),
    ],
)
def test_a_street_of_any_number_of_lines_has_two_in_stripe(
    street: tuple[str, ...], line1: str | None, line2: str | None
) -> None:
    found = stripe_address(ADDRESS.model_copy(update={"street": street}))
    assert (found.line1, found.line2) == (line1, line2)


def test_an_address_that_nobody_changed_comes_back_as_it_was() -> None:
    long = ADDRESS.model_copy(update={"street": ("1 Navy Way", "Building 7", "Room 3"), "company": "Navy"})
    assert magento_address(stripe_address(long), long) == long


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"city": "Boston"}, {"city": "Boston"}),
        ({"line2": "Room 4"}, {"street": ("1 Navy Way", "Room 4")}),
        ({"line2": None}, {"street": ("1 Navy Way",)}),
        ({"state": "MA"}, {"region": "MA", "region_code": None}),
        ({"country": "de", "state": None}, {"country_id": "DE", "region": None, "region_code": None}),
        ({"postal_code": None}, {"postcode": None}),
    ],
)
def test_what_stripe_changed_of_an_address_is_changed_and_no_more(
    changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    stripe = stripe_address(ADDRESS).model_copy(update=changes)
    assert magento_address(stripe, ADDRESS) == ADDRESS.model_copy(update=expected)


# Profiles.


def test_the_example_of_the_contract_is_the_example_of_stripes_event() -> None:
    (example,) = [each for each in EXAMPLES if each.path.stem == "company-with-two-addresses"]
    saved = CustomerSavedV1.model_validate(example.document()["data"])
    (told,) = [each for each in EXAMPLES if each.path.stem == "customer.updated"]
    stripe = profile_of_stripe(Customer.model_validate(told.document()["data"]["data"]["object"]))
    magento = profile_of_magento(saved, "person", {3: "exempt"})
    differ = {name for name in Profile.model_fields if getattr(magento, name) != getattr(stripe, name)}
    assert differ == {"phone", "tax_number"}
    assert magento.tax_number == TaxNumber(type="eu_vat", value="DE000000000")


def test_a_company_is_the_business_and_by_choice_the_name() -> None:
    account = an_account(company=" Navy  Yard ")
    assert profile_of_magento(account, "person").name == "Grace Hopper"
    assert profile_of_magento(account, "company").name == "Navy Yard"
    assert profile_of_magento(account, "person").business_name == "Navy Yard"
    own = ADDRESS.model_copy(update={"company": "Of the address"})
    assert profile_of_magento(an_account(billing=own), "company").name == "Of the address"
    assert profile_of_magento(an_account(), "company").name == "Grace Hopper"


def test_all_parts_of_a_name_are_in_it() -> None:
    account = an_account(prefix="Dr.", middlename="Murray", suffix="PhD")
    assert profile_of_magento(account, "person").name == "Dr. Grace Murray Hopper PhD"


def test_what_stripe_has_no_room_for_is_cut_or_left_out() -> None:
    long = ADDRESS.model_copy(update={"telephone": "1" * 21, "company": "c" * 200})
    profile = profile_of_magento(an_account(billing=long, firstname="f" * 300), "person")
    assert (profile.phone, len(profile.name or ""), len(profile.business_name or "")) == (None, 256, 150)


def test_the_number_of_the_goods_stands_in_where_bills_have_none() -> None:
    other = ADDRESS.model_copy(update={"telephone": "5550199"})
    silent = ADDRESS.model_copy(update={"telephone": " "})
    assert profile_of_magento(an_account(billing=silent, shipping=other), "person").phone == "5550199"
    assert profile_of_magento(an_account(billing=None), "person").phone is None


def test_an_exemption_is_only_said_where_the_merchant_has_a_rule() -> None:
    assert profile_of_magento(an_account(group_id=3), "person").tax_exempt is None
    assert profile_of_magento(an_account(group_id=3), "person", {3: "reverse"}).tax_exempt == "reverse"
    assert profile_of_magento(an_account(group_id=1), "person", {3: "reverse"}).tax_exempt == "none"


def test_a_tax_number_of_no_certain_kind_is_kept_among_the_labels() -> None:
    unknown = profile_of_magento(an_account(taxvat="12 34"), "person")
    assert (unknown.tax_number, unknown.metadata["magento_taxvat"]) == (None, "12 34")
    known = profile_of_magento(an_account(taxvat="DE 123 456 789"), "person")
    assert known.tax_number == TaxNumber(type="eu_vat", value="DE123456789")
    assert "magento_taxvat" not in known.metadata


def test_nothing_is_nothing_whichever_way_stripe_writes_it() -> None:
    empty = StripeAddress(line1="", city=None)
    customer = Customer.model_validate(
        {
            "id": "cus_1",
            "email": "",
            "phone": None,
            "address": empty.model_dump(),
            "shipping": CustomerShipping(name="", address=empty).model_dump(),
            "preferred_locales": None,
            "metadata": {"magento_customer_id": "7", "colour": "red"},
        }
    )
    assert profile_of_stripe(customer) == Profile(metadata={"magento_customer_id": "7"})


# Tax numbers. Forms as in docs.stripe.com/billing/customer/tax-ids; none of them is anybody's.


@pytest.mark.parametrize(
    ("given", "country", "kind", "value"),
    [
        ("ATU12345678", None, "eu_vat", "ATU12345678"),
        ("be 0123.456.789", "BE", "eu_vat", "BE0123456789"),
        ("CY12345678Z", None, "eu_vat", "CY12345678Z"),
        ("de-123456789", None, "eu_vat", "DE123456789"),
        ("123456789", "DE", "eu_vat", "DE123456789"),
        ("123456789", "GR", "eu_vat", "EL123456789"),
        ("EL123456789", "GR", "eu_vat", "EL123456789"),
        ("ESA1234567Z", None, "eu_vat", "ESA1234567Z"),
        ("FRAB123456789", None, "eu_vat", "FRAB123456789"),
        ("IE1234567AB", None, "eu_vat", "IE1234567AB"),
        ("NL123456789B12", None, "eu_vat", "NL123456789B12"),
        ("XI123456789", "GB", "eu_vat", "XI123456789"),
        ("GB123456789", None, "gb_vat", "GB123456789"),
        ("CHE-123.456.789 MWST", None, "ch_vat", "CHE-123.456.789 MWST"),
        ("che123456789tva", "CH", "ch_vat", "CHE-123.456.789 TVA"),
        ("12345678912", "AU", "au_abn", "12345678912"),
        ("12ABCDE3456FGZH", "IN", "in_gst", "12ABCDE3456FGZH"),
        ("123456789MVA", "NO", "no_vat", "123456789MVA"),
        ("123456789", "NZ", "nz_gst", "123456789"),
        ("12-3456789", "US", "us_ein", "12-3456789"),
    ],
)
def test_a_tax_number_is_known_by_its_form_and_its_country(
    given: str, country: str | None, kind: str, value: str
) -> None:
    assert tax_number(given, country) == TaxNumber(type=kind, value=value)


@pytest.mark.parametrize(
    ("given", "country"),
    [
        (None, "DE"), ("", "DE"), (" ", "DE"), ("12345", "DE"), ("123456789", None), ("123456789", "US"),
        ("DE12345", "DE"), ("123456789", "GB"), ("ZZ123456789", None), ("n/a", "AT"),
    ],
)  # fmt: skip
def test_where_the_kind_is_in_doubt_nothing_is_claimed(given: str | None, country: str | None) -> None:
    assert tax_number(given, country) is None
