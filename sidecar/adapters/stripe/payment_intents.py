"""PaymentIntents (docs.stripe.com/api/payment_intents)."""

from datetime import datetime
from typing import TYPE_CHECKING

from schemas.ids import CustomerId, PaymentIntentId
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.adapters.stripe.addresses import shipping_of
from sidecar.adapters.stripe.classify import DeclinedError
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import PAGE_SIZE, Page, contains, newest_first
from sidecar.adapters.stripe.statement import statement_suffix
from sidecar.errors import RefusedError, UnauthorizedError
from sidecar.ports.payments import Attempt, IdempotencyKey, Metadata, NewPaymentIntent

if TYPE_CHECKING:
    from stripe.params import (
        PaymentIntentCancelParams,
        PaymentIntentCreateParams,
        PaymentIntentListParams,
        PaymentIntentRetrieveParams,
        PaymentIntentSearchParams,
    )

CREATE = Endpoint("post", "/v1/payment_intents")
RETRIEVE = Endpoint("get", "/v1/payment_intents/{id}")
CANCEL = Endpoint("post", "/v1/payment_intents/{id}/cancel")
LIST = Endpoint("get", "/v1/payment_intents")
SEARCH = Endpoint("get", "/v1/payment_intents/search")

EXPAND = ["latest_charge"]


def create_params(new: NewPaymentIntent) -> "PaymentIntentCreateParams":
    """The request.

    Which payment methods are offered is the Dashboard's affair: this API version has no `payment_method_types`.
    Methods that lead away from the shop are left out when the payment is confirmed at once and there is no address to
    come back to. `off_session` and `return_url` are only known together with `confirm`.
    """
    params: PaymentIntentCreateParams = {
        "amount": new.amount.minor_units,
        "currency": new.amount.currency.lower(),
        "capture_method": new.capture_method,
        "automatic_payment_methods": {"enabled": True},
        "description": new.description,
        "metadata": new.metadata,
        "expand": EXPAND,
    }
    if new.payment_method is not None:
        params["payment_method"] = new.payment_method
        params["confirm"] = True
        if new.off_session:
            params["off_session"] = True
        if new.return_url is not None:
            params["return_url"] = new.return_url
        else:
            params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    if new.customer is not None:
        params["customer"] = new.customer
    if new.save_payment_method and not new.off_session:
        # What is charged while the shopper is away was saved before.
        params["setup_future_usage"] = "off_session"
    if new.receipt_email is not None:
        params["receipt_email"] = new.receipt_email
    if new.shipping is not None:
        params["shipping"] = shipping_of(new.shipping)
    if new.statement_descriptor_suffix is not None and (suffix := statement_suffix(new.statement_descriptor_suffix)):
        params["statement_descriptor_suffix"] = suffix
    return params


async def create(client: StripeClient, new: NewPaymentIntent, key: IdempotencyKey) -> Attempt:
    """Make one, and confirm it if it has a PaymentMethod.

    A decline's intent comes with the error and has its charge only by id, which is all that a decline needs: no
    second request is made for it.
    """
    try:
        intent = await client.post(PaymentIntent, CREATE, params=create_params(new), key=key)
    except DeclinedError as declined:
        if declined.intent is None:
            raise
        return Attempt(intent=declined.intent, error=declined.error)
    return Attempt(intent=intent)


async def retrieve(client: StripeClient, intent: PaymentIntentId) -> PaymentIntent:
    """Read one as it is now."""
    params: PaymentIntentRetrieveParams = {"expand": EXPAND}
    return await client.get(PaymentIntent, RETRIEVE, intent, params=params)


async def cancel(client: StripeClient, intent: PaymentIntentId, key: IdempotencyKey) -> PaymentIntent:
    """Cancel one, or read it when it is past that.

    The error carries the intent too, but as it was when the key was first used, and without its charge.
    """
    params: PaymentIntentCancelParams = {"expand": EXPAND}
    try:
        return await client.post(PaymentIntent, CANCEL, intent, params=params, key=key)
    except RefusedError as error:
        if error.code != "payment_intent_unexpected_state":
            raise
    return await retrieve(client, intent)


async def find(
    client: StripeClient, customer: CustomerId | None, created_since: datetime, metadata: Metadata
) -> tuple[PaymentIntent, ...]:
    """Those since then with this metadata, newest first."""
    params: PaymentIntentListParams = {
        "created": {"gte": int(created_since.timestamp())},
        "expand": [f"data.{name}" for name in EXPAND],
    }
    if customer is not None:
        params["customer"] = customer
    listed = newest_first(client, PaymentIntent, LIST, params)
    return tuple([intent async for intent in listed if contains(intent.metadata, metadata)])


async def search(client: StripeClient, created_since: datetime, metadata: Metadata) -> tuple[PaymentIntent, ...]:
    """Those since then with this metadata, newest first, each read anew: the index may be late about them as well.

    Merchants in India have no search (docs.stripe.com/api/payment_intents/search), and a restricted key may not have
    the permission: then they are found by `find`.
    """
    wanted = [f"metadata['{_quoted(name)}']:'{_quoted(value)}'" for name, value in metadata.items()]
    query = " AND ".join([*wanted, f"created>={int(created_since.timestamp())}"])
    params: PaymentIntentSearchParams = {"query": query, "limit": PAGE_SIZE}
    try:
        page = await client.get(Page, SEARCH, params=params)
    except (RefusedError, UnauthorizedError):
        return await find(client, None, created_since, metadata)
    found = [await retrieve(client, PaymentIntentId(str(document["id"]))) for document in page.data]
    # Stripe compares without regard to case.
    return tuple(intent for intent in found if contains(intent.metadata, metadata))


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace("'", r"\'")
