"""What the shopper sees: the hosted page, the bank's 3-D Secure page, the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from sidecar.sandbox.stripe.pages.checkout_page import checkout_routes
from sidecar.sandbox.stripe.pages.receipt_page import receipt_routes
from sidecar.sandbox.stripe.pages.three_d_secure_page import three_d_secure_routes

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox


def page_routes(sandbox: StripeSandbox) -> list[Route]:
    """The routes of all pages."""
    return [*checkout_routes(sandbox), *three_d_secure_routes(sandbox), *receipt_routes(sandbox)]
