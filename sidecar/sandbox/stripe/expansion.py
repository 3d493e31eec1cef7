"""`expand[]`: objects in place of their ids (docs.stripe.com/api/expanding_objects)."""

from collections.abc import Callable

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.balance_transactions import balance_transaction_document
from sidecar.sandbox.stripe.charges import charge_document
from sidecar.sandbox.stripe.checkout_session_document import line_items_document
from sidecar.sandbox.stripe.customers import customer_document
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid
from sidecar.sandbox.stripe.payment_intent_document import payment_intent_document
from sidecar.sandbox.stripe.payment_methods import payment_method_document
from sidecar.sandbox.stripe.refunds import refund_document

_DEEPEST = 4

Find = Callable[[Account, str], JsonObject]

_FINDERS: dict[str, Find] = {
    "customer": lambda account, found: customer_document(account, account.customers.get(found)),
    "payment_method": lambda account, found: payment_method_document(account, account.payment_methods.get(found)),
    "payment_intent": lambda account, found: payment_intent_document(account, account.payment_intents.get(found)),
    "charge": lambda account, found: charge_document(account, account.charges.get(found)),
    "balance_transaction": lambda account, found: balance_transaction_document(
        account, account.balance_transactions.get(found)
    ),
}
_EXPANDABLE: dict[str, dict[str, str]] = {
    "payment_intent": {
        "customer": "customer",
        "payment_method": "payment_method",
        "latest_charge": "charge",
        "review": "",
        "application": "",
        "on_behalf_of": "",
    },
    "charge": {
        "customer": "customer",
        "payment_intent": "payment_intent",
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
        "review": "",
        "application": "",
        "on_behalf_of": "",
        "source_transfer": "",
    },
    "refund": {
        "charge": "charge",
        "customer": "customer",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "checkout.session": {
        "customer": "customer",
        "payment_intent": "payment_intent",
        "setup_intent": "",
        "subscription": "",
        "invoice": "",
        "payment_link": "",
    },
    "payment_method": {"customer": "customer"},
    "customer": {"default_source": "", "test_clock": ""},
    "customer.invoice_settings": {"default_payment_method": "payment_method"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "balance_transaction": {"source": "charge"},
}


def expand(account: Account, document: JsonObject, paths: list[str]) -> None:
    """Expand in place. Raises a 400 for a property that cannot be expanded."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise invalid(
                f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}", param="expand"
            )
        _expand(account, document, steps, path)


def _expand(account: Account, document: JsonObject, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "data" and isinstance(document.get("data"), list):
        items = document["data"]
        for item in items if isinstance(items, list) else ():
            _expand(account, item, rest, path)
        return
    kind = str(document.get("object", ""))
    if kind == "customer" and step == "invoice_settings" and rest:
        settings = document.get("invoice_settings")
        if isinstance(settings, dict):
            _expand_known(account, settings, "customer.invoice_settings", rest, path)
        return
    if _include(account, document, kind, step):
        return
    _expand_known(account, document, kind, steps, path)


def _expand_known(account: Account, document: JsonObject, kind: str, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    target = _EXPANDABLE.get(kind, {}).get(step)
    if target is None:
        raise invalid(
            f"This property cannot be expanded ({path}). You may want to try expanding a different property.",
            param="expand",
        )
    value = document.get(step)
    if isinstance(value, str) and target:
        value = _FINDERS[target](account, value)
        document[step] = value
    if rest and isinstance(value, dict):
        _expand(account, value, rest, path)


def _include(account: Account, document: JsonObject, kind: str, step: str) -> bool:
    """Lists that are left out unless asked for."""
    identifier = str(document.get("id"))
    if kind == "charge" and step == "refunds":
        refunds = account.refunds.members("charge", identifier)
        document["refunds"] = {
            "object": "list",
            "data": [refund_document(account, refund) for refund in reversed(refunds[-10:])],
            "has_more": len(refunds) > 10,  # noqa: PLR2004  # the API's own default page
            "url": f"/v1/charges/{identifier}/refunds",
        }
        return True
    if kind == "checkout.session" and step == "line_items":
        document["line_items"] = line_items_document(account, account.checkout_sessions.get(identifier))
        return True
    return False
