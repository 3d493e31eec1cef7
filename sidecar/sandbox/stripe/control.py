"""The sandbox's own endpoints: faults, the clock, what the dashboard, the bank and the shopper would do, and counts.

Bodies are JSON and every field is optional:

    POST   /_sandbox/faults                 a `Fault`: kind, method, path, times, skip, status, seconds
    POST   /_sandbox/delivery_faults        a `DeliveryFault`: kind, types, times, seconds
    GET    /_sandbox/faults                 those that are waiting; DELETE removes them
    POST   /_sandbox/clock/advance          {"seconds": 86400}
    GET    /_sandbox/calls                  per endpoint and status
    GET    /_sandbox/objects                per account and kind
    GET    /_sandbox/deliveries             every try of every webhook
    POST   /_sandbox/accounts/{alias}/payment_intents/{id}/capture          {"amount": 500}
                                                          /cancel           {"reason": "abandoned"}
                                                          /refund           {"amount": 500, "reason": "fraudulent"}
                                                          /settle           {"succeeded": false}
                                                          /authenticate     {"succeeded": true}
                                                          /partially_fund   {"amount": 500}
                                     /refunds/{id}/settle                   {"status": "failed"}
                                     /checkout_sessions/{id}/pay            {"card": "4242424242424242", "email": "…"}
                                                            /expire
                                     /webhook_endpoints/{id}/roll_secret    the old secrets go on signing
                                                            /drop_old_secrets
                                     /events/{id}/resend
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.capture import cancel, capture
from sidecar.sandbox.stripe.checkout_payment import expire, pay
from sidecar.sandbox.stripe.checkout_session_document import checkout_session_document
from sidecar.sandbox.stripe.confirmation import authenticate, settle
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import StripeError, refused, resource_missing
from sidecar.sandbox.stripe.events import emit, event_document
from sidecar.sandbox.stripe.faults import Fault
from sidecar.sandbox.stripe.objects import RefundStatus
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document
from sidecar.sandbox.stripe.payment_intents import CANCELABLE
from sidecar.sandbox.stripe.payment_methods import new_payment_method
from sidecar.sandbox.stripe.refunds import refund_charge, refund_document, settle_refund
from sidecar.sandbox.stripe.test_cards import DOCUMENTED, TestMethod
from sidecar.sandbox.stripe.webhook_endpoints import new_secret
from sidecar.sandbox.stripe.webhooks import DeliveryFault

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox

_FAULT = TypeAdapter(Fault)
_DELIVERY_FAULT = TypeAdapter(DeliveryFault)


class _Body(BaseModel):
    """What an action may be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int | None = None
    succeeded: bool = True
    reason: str | None = None
    status: RefundStatus = "succeeded"
    card: str = "4242424242424242"
    email: str | None = None
    name: str | None = None
    seconds: float = 0


Action = Callable[[Account, str, _Body], JsonObject]


def _capture(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    amount = intent.amount_capturable if body.amount is None else body.amount
    if intent.status != "requires_capture" or not 0 < amount <= intent.amount_capturable:
        raise refused(f"{identifier} is {intent.status}, {intent.amount_capturable} can be captured.")
    capture(account, intent, amount)
    return payment_intent_document(account, intent)


def _cancel(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    if intent.status not in CANCELABLE:
        raise refused(f"{identifier} is {intent.status}.")
    cancel(account, intent, body.reason)
    return payment_intent_document(account, intent)


def _refund(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    charge = account.charges.get(intent.latest_charge or "")
    return refund_document(account, refund_charge(account, charge, body.amount, body.reason, {}))


def _settle(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    if not settle(account, intent, succeeded=body.succeeded):
        raise refused(f"{identifier} is {intent.status}, not processing.")
    return payment_intent_document(account, intent)


def _authenticate(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    if intent.status != "requires_action":
        raise refused(f"{identifier} is {intent.status}, it waits for no authentication.")
    authenticate(account, intent, passed=body.succeeded)
    return payment_intent_document(account, intent)


def _partially_fund(account: Account, identifier: str, body: _Body) -> JsonObject:
    intent = account.payment_intents.get(identifier)
    paid = body.amount or 0
    if intent.status not in {"requires_payment_method", "requires_action"} or not 0 < paid < intent.amount:
        raise refused(f"{identifier} is {intent.status}, {intent.amount} are due.")
    intent.status = "requires_action"
    intent.next_action = {
        "display_bank_transfer_instructions": {
            "amount_remaining": intent.amount - paid,
            "currency": intent.currency,
            "hosted_instructions_url": None,
            "reference": identifier[-8:],
            "type": "us_bank_transfer",
        },
        "type": "display_bank_transfer_instructions",
    }
    document = payment_intent_document(account, intent)
    emit(account, "payment_intent.partially_funded", document)
    return document


def _settle_refund(account: Account, identifier: str, body: _Body) -> JsonObject:
    refund = account.refunds.get(identifier)
    settle_refund(account, refund, body.status)
    return refund_document(account, refund)


def _pay_session(account: Account, identifier: str, body: _Body) -> JsonObject:
    session = account.checkout_sessions.get(identifier)
    method = test_method(body.card)
    if method is None:
        raise resource_missing("test card", body.card, param="card", status=400)
    pay(account, session, new_payment_method(account, method), email=body.email, name=body.name)
    return checkout_session_document(account, session)


def _expire_session(account: Account, identifier: str, _body: _Body) -> JsonObject:
    session = account.checkout_sessions.get(identifier)
    if not expire(account, session):
        raise refused(f"{identifier} is {session.status}.")
    return checkout_session_document(account, session)


def _roll_secret(account: Account, identifier: str, _body: _Body) -> JsonObject:
    endpoint = account.webhook_endpoints.get(identifier)
    endpoint.secrets.insert(0, new_secret(account))
    return {"id": endpoint.id, "secrets": list(endpoint.secrets)}


def _drop_secret(account: Account, identifier: str, _body: _Body) -> JsonObject:
    endpoint = account.webhook_endpoints.get(identifier)
    del endpoint.secrets[1:]
    return {"id": endpoint.id, "secrets": list(endpoint.secrets)}


def _resend(account: Account, identifier: str, _body: _Body) -> JsonObject:
    event = account.events.get(identifier)
    account.shared.deliver(account, event)
    return event_document(event)


def test_method(card: str) -> TestMethod | None:
    """The documented method with this number (spaces do not matter) or token."""
    return DOCUMENTED.by_number.get(card.replace(" ", "")) or DOCUMENTED.by_id.get(card)


_ACTIONS: dict[tuple[str, str], Action] = {
    ("payment_intents", "capture"): _capture,
    ("payment_intents", "cancel"): _cancel,
    ("payment_intents", "refund"): _refund,
    ("payment_intents", "settle"): _settle,
    ("payment_intents", "authenticate"): _authenticate,
    ("payment_intents", "partially_fund"): _partially_fund,
    ("refunds", "settle"): _settle_refund,
    ("checkout_sessions", "pay"): _pay_session,
    ("checkout_sessions", "expire"): _expire_session,
    ("webhook_endpoints", "roll_secret"): _roll_secret,
    ("webhook_endpoints", "drop_old_secrets"): _drop_secret,
    ("events", "resend"): _resend,
}


def _json(document: object, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")


class Controls:
    """The endpoints, bound to one sandbox."""

    def __init__(self, sandbox: StripeSandbox) -> None:
        self._sandbox = sandbox

    async def act(self, request: Request) -> Response:
        """Do to an object what nobody does through the API."""
        account = self._sandbox.accounts.get(request.path_params["alias"])
        action = _ACTIONS.get((request.path_params["kind"], request.path_params["action"]))
        if account is None or action is None:
            return _json({"error": {"message": "no such account or action"}}, 404)
        return _json(
            action(account, request.path_params["identifier"], _Body.model_validate_json(await _body(request)))
        )

    async def add_fault(self, request: Request) -> Response:
        """Ask for a failure."""
        return _json(asdict(self._sandbox.faults.add(_FAULT.validate_json(await _body(request)))))

    async def add_delivery_fault(self, request: Request) -> Response:
        """Ask for a disorder among the webhooks."""
        fault = _DELIVERY_FAULT.validate_json(await _body(request))
        self._sandbox.delivery.faults.append(fault)
        return _json(asdict(fault))

    async def faults(self, _request: Request) -> Response:
        """Those that are waiting."""
        return _json(
            {
                "faults": [asdict(fault) for fault in self._sandbox.faults.waiting],
                "delivery_faults": [asdict(fault) for fault in self._sandbox.delivery.faults if fault.times != 0],
            }
        )

    async def clear_faults(self, _request: Request) -> Response:
        """Let everything go well again."""
        self._sandbox.faults.clear()
        self._sandbox.delivery.faults.clear()
        return _json({})

    async def advance(self, request: Request) -> Response:
        """Move the clock."""
        body = _Body.model_validate_json(await _body(request))
        self._sandbox.advance(body.seconds)
        return _json({"now": self._sandbox.clock.now()})

    async def calls(self, _request: Request) -> Response:
        """How often each endpoint answered what."""
        return _json({name: dict(statuses) for name, statuses in sorted(self._sandbox.api.calls.items())})

    async def objects(self, _request: Request) -> Response:
        """How many objects each account holds."""
        return _json({alias: account.counts() for alias, account in self._sandbox.accounts.items()})

    async def deliveries(self, _request: Request) -> Response:
        """What became of the webhooks."""
        delivery = self._sandbox.delivery
        return _json(
            {
                "under_way": delivery.under_way,
                "duplicates": delivery.duplicates,
                "attempts": [asdict(attempt) for attempt in delivery.attempts],
            }
        )


async def _body(request: Request) -> bytes:
    return await request.body() or b"{}"


def _explained(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except StripeError as error:
            return _json(error.document("req_control"), error.status)
        except (ValidationError, ValueError) as error:
            return _json({"error": {"message": str(error)}}, 400)

    return answer


def control_routes(sandbox: StripeSandbox) -> list[Route]:
    """The routes under `/_sandbox`."""
    controls = Controls(sandbox)
    table: tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...] = (
        ("POST", "/_sandbox/faults", controls.add_fault),
        ("GET", "/_sandbox/faults", controls.faults),
        ("DELETE", "/_sandbox/faults", controls.clear_faults),
        ("POST", "/_sandbox/delivery_faults", controls.add_delivery_fault),
        ("POST", "/_sandbox/clock/advance", controls.advance),
        ("GET", "/_sandbox/calls", controls.calls),
        ("GET", "/_sandbox/objects", controls.objects),
        ("GET", "/_sandbox/deliveries", controls.deliveries),
        ("POST", "/_sandbox/accounts/{alias}/{kind}/{identifier}/{action}", controls.act),
    )
    return [Route(path, _explained(endpoint), methods=[method]) for method, path, endpoint in table]
