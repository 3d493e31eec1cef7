"""What the shopper sees: the hosted page and the bank's 3-D Secure page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from sidecar.sandbox.stripe.app import StripeSandbox


def page_routes(sandbox: StripeSandbox) -> list[Route]:
    """The routes of all pages."""
    _ = sandbox
    return []
