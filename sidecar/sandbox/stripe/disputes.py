"""Disputes, as far as a payment can bring one on (docs.stripe.com/api/disputes)."""

from stripe.params import DisputeListParams, DisputeRetrieveParams

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import Charge, Dispute
from sidecar.sandbox.stripe.operation import Call, Operation

_DAYS_TO_ANSWER = 9
_EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
).split(" ")


def open_dispute(account: Account, charge: Charge, reason: str) -> Dispute:
    """The shopper's bank takes the money back, or asks first (an inquiry)."""
    inquiry = reason == "inquiry"
    dispute = account.disputes.add(
        Dispute(
            id=account.new_id("du"),
            created=account.clock.now(),
            amount=charge.amount_captured,
            currency=charge.currency,
            charge=charge.id,
            payment_intent=charge.payment_intent,
            reason="general" if inquiry else reason,
            status="warning_needs_response" if inquiry else "needs_response",
            inquiry=inquiry,
            brand=charge.method.brand,
        ),
        charge=charge.id,
        payment_intent=charge.payment_intent,
    )
    charge.disputed = True
    document = dispute_document(account, dispute)
    emit(account, "charge.dispute.created", document)
    return dispute


def dispute_document(account: Account, dispute: Dispute) -> JsonObject:
    """Write it as the API does."""
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": dispute.created + _DAYS_TO_ANSWER * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": dispute.inquiry,
        "livemode": account.livemode,
        "metadata": {},
        "payment_intent": dispute.payment_intent,
        "payment_method_details": {
            "card": {
                "brand": dispute.brand,
                "case_type": "inquiry" if dispute.inquiry else "chargeback",
                "network": dispute.brand,
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": dispute.reason,
        "status": dispute.status,
    }


def _retrieve(call: Call) -> JsonObject:
    return dispute_document(call.account, call.account.disputes.get(call.id))


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    charge, intent = parameters.text("charge"), parameters.text("payment_intent")
    return account.disputes.page(
        parameters,
        "/v1/disputes",
        lambda dispute: dispute_document(account, dispute),
        group=("charge", charge) if charge else ("payment_intent", intent),
    )


OPERATIONS = (
    Operation("GET", "/v1/disputes", _list, DisputeListParams),
    Operation("GET", "/v1/disputes/{id}", _retrieve, DisputeRetrieveParams),
)
