"""Who gets what from whom, field by field."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.customer_sync.compare import Comparison, Sides, compare
from sidecar.customer_profile.profile import SHARED, Agreement, Profile, SharedField, TaxNumber
from sidecar.policy import Owner

VALUES = (None, "a", "b", "c")
OWNERS: tuple[Owner, ...] = ("magento", "stripe", "newest")


def sides(
    magento: str | None,
    stripe: str | None,
    agreed: tuple[str | None, str | None] | str | None,
    owner: Owner = "newest",
    **fields: Any,
) -> Sides:
    """The field `name` alone: what Magento and Stripe have, and had; one text if they had the same."""
    before: Agreement | None = None
    if agreed is not None:
        was = agreed if isinstance(agreed, tuple) else (agreed, agreed)
        before = Agreement(magento=Profile(name=was[0]), stripe=Profile(name=was[1]))
    owners = cast("dict[SharedField, Owner]", dict.fromkeys(SHARED, owner))
    return Sides(Profile(name=magento), Profile(name=stripe), before, owners, **fields)


def outcome(result: Comparison) -> tuple[str, bool]:
    where = {
        "stripe": "name" in result.to_stripe,
        "magento": "name" in result.to_magento,
        "settled": "name" in result.settled,
    }
    (found,) = [name for name, holds in where.items() if holds] or ["nothing"]
    return found, "name" in result.overruled


@pytest.mark.parametrize(
    ("magento", "stripe", "agreed", "owner", "expected"),
    [
        # nobody has changed anything
        ("a", "a", "a", "newest", ("settled", False)),
        ("a", "b", ("a", "b"), "newest", ("nothing", False)),  # they agreed to differ
        ("a", "b", ("a", "b"), "magento", ("nothing", False)),
        # one has
        ("b", "a", "a", "newest", ("stripe", False)),
        ("b", "a", "a", "magento", ("stripe", False)),
        ("b", "a", "a", "stripe", ("magento", True)),  # put back
        ("a", "b", "a", "newest", ("magento", False)),
        ("a", "b", "a", "stripe", ("magento", False)),
        ("a", "b", "a", "magento", ("stripe", True)),  # put back
        # both have, to the same
        ("b", "b", "a", "magento", ("settled", False)),
        # both have
        ("b", "c", "a", "magento", ("stripe", True)),
        ("b", "c", "a", "stripe", ("magento", True)),
        # one unset it
        (None, "a", "a", "newest", ("stripe", False)),
        # they never met
        ("a", None, None, "magento", ("stripe", False)),
        ("a", None, None, "stripe", ("stripe", False)),
        (None, "a", None, "magento", ("settled", False)),
        (None, "a", None, "stripe", ("magento", False)),
        (None, "a", None, "newest", ("magento", False)),
        ("a", "b", None, "magento", ("stripe", True)),
        ("a", "b", None, "newest", ("stripe", True)),
        ("a", "b", None, "stripe", ("magento", True)),
    ],
)
def test_a_field_that_both_sides_have(
    magento: str | None, stripe: str | None, agreed: Any, owner: Owner, expected: tuple[str, bool]
) -> None:
    assert outcome(compare(sides(magento, stripe, agreed, owner))) == expected


@pytest.mark.parametrize(("newer", "expected"), [(True, "stripe"), (False, "magento")])
def test_of_two_changes_the_later_one_counts_where_either_may_change(newer: bool, expected: str) -> None:  # noqa: FBT001
    assert outcome(compare(sides("b", "c", "a", magento_is_newer=newer))) == (expected, True)


@pytest.mark.parametrize(("magento", "expected"), [("a", "stripe"), (None, "settled")])
def test_what_magento_cannot_say_is_put_back_in_stripe(magento: str | None, expected: str) -> None:
    found = compare(sides(magento, "b", (magento, None), "stripe", can_say=lambda _: False))
    assert outcome(found)[0] == expected


@pytest.mark.parametrize("owner", OWNERS)
def test_a_customer_made_from_an_order_gets_what_the_account_has(owner: Owner) -> None:
    """The order may have had another address: Stripe has said nothing of its own yet."""
    known = sides("account", "order", None, owner)
    made = Sides(known.magento, known.stripe, Agreement(stripe=known.stripe), known.owners)
    assert outcome(compare(made)) == ("stripe", False)


@given(
    st.sampled_from(VALUES), st.sampled_from(VALUES),
    st.none() | st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)),
    st.sampled_from(OWNERS), st.booleans(),
)  # fmt: skip
def test_doing_what_was_decided_leaves_nothing_to_be_done(
    magento: str | None,
    stripe: str | None,
    agreed: Any,
    owner: Owner,
    newer: bool,  # noqa: FBT001
) -> None:
    before = sides(magento, stripe, agreed, owner, magento_is_newer=newer, can_say=lambda _: stripe is not None)
    where, _ = outcome(compare(before))
    after = {"stripe": (magento, magento), "magento": (stripe, stripe)}.get(where, (magento, stripe))
    if where == "nothing":
        return
    again = compare(sides(*after, after, owner, magento_is_newer=not newer))
    assert outcome(again)[0] in {"settled", "nothing"}


@given(
    st.sampled_from(VALUES), st.sampled_from(VALUES),
    st.none() | st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)),
    st.sampled_from(OWNERS), st.booleans(),
)  # fmt: skip
def test_only_a_difference_makes_anybody_write(
    magento: str | None,
    stripe: str | None,
    agreed: Any,
    owner: Owner,
    newer: bool,  # noqa: FBT001
) -> None:
    where, _ = outcome(compare(sides(magento, stripe, agreed, owner, magento_is_newer=newer)))
    if where in {"stripe", "magento"}:
        assert magento != stripe


def sent(magento: Profile, stripe: Profile, agreed: Agreement | None) -> set[str]:
    owners = cast("dict[SharedField, Owner]", dict.fromkeys(SHARED, "magento"))
    return set(compare(Sides(magento, stripe, agreed, owners)).to_stripe)


def test_what_only_magento_knows_is_sent_when_it_changes_there_and_stays_in_stripe_till_then() -> None:
    first = Profile(business_name="Navy", metadata={"magento_group_id": "1"}, preferred_locales=("en-US",))
    nothing = Profile()
    assert sent(first, nothing, None) == {"business_name", "metadata", "preferred_locales"}
    agreed = Agreement(magento=first, stripe=first)
    changed_in_stripe = first.model_copy(update={"business_name": "Other"})
    assert sent(first, changed_in_stripe, agreed) == set()
    assert sent(first.model_copy(update={"business_name": "New"}), changed_in_stripe, agreed) == {"business_name"}
    assert sent(first.model_copy(update={"business_name": None}), first, agreed) == {"business_name"}
    assert sent(nothing, changed_in_stripe, None) == set()


def test_an_exemption_without_a_rule_is_left_alone() -> None:
    agreed = Agreement(magento=Profile(tax_exempt="exempt"), stripe=Profile(tax_exempt="exempt"))
    assert sent(Profile(), Profile(tax_exempt="exempt"), agreed) == set()


def test_a_tax_number_is_compared_with_what_was_sent_since_the_customer_does_not_show_it() -> None:
    one, two = TaxNumber(type="eu_vat", value="DE111111111"), TaxNumber(type="eu_vat", value="DE222222222")
    agreed = Agreement(magento=Profile(tax_number=one), stripe=Profile(tax_number=one))
    assert sent(Profile(tax_number=one), Profile(), None) == {"tax_number"}
    assert sent(Profile(tax_number=one), Profile(), agreed) == set()
    assert sent(Profile(tax_number=two), Profile(), agreed) == {"tax_number"}
    assert sent(Profile(), Profile(), agreed) == {"tax_number"}
    refused = Agreement(magento=Profile(tax_number=one), stripe=Profile())
    assert sent(Profile(tax_number=one), Profile(), refused) == set()
