"""Checkout Sessions (docs.stripe.com/api/checkout/sessions)."""

from datetime import datetime
from typing import TYPE_CHECKING

from schemas.ids import CheckoutSessionId, CustomerId
from schemas.stripe.checkout_session import CheckoutSession
from sidecar.adapters.stripe.addresses import address_of
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.expiry import session_expiry
from sidecar.adapters.stripe.listing import contains, newest_first
from sidecar.adapters.stripe.locales import checkout_locale
from sidecar.adapters.stripe.statement import statement_suffix
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.payments import IdempotencyKey, Metadata, NewCheckoutSession

if TYPE_CHECKING:
    from stripe.params.checkout import (
        SessionCreateParams,
        SessionCreateParamsPaymentIntentData,
        SessionExpireParams,
        SessionListParams,
    )

CREATE = Endpoint("post", "/v1/checkout/sessions")
RETRIEVE = Endpoint("get", "/v1/checkout/sessions/{id}")
EXPIRE = Endpoint("post", "/v1/checkout/sessions/{id}/expire")
LIST = Endpoint("get", "/v1/checkout/sessions")

REFERENCE = "magento_increment_id"
"""The metadata that becomes `client_reference_id`: the number that the shopper and the merchant know."""


def create_params(new: NewCheckoutSession, now: datetime) -> "SessionCreateParams":
    """The request.

    The order is one line of its whole amount: Magento's discounts, taxes and rounding cannot be told as lines of
    Stripe's without a cent of difference.
    """
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": new.amount.currency.lower(),
                    "unit_amount": new.amount.minor_units,
                    "product_data": {"name": new.description},
                },
            }
        ],
        "payment_intent_data": _intent_data(new),
        "success_url": new.success_url,
        "cancel_url": new.cancel_url,
        "expires_at": session_expiry(new.expires_at, now),
        "metadata": new.metadata,
    }
    if new.customer is not None:
        params["customer"] = new.customer
    elif new.customer_email is not None:
        params["customer_email"] = new.customer_email
    if REFERENCE in new.metadata:
        params["client_reference_id"] = new.metadata[REFERENCE]
    if new.locale:
        params["locale"] = checkout_locale(new.locale)
    return params


def _intent_data(new: NewCheckoutSession) -> "SessionCreateParamsPaymentIntentData":
    data: SessionCreateParamsPaymentIntentData = {
        "capture_method": new.capture_method,
        "description": new.description,
        "metadata": new.metadata,
    }
    if new.save_payment_method:
        data["setup_future_usage"] = "off_session"
    if new.receipt_email is not None:
        data["receipt_email"] = new.receipt_email
    if new.shipping is not None:
        address = address_of(new.shipping.address)
        if "line1" in address:  # A page's shipping address must have it.
            data["shipping"] = {"name": new.shipping.name, "address": {**address, "line1": address["line1"]}}
            if new.shipping.phone:
                data["shipping"]["phone"] = new.shipping.phone
    if new.statement_descriptor_suffix is not None and (suffix := statement_suffix(new.statement_descriptor_suffix)):
        data["statement_descriptor_suffix"] = suffix
    return data


async def create(client: StripeClient, new: NewCheckoutSession, key: IdempotencyKey, now: datetime) -> CheckoutSession:
    """Make one."""
    return await client.post(CheckoutSession, CREATE, params=create_params(new, now), key=key)


async def retrieve(client: StripeClient, session: CheckoutSessionId) -> CheckoutSession:
    """Read one as it is now."""
    return await client.get(CheckoutSession, RETRIEVE, session)


async def expire(client: StripeClient, session: CheckoutSessionId, key: IdempotencyKey) -> CheckoutSession:
    """Close one, or read it when it is not open. Stripe has no error code for that, so it is looked up."""
    params: SessionExpireParams = {}
    try:
        return await client.post(CheckoutSession, EXPIRE, session, params=params, key=key)
    except NotFoundError:
        raise
    except RefusedError:
        found = await retrieve(client, session)
        if found.status == "open":
            raise
        return found


async def find(
    client: StripeClient, customer: CustomerId | None, created_since: datetime, metadata: Metadata
) -> tuple[CheckoutSession, ...]:
    """Those since then with this metadata, newest first."""
    params: SessionListParams = {"created": {"gte": int(created_since.timestamp())}}
    if customer is not None:
        params["customer"] = customer
    listed = newest_first(client, CheckoutSession, LIST, params)
    return tuple([session async for session in listed if contains(session.metadata, metadata)])
