"""The bank's page, on which the shopper proves who they are, or fails to."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.confirmation import authenticate
from sidecar.sandbox.stripe.currencies import display_amount
from sidecar.sandbox.stripe.objects import PaymentIntent
from sidecar.sandbox.stripe.pages.forms import form
from sidecar.sandbox.stripe.pages.templates import message, render

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox


class ThreeDSecurePage:
    """Asks, and sends the shopper back."""

    def __init__(self, sandbox: StripeSandbox) -> None:
        self._sandbox = sandbox

    async def show(self, request: Request) -> Response:
        """The question."""
        account, intent = self._find(request, request.query_params.get("client_secret", ""))
        if intent is None:
            return message(account, "This page does not exist", "Check the address.", status=404)
        method = account.payment_methods.find(intent.payment_method or "")
        if intent.status != "requires_action" or method is None:
            return message(account, "Nothing to confirm", f"The payment is {intent.status}.", link=intent.return_url)
        return render(
            account,
            "three_d_secure.html",
            {
                "total": display_amount(intent.amount, intent.currency),
                "last4": method.method.last4,
                "client_secret": intent.client_secret,
            },
        )

    async def submit(self, request: Request) -> Response:
        """The answer."""
        given = await form(request)
        account, intent = self._find(request, given.get("client_secret", ""))
        if intent is None:
            return message(account, "This page does not exist", "Check the address.", status=404)
        authenticate(account, intent, passed=given.get("outcome") == "complete")
        if intent.return_url is None:
            return message(account, "You can close this page", f"The payment is {intent.status}.")
        succeeded = intent.status in {"succeeded", "requires_capture", "processing"}
        query = urlencode(
            {
                "payment_intent": intent.id,
                "payment_intent_client_secret": intent.client_secret,
                "redirect_status": "succeeded" if succeeded else "failed",
            }
        )
        joint = "&" if "?" in intent.return_url else "?"
        return RedirectResponse(f"{intent.return_url}{joint}{query}", status_code=303)

    def _find(self, request: Request, secret: str) -> tuple[Account, PaymentIntent | None]:
        account = self._sandbox.accounts.get(request.path_params["alias"])
        if account is None:
            return next(iter(self._sandbox.accounts.values())), None
        intent = account.payment_intents.find(request.path_params["intent"])
        if intent is None or not hmac.compare_digest(intent.client_secret.encode(), secret.encode()):
            return account, None
        return account, intent


def three_d_secure_routes(sandbox: StripeSandbox) -> list[Route]:
    """The routes of the page."""
    page = ThreeDSecurePage(sandbox)
    return [
        Route("/3d_secure/{alias}/{intent}", page.show, methods=["GET"]),
        Route("/3d_secure/{alias}/{intent}", page.submit, methods=["POST"]),
    ]
