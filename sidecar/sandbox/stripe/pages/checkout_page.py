"""The hosted page of a Checkout Session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.checkout_payment import pay
from sidecar.sandbox.stripe.currencies import display_amount
from sidecar.sandbox.stripe.errors import StripeError
from sidecar.sandbox.stripe.objects import CheckoutSession
from sidecar.sandbox.stripe.pages.forms import form
from sidecar.sandbox.stripe.pages.templates import message, render
from sidecar.sandbox.stripe.payment_methods import new_payment_method
from sidecar.sandbox.stripe.test_cards import DOCUMENTED, INCORRECT_NUMBER, TestMethod

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox

_OFFERED = tuple(
    DOCUMENTED.by_number[number]
    for number in (
        "4242424242424242",
        "5555555555554444",
        "378282246310005",
        "4000002500003155",
        "4000000000003220",
        "4000008400001629",
        "4000000000000002",
        "4000000000009995",
        "4000000000000069",
        "4000000000000127",
        "4100000000000019",
        "4000000000009235",
        "4000000000007726",
        "4000000000005126",
        "4000000000000259",
    )
)


class CheckoutPage:
    """Shows a session, takes the shopper's card, sends them on."""

    def __init__(self, sandbox: StripeSandbox) -> None:
        self._sandbox = sandbox

    async def show(self, request: Request) -> Response:
        """The page as it is now."""
        account, session = self._find(request)
        if session is None:
            return message(account, "This page does not exist", "Check the address.", status=404)
        return _closed(account, session) or _page(account, session)

    async def submit(self, request: Request) -> Response:
        """The shopper pressed the button."""
        account, session = self._find(request)
        if session is None:
            return message(account, "This page does not exist", "Check the address.", status=404)
        closed = _closed(account, session)
        if closed is not None:
            return closed
        given = await form(request)
        method = _method(given)
        if method is None:
            return _page(account, session, error=INCORRECT_NUMBER.message, status=402)
        try:
            pay(
                account,
                session,
                new_payment_method(account, method),
                email=given.get("email") or None,
                name=given.get("name") or None,
            )
        except StripeError as error:
            return _page(account, session, error=error.message, status=error.status)
        return _onwards(account, session)

    async def back(self, request: Request) -> Response:
        """The shopper comes back from the bank."""
        account, session = self._find(request)
        if session is None:
            return message(account, "This page does not exist", "Check the address.", status=404)
        return _onwards(account, session)

    def _find(self, request: Request) -> tuple[Account, CheckoutSession | None]:
        account = self._sandbox.accounts.get(request.path_params["alias"])
        if account is None:
            return next(iter(self._sandbox.accounts.values())), None
        return account, account.checkout_sessions.find(request.path_params["session"])


def _method(given: dict[str, str]) -> TestMethod | None:
    if given.get("method"):
        return DOCUMENTED.by_id.get(given["method"])
    return DOCUMENTED.by_number.get("".join(given.get("card", "").split()))


def _closed(account: Account, session: CheckoutSession) -> Response | None:
    if session.status == "open":
        return None
    if session.status == "complete":
        return message(account, "You are all done here", "This payment has been made.", link=success_url(session))
    return message(account, "This page has expired", "Go back to the shop and try again.", link=session.cancel_url)


def _page(account: Account, session: CheckoutSession, *, error: str | None = None, status: int = 200) -> HTMLResponse:
    customer = account.customers.find(session.customer or "")
    known = (customer.email if customer else None) or session.customer_email
    details = session.customer_details or {}
    return render(
        account,
        "checkout.html",
        {
            "total": display_amount(session.amount_total, session.currency),
            "lines": [
                {
                    "name": item.name,
                    "quantity": item.quantity,
                    "amount": display_amount(item.amount, item.currency),
                }
                for item in session.line_items
            ],
            "cancel_url": session.cancel_url,
            "email": known or details.get("email"),
            "email_fixed": known is not None,
            "name": details.get("name"),
            "error": error,
            "cards": _OFFERED,
            "bank_debit": "us_bank_account" in (session.allowed_payment_method_types or ()),
        },
        status=status,
    )


def _onwards(account: Account, session: CheckoutSession) -> Response:
    """To the shop when it is paid, to the bank when it asks, else back to the page with the reason."""
    if session.status == "complete":
        return RedirectResponse(success_url(session) or "/", status_code=303)
    if session.status == "expired":
        return _closed(account, session) or _page(account, session)
    intent = account.payment_intents.find(session.payment_intent or "")
    action = intent.next_action.get("redirect_to_url") if intent and intent.next_action else None
    if isinstance(action, dict):
        return RedirectResponse(str(action["url"]), status_code=303)
    error = intent.last_payment_error.get("message") if intent and intent.last_payment_error else None
    return _page(account, session, error=str(error) if error else None, status=402 if error else 200)


def success_url(session: CheckoutSession) -> str | None:
    """Where the shopper goes after paying, with the session's id put in."""
    return session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id) if session.success_url else None


def checkout_routes(sandbox: StripeSandbox) -> list[Route]:
    """The routes of the page."""
    page = CheckoutPage(sandbox)
    return [
        Route("/c/pay/{alias}/{session}", page.show, methods=["GET"]),
        Route("/c/pay/{alias}/{session}", page.submit, methods=["POST"]),
        Route("/c/pay/{alias}/{session}/return", page.back, methods=["GET"]),
    ]
