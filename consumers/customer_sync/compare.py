"""Three sides of a customer: Magento's, Stripe's, and what both had when they last agreed. Pure.

What differs from the last agreement was changed by somebody. What does not is an echo, however often and in whatever
order it is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sidecar.customer_profile.profile import SENT, SHARED, Agreement, Profile, ProfileField, SentField, SharedField
from sidecar.policy import Owner


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared.

    Attributes:
        agreed: null if the two never met.
        owners: who may change what.
        magento_is_newer: which of two changes of the same field is the later one.
        can_say: whether Magento has a way to say what Stripe says in a field.
    """

    magento: Profile
    stripe: Profile
    agreed: Agreement | None
    owners: Mapping[SharedField, Owner]
    magento_is_newer: bool = True
    can_say: Callable[[SharedField], bool] = lambda _: True


@dataclass(slots=True)
class Comparison:
    """What has to be done so that both sides agree.

    Attributes:
        to_stripe: fields that Stripe gets from Magento.
        to_magento: fields that Magento gets from Stripe.
        settled: fields in which nothing is to be done, and that the next agreement holds as they are.
        overruled: fields whose change is lost: by the owner's word, or because the other change was later.
    """

    to_stripe: list[ProfileField] = field(default_factory=list)
    to_magento: list[SharedField] = field(default_factory=list)
    settled: list[ProfileField] = field(default_factory=list)
    overruled: list[SharedField] = field(default_factory=list)


def compare(sides: Sides) -> Comparison:
    """Compare field by field."""
    result = Comparison()
    for shared in SHARED:
        _compare_shared(shared, sides, result)
    for sent in SENT:
        _compare_sent(sent, sides, result)
    return result


def _compare_shared(name: SharedField, sides: Sides, result: Comparison) -> None:
    magento, stripe, agreed = sides.magento.get(name), sides.stripe.get(name), sides.agreed
    owner = sides.owners[name]
    if magento == stripe:
        result.settled.append(name)
    elif agreed is None:
        _meet(name, sides, result)
    elif agreed.magento is None:
        # Stripe's customer was made from an order of Magento's, which knows less than the account.
        if magento is None:
            result.settled.append(name)
        elif stripe == agreed.stripe.get(name):
            result.to_stripe.append(name)
        else:
            _both_changed(name, sides, result, owner)
    else:
        magento_changed = magento != agreed.magento.get(name)
        stripe_changed = stripe != agreed.stripe.get(name)
        if magento_changed and stripe_changed:
            _both_changed(name, sides, result, owner)
        elif magento_changed:
            _one_changed(name, sides, result, by="magento", may=owner != "stripe")
        elif stripe_changed:
            _one_changed(name, sides, result, by="stripe", may=owner != "magento")


def _meet(name: SharedField, sides: Sides, result: Comparison) -> None:
    """The two have never been compared: who has something gives it to who has nothing, else the owner's counts."""
    magento, stripe = sides.magento.get(name), sides.stripe.get(name)
    if magento is None and sides.owners[name] == "magento":
        result.settled.append(name)
    elif magento is None or (stripe is not None and sides.owners[name] == "stripe"):
        _to_magento(name, sides, result)
        if magento is not None:
            result.overruled.append(name)
    else:
        result.to_stripe.append(name)
        if stripe is not None:
            result.overruled.append(name)


def _one_changed(name: SharedField, sides: Sides, result: Comparison, *, by: Owner, may: bool) -> None:
    """One side has changed the field: the other follows, or the change is put back."""
    if not may:
        result.overruled.append(name)
    if (by == "stripe") == may:
        _to_magento(name, sides, result)
    else:
        result.to_stripe.append(name)


def _both_changed(name: SharedField, sides: Sides, result: Comparison, owner: Owner) -> None:
    result.overruled.append(name)
    if owner == "stripe" or (owner == "newest" and not sides.magento_is_newer):
        _to_magento(name, sides, result)
    else:
        result.to_stripe.append(name)


def _to_magento(name: SharedField, sides: Sides, result: Comparison) -> None:
    """Unless Magento cannot say it: then Stripe gets back what Magento has, if that is anything."""
    if sides.can_say(name):
        result.to_magento.append(name)
    elif sides.magento.get(name) is not None:
        result.to_stripe.append(name)
    else:
        result.settled.append(name)


def _compare_sent(name: SentField, sides: Sides, result: Comparison) -> None:
    """What only Magento knows is sent when it changes there; what Stripe makes of it meanwhile stays until then."""
    magento, agreed = sides.magento.get(name), sides.agreed
    if name == "tax_exempt" and magento is None:
        return
    stripe: Any = sides.stripe.get(name)
    if name == "tax_number":
        stripe = agreed.stripe.get(name) if agreed else None
    before = agreed.magento if agreed else None
    if before is not None and magento == before.get(name):
        return
    if magento == stripe or (before is None and magento is None):
        result.settled.append(name)
    else:
        result.to_stripe.append(name)
