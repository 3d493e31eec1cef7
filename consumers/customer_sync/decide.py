"""The rules: what is to be done next so that Magento and Stripe have the same customer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consumers.customer_sync.compare import Comparison, Sides, compare
from consumers.customer_sync.edit import can_say, edit_of
from consumers.customer_sync.new_customer import new_customer
from consumers.customer_sync.state import CustomerState, LinkKey, key_of
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.of_magento import company_of, profile_of_magento
from sidecar.customer_profile.profile import Agreement, Changes, Profile, SharedField
from sidecar.effects.create_customer import CreateCustomer
from sidecar.effects.effect import Effect
from sidecar.effects.forget_customer import ForgetCustomer
from sidecar.effects.link_customer import LinkCustomer
from sidecar.effects.replace_tax_number import ReplaceTaxNumber
from sidecar.effects.update_account import UpdateAccount
from sidecar.effects.update_customer import UpdateCustomer
from sidecar.policy import Owner
from sidecar.ports.facts import CustomerAgreed
from sidecar.ports.records import CustomerLink


@dataclass(slots=True)
class Plan:
    """What is to be done next. Nothing of it may be done before what it wants to read has been read.

    Attributes:
        read_magento: the account, since what is known of it may be old.
        read_stripe: the links whose customers have to be read, for the same reason.
        look: whether there is a Stripe Customer that may be the account's.
        agreements: what both sides agree on by themselves.
    """

    read_magento: bool = False
    read_stripe: set[LinkKey] = field(default_factory=set)
    look: bool = False
    agreements: list[CustomerAgreed] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether nothing has to be read."""
        return not (self.read_magento or self.read_stripe or self.look)


def decide(state: CustomerState) -> Plan:
    """The next steps; asked again after they are done, until there are none."""
    plan = Plan()
    living = [link for link in state.links if link.gone_at is None]
    if state.magento is None:
        plan.effects += [_forget(state, link) for link in living if state.policy.on_delete != "keep"]
        return plan
    profile = profile_of_magento(state.magento, state.policy.naming, state.policy.tax_exempt)
    for link in living:
        _keep_the_same(state, state.magento, profile, link, plan)
    if _is_to_be_made(state, profile):
        _make(state, state.magento, profile, plan)
    first = [effect for effect in plan.effects if not isinstance(effect, UpdateAccount)]
    # What Magento gets, every account of Stripe's gets from Magento in the next round: one at a time.
    plan.effects = first or plan.effects[:1]
    return plan


def _forget(state: CustomerState, link: CustomerLink) -> Effect:
    return ForgetCustomer(
        customer=state.customer,
        stripe=link.stripe,
        stripe_customer=link.customer,
        how="delete" if state.policy.on_delete == "delete" else "scrub",
    )


def _keep_the_same(
    state: CustomerState, magento: CustomerSnapshot, profile: Profile, link: CustomerLink, plan: Plan
) -> None:
    stripe = state.stripe(link)
    if stripe is None:
        plan.read_stripe.add(key_of(link))
        return
    sides = Sides(
        magento=profile,
        stripe=stripe,
        agreed=link.agreed,
        owners=_owners(state, magento, link),
        magento_is_newer=link.seen_at is None or magento.updated_at >= link.seen_at,
        can_say=can_say(magento, stripe),
    )
    result = compare(sides)
    if not (result.to_stripe or result.to_magento):
        agreed = _agreed(sides, result)
        if agreed != link.agreed:
            following = CustomerAgreed(link.stripe, state.customer, link.customer, link.revision, agreed)
            plan.agreements.append(following)
        return
    _read_first(state, link, result, plan)
    if plan.is_ready:
        plan.effects.append(_bring(state, magento, link, sides, result))


def _read_first(state: CustomerState, link: CustomerLink, result: Comparison, plan: Plan) -> None:
    """Nothing is overwritten that has not just been looked at."""
    if result.to_stripe != ["tax_number"] or result.to_magento:
        plan.read_stripe |= {key_of(link)} - state.read.keys()
    doubtful = bool(result.to_magento) or not state.magento_is_certain
    plan.read_magento |= doubtful and state.magento_is_readable and not state.magento_was_read


def _bring(
    state: CustomerState, magento: CustomerSnapshot, link: CustomerLink, sides: Sides, result: Comparison
) -> Effect:
    """The next effect on this link: what Stripe gets comes before what Magento gets."""
    agreed = _agreed(sides, result)
    fields = tuple(name for name in result.to_stripe if name != "tax_number")
    if fields:
        return UpdateCustomer(
            customer=state.customer,
            stripe=link.stripe,
            stripe_customer=link.customer,
            revision=link.revision,
            before=agreed,
            magento=sides.magento,
            changes=Changes(fields=fields, to=_to_stripe(sides)),
            overruled=tuple(name for name in result.overruled if name in fields),
        )
    if result.to_stripe:
        return ReplaceTaxNumber(
            customer=state.customer,
            stripe=link.stripe,
            stripe_customer=link.customer,
            revision=link.revision,
            before=agreed,
            number=sides.magento.tax_number,
        )
    return UpdateAccount(
        customer=state.customer,
        stripe=link.stripe,
        stripe_customer=link.customer,
        revision=link.revision,
        before=agreed,
        seen=sides.stripe,
        fields=tuple(result.to_magento),
        edit=edit_of(magento, sides.stripe, result.to_magento),
        naming=state.policy.naming,
        overruled=tuple(name for name in result.overruled if name in result.to_magento),
        company=magento.company,
    )


def _to_stripe(sides: Sides) -> Profile:
    """Magento's side; of the metadata only the keys that differ, empty where one is not wanted any more."""
    has, wanted = sides.stripe.metadata, sides.magento.metadata
    labels = {key: wanted.get(key, "") for key in sorted(has.keys() | wanted.keys()) if has.get(key) != wanted.get(key)}
    return sides.magento.model_copy(update={"metadata": labels})


def _owners(state: CustomerState, magento: CustomerSnapshot, link: CustomerLink) -> Mapping[SharedField, Owner]:
    owners = dict(state.policy.owners)
    if link != state.leading:
        owners = {name: "magento" if owner == "stripe" else owner for name, owner in owners.items()}
    if state.policy.naming == "company" and company_of(magento):
        owners["name"] = "magento"  # an account has no other place for its company's name
    return owners


def _agreed(sides: Sides, result: Comparison) -> Agreement:
    """The agreement with what is settled in it; what is not is left as the sides' change that it is."""
    before = sides.agreed
    if before is None:
        stripe = sides.stripe.taking(result.to_magento, Profile()).model_copy(update={"tax_number": None})
    else:
        stripe = before.stripe.taking([name for name in result.settled if name != "tax_number"], sides.stripe)
    if before is None or before.magento is None:
        magento = Profile().taking([*result.settled, *result.to_magento], sides.magento)
    else:
        magento = before.magento.taking(result.settled, sides.magento)
    return Agreement(magento=magento, stripe=stripe)


def _is_to_be_made(state: CustomerState, profile: Profile) -> bool:
    """Whether the account belongs into Stripe and is not there.

    Somebody may have deleted the customer there on purpose: it comes back with the account's next change, or its next
    order.
    """
    link = state.at_home
    if state.policy.create != "always" or (link is not None and link.gone_at is None):
        return False
    agreed = link.agreed if link else None
    return agreed is None or agreed.magento is None or agreed.magento != profile


def _make(state: CustomerState, magento: CustomerSnapshot, profile: Profile, plan: Plan) -> None:
    plan.read_magento |= state.magento_is_readable and not (state.magento_is_certain or state.magento_was_read)
    plan.look |= not state.looked
    if not plan.is_ready:
        return
    gone = state.at_home
    number = gone.number + 1 if gone else 1
    if state.found is not None:
        plan.effects.append(
            LinkCustomer(
                customer=state.customer,
                stripe=state.home,
                website_code=state.website_code,
                stripe_customer=state.found.customer,
                number=number,
                why=state.found.why,
            ),
        )
        return
    plan.effects.append(
        CreateCustomer(
            customer=state.customer,
            stripe=state.home,
            website_code=state.website_code,
            buyer=f"customer/{state.customer.customer_id}",
            number=number,
            new=new_customer(magento, profile),
            magento=profile.model_copy(update={"tax_number": None}),
        ),
    )
