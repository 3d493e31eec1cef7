"""Errors as the API words them (docs.stripe.com/api/errors, docs.stripe.com/error-codes)."""

from dataclasses import dataclass, field
from typing import Literal

from sidecar.sandbox.stripe.documents import JsonObject

ErrorType = Literal["api_error", "card_error", "idempotency_error", "invalid_request_error"]


@dataclass(frozen=True)
class Decline:
    """Why a payment was refused.

    Attributes:
        code: error code, for example `card_declined`.
        decline_code: the issuer's reason, for example `insufficient_funds`.
        message: for the shopper.
        advice_code: what Stripe says to do next, if it says it.
        network_decline_code: two digits from the card network.
        reason: what the charge's outcome gives as reason.
        outcome_type: `issuer_declined`, or `blocked` when Radar stopped it.
    """

    code: str
    decline_code: str | None
    message: str
    advice_code: str | None = None
    network_decline_code: str | None = None
    reason: str | None = None
    outcome_type: str = "issuer_declined"


@dataclass
class StripeError(Exception):
    """An answer other than 200.

    Attributes:
        status: HTTP status.
        message: for the developer, or for the shopper when the type is `card_error`.
        saved: whether the answer is kept under the idempotency key: not when nothing was executed
            (docs.stripe.com/api/idempotent_requests).
        rate_limited_reason: goes out as `Stripe-Rate-Limited-Reason`.
        extra: further fields: `charge`, `payment_intent`, `decline_code`, …
    """

    status: int
    message: str
    type: ErrorType = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    saved: bool = True
    rate_limited_reason: str | None = None
    extra: JsonObject = field(default_factory=dict)

    def document(self, request_id: str) -> JsonObject:
        """The body, without the fields that have no value, as Stripe does it."""
        error: JsonObject = {
            "code": self.code,
            "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}" if self.code else None,
            "message": self.message,
            "param": self.param,
            "request_log_url": f"https://dashboard.stripe.com/test/logs/{request_id}",
            "type": self.type,
            **self.extra,
        }
        return {"error": {name: value for name, value in sorted(error.items()) if value is not None}}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    """A request that was refused before it was executed."""
    return StripeError(400, message, param=param, code=code, saved=False)


def refused(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    """A well-formed request that the object's present state does not allow."""
    return StripeError(400, message, param=param, code=code)


def resource_missing(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> StripeError:
    """No such object. It is a 404 for the object of the path, a 400 for one named in a parameter."""
    return StripeError(status, f"No such {kind}: '{identifier}'", code="resource_missing", param=param)


def not_modelled(what: str) -> StripeError:
    """Stripe would accept this; the stand-in does not model it and says so rather than pretend."""
    return StripeError(400, f"The sandbox does not model {what}.", code="sandbox_not_modelled", param=what, saved=False)


def unexpected_state(message: str, intent: JsonObject) -> StripeError:
    """The intent's status does not allow what was asked."""
    return StripeError(400, message, code="payment_intent_unexpected_state", extra={"payment_intent": intent})
