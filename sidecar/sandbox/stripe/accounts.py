"""The account itself (docs.stripe.com/api/accounts): who a key belongs to."""

from stripe.params import AccountRetrieveCurrentParams

from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.operation import Call, Operation


def _retrieve(call: Call) -> JsonObject:
    account = call.account
    return {
        "id": account.id,
        "object": "account",
        "business_profile": None,
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": account.config.country,
        "created": 0,
        "default_currency": account.config.default_currency,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "settings": None,
        "type": "standard",
    }


OPERATIONS = (Operation("GET", "/v1/account", _retrieve, AccountRetrieveCurrentParams),)
