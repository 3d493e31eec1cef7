"""Issuers' early fraud warnings (docs.stripe.com/api/radar/early_fraud_warnings)."""

from stripe.params.radar import EarlyFraudWarningListParams, EarlyFraudWarningRetrieveParams

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, FraudWarning
from sidecar.sandbox.stripe.operation import Call, Operation


def warn_of_fraud(account: Account, charge: Charge) -> FraudWarning:
    """The issuer reports the payment as possible fraud."""
    warning = account.fraud_warnings.add(
        FraudWarning(
            id=account.new_id("issfr"),
            created=account.clock.now(),
            charge=charge.id,
            payment_intent=charge.payment_intent,
        ),
        charge=charge.id,
        payment_intent=charge.payment_intent,
    )
    emit(account, "radar.early_fraud_warning.created", fraud_warning_document(account, warning))
    return warning


def fraud_warning_document(account: Account, warning: FraudWarning) -> JsonObject:
    """Write it as the API does; it can be acted on until the charge is refunded or disputed."""
    charge = account.charges.get(warning.charge)
    return {
        "id": warning.id,
        "object": "radar.early_fraud_warning",
        "actionable": not charge.disputed and charge.amount_refunded < charge.amount,
        "charge": warning.charge,
        "created": warning.created,
        "fraud_type": "misc",
        "livemode": account.livemode,
        "payment_intent": warning.payment_intent,
    }


def _retrieve(call: Call) -> JsonObject:
    return fraud_warning_document(call.account, call.account.fraud_warnings.get(call.id))


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    charge, intent = parameters.text("charge"), parameters.text("payment_intent")
    return account.fraud_warnings.page(
        parameters,
        "/v1/radar/early_fraud_warnings",
        lambda warning: fraud_warning_document(account, warning),
        group=("charge", charge) if charge else ("payment_intent", intent),
    )


OPERATIONS = (
    Operation("GET", "/v1/radar/early_fraud_warnings", _list, EarlyFraudWarningListParams),
    Operation("GET", "/v1/radar/early_fraud_warnings/{id}", _retrieve, EarlyFraudWarningRetrieveParams),
)
