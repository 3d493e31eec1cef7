"""Open what the shopper can pay with, and close it when it is not wanted any more."""

from datetime import timedelta
from typing import Literal

from consumers.order_payment.state import OrderPaymentState
from schemas.stripe.payment_intent import FINAL, PaymentIntent
from sidecar.effects.cancel_payment_intent import CancelPaymentIntent
from sidecar.effects.create_checkout_session import CreateCheckoutSession
from sidecar.effects.create_customer import CreateCustomer
from sidecar.effects.create_payment_intent import METHOD_UNUSABLE, CreatePaymentIntent
from sidecar.effects.effect import Effect
from sidecar.effects.expire_checkout_session import ExpireCheckoutSession
from sidecar.effects.offer_payment import OfferPayment
from sidecar.effects.stripe_effect import EFFECT_KEY
from sidecar.ports.payments import Attempt, NewCheckoutSession, NewCustomer, NewPaymentIntent, Shipping
from sidecar.stripe_metadata import metadata_of

LONGEST_SESSION = timedelta(hours=24)
"""A Checkout Session lives a day at most (docs.stripe.com/api/checkout/sessions/create)."""

KEYS_PER_CUSTOMER = 10
"""More than an effect ever spends by itself (`sidecar.executor.MAX_KEYS`)."""

Reason = Literal["unpaid", "payment_failed", "action_required"]


def buyer_of(state: OrderPaymentState) -> str:
    """Who the Stripe Customer stands for: an account, or a guest in this one order."""
    customer_id = state.placed.buyer.customer_id
    return f"order/{state.placed.order_id}" if customer_id is None else f"customer/{customer_id}"


def open_ways(state: OrderPaymentState) -> list[Effect]:
    """The next thing that is missing before the shopper can pay, or has paid."""
    if state.is_processing:
        return []
    make_intent = not state.intents and _wants_intent(state)
    make_page = state.open_session is None and _wants_page(state)
    if state.customer is None and (make_intent or make_page):
        return [_customer(state)]
    if make_intent:
        return [_intent(state)]
    if make_page:
        return [_page(state)]
    return _offer(state)


def close_ways(state: OrderPaymentState, keep: PaymentIntent | None) -> list[Effect]:
    """Cancel every intent but `keep` that could still be paid, and expire every page."""
    pages: list[Effect] = [
        ExpireCheckoutSession(order=state.order, stripe=state.stripe, checkout_session=session.id)
        for session in state.sessions
        if session.status == "open"
    ]
    intents: list[Effect] = [
        CancelPaymentIntent(
            order=state.order,
            stripe=state.stripe,
            payment_intent=intent.id,
            seen=f"{intent.status}/{intent.charge_id or '-'}",
        )
        for intent in state.intents
        if can_be_paid(state, intent) and intent.status != "processing" and (keep is None or intent.id != keep.id)
    ]
    return pages + intents


def can_be_paid(state: OrderPaymentState, intent: PaymentIntent) -> bool:
    """Whether money may still come of an intent by itself.

    An intent that a hosted page made goes with its page: Stripe refuses to cancel it directly and does so itself when
    the page is expired (docs.stripe.com/api/payment_intents/cancel), unless its money is already reserved.
    """
    if intent.status in FINAL:
        return False
    by_page = state.made_by_checkout(intent.id, intent.metadata.get(EFFECT_KEY))
    return not by_page or intent.status in {"requires_capture", "processing"}


def method_unusable(state: OrderPaymentState, intent: PaymentIntent) -> bool:
    """Whether Stripe would not take what the shopper left, and nobody has tried anything else on the intent since."""
    if intent.status != "requires_payment_method" or intent.last_payment_error is not None:
        return False
    made = state.results.get(_intent(state).key)
    if state.placed.payment.payment_method is None or made is None:
        return False
    attempt = Attempt.model_validate_json(made)
    return attempt.intent.id == intent.id and attempt.error is not None and attempt.error.code == METHOD_UNUSABLE


def _wants_intent(state: OrderPaymentState) -> bool:
    return state.placed.payment.payment_method is not None or "payment_intent" in state.policy.offer


def _wants_page(state: OrderPaymentState) -> bool:
    if "checkout_session" not in state.policy.offer:
        return False
    if state.placed.payment.payment_method is None:
        return True
    return not any(_bank_page(intent) for intent in state.intents)


def _bank_page(intent: PaymentIntent) -> str | None:
    action = intent.next_action
    if intent.status != "requires_action" or action is None or action.redirect_to_url is None:
        return None
    return action.redirect_to_url.url


def _customer(state: OrderPaymentState) -> Effect:
    placed = state.placed
    buyer = placed.buyer
    metadata = metadata_of(placed)
    if buyer.customer_id is not None:
        # An account outlives the order that made it known.
        metadata = {"magento_instance": placed.instance, "magento_customer_id": str(buyer.customer_id)}
    return CreateCustomer(
        order=state.order,
        customer=placed.customer,
        stripe=state.stripe,
        website_code=placed.store.website_code,
        buyer=buyer_of(state),
        number=state.customer_number,
        new=NewCustomer(
            name=buyer.full_name,
            email=buyer.email,
            phone=placed.billing_address.telephone,
            address=placed.billing_address,
            preferred_locale=buyer.locale,
            metadata=metadata,
        ),
    )


def _key_number(state: OrderPaymentState) -> int:
    """For another customer the same payment is another request, and Stripe may have kept its refusal of the first."""
    return 1 + (state.customer_number - 1) * KEYS_PER_CUSTOMER


def _words(template: str | None, state: OrderPaymentState) -> str | None:
    return None if template is None else template.replace("{increment_id}", state.placed.increment_id)


def _shipping(state: OrderPaymentState) -> Shipping | None:
    address = state.placed.shipping_address
    if address is None:
        return None
    return Shipping(name=address.full_name, phone=address.telephone, address=address)


def _intent(state: OrderPaymentState) -> Effect:
    placed, policy = state.placed, state.policy
    return CreatePaymentIntent(
        order=state.order,
        stripe=state.stripe,
        number=1,
        key_number=_key_number(state),
        new=NewPaymentIntent(
            amount=state.expected,
            customer=state.customer,
            payment_method=placed.payment.payment_method,
            off_session=placed.payment.off_session,
            save_payment_method=placed.payment.save_card,
            return_url=placed.payment.return_url,
            capture_method=policy.capture_method,
            description=_words(policy.description, state) or placed.increment_id,
            receipt_email=placed.buyer.email if policy.send_receipt else None,
            shipping=_shipping(state),
            statement_descriptor_suffix=_words(policy.statement_descriptor_suffix, state),
            metadata=metadata_of(placed),
        ),
    )


def _page(state: OrderPaymentState) -> Effect:
    placed, policy = state.placed, state.policy
    back = placed.payment.return_url
    return CreateCheckoutSession(
        order=state.order,
        stripe=state.stripe,
        number=len(state.sessions) + 1,
        key_number=_key_number(state),
        new=NewCheckoutSession(
            amount=state.expected,
            customer=state.customer,
            capture_method=policy.capture_method,
            save_payment_method=placed.payment.save_card,
            description=_words(policy.description, state) or placed.increment_id,
            receipt_email=placed.buyer.email if policy.send_receipt else None,
            shipping=_shipping(state),
            statement_descriptor_suffix=_words(policy.statement_descriptor_suffix, state),
            success_url=back or policy.success_url,
            cancel_url=back or policy.cancel_url,
            expires_at=placed.placed_at + (policy.payment_window or LONGEST_SESSION),
            locale=placed.buyer.locale,
            metadata=metadata_of(placed),
        ),
    )


def _reason(state: OrderPaymentState) -> Reason:
    for intent in reversed(state.intents):
        error = intent.last_payment_error
        if intent.status == "requires_action" or (error is not None and error.code == "authentication_required"):
            return "action_required"
        if error is not None or intent.status == "canceled" or method_unusable(state, intent):
            return "payment_failed"
    return "unpaid"


def _offer(state: OrderPaymentState) -> list[Effect]:
    """Write the newest way to pay back to Magento, once."""
    waiting = [
        intent
        for intent in state.intents
        if intent.status not in FINAL and not state.made_by_checkout(intent.id, intent.metadata.get(EFFECT_KEY))
    ]
    intent = waiting[-1] if waiting else None
    session = state.open_session
    url = (_bank_page(intent) if intent else None) or (session.url if session else None)
    if intent is None and session is None:
        return []
    reason = _reason(state)
    offer = OfferPayment(
        order=state.order,
        stripe=state.stripe,
        reason=reason,
        url=url,
        payment_intent=intent.id if intent else None,
        checkout_session=session.id if session else None,
        expires_at=None,
        # A failure's own mail carries the link; somebody who has yet to pay is looking at the page.
        notify_shopper=reason == "action_required",
    )
    return [offer]
