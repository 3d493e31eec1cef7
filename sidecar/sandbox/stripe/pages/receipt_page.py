"""The receipt that a charge's `receipt_url` leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sidecar.sandbox.stripe.currencies import display_amount
from sidecar.sandbox.stripe.pages.templates import message

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox


def _shown_by(sandbox: StripeSandbox) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        for account in sandbox.accounts.values():
            charge = account.charges.find(request.path_params["charge"])
            if charge is not None:
                facts = (
                    ("Paid", display_amount(charge.amount_captured, charge.currency)),
                    ("Refunded", display_amount(charge.amount_refunded - charge.amount_released, charge.currency)),
                    ("Card", f"•••• {charge.method.last4}"),
                    ("Payment", charge.id),
                )
                return message(account, "Receipt", charge.description or "Thank you.", facts=facts)
        nobody = next(iter(sandbox.accounts.values()))
        return message(nobody, "This page does not exist", "Check the address.", status=404)

    return show


def receipt_routes(sandbox: StripeSandbox) -> list[Route]:
    """The route of the page."""
    return [Route("/receipts/{charge}", _shown_by(sandbox), methods=["GET"])]
