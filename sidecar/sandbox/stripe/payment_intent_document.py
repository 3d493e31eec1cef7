"""A PaymentIntent as the API writes it."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject, shipping_document
from sidecar.sandbox.stripe.objects import PaymentIntent


def payment_intent_document(account: Account, intent: PaymentIntent) -> JsonObject:
    """Write it with every field of the API's object."""
    return {
        "id": intent.id,
        "object": "payment_intent",
        "allowed_payment_method_types": intent.allowed_payment_method_types,
        "amount": intent.amount,
        "amount_capturable": intent.amount_capturable,
        "amount_details": {"tip": {}},
        "amount_received": intent.amount_received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": intent.allow_redirects, "enabled": True},
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": intent.capture_method,
        "client_secret": intent.client_secret,
        "confirmation_method": intent.confirmation_method,
        "created": intent.created,
        "currency": intent.currency,
        "customer": intent.customer,
        "customer_account": None,
        "description": intent.description,
        "excluded_payment_method_types": intent.excluded_payment_method_types,
        "last_payment_error": dict(intent.last_payment_error) if intent.last_payment_error else None,
        "latest_charge": intent.latest_charge,
        "livemode": account.livemode,
        "managed_payments": None,
        "metadata": dict(intent.metadata),
        "next_action": dict(intent.next_action) if intent.next_action else None,
        "on_behalf_of": None,
        "payment_method": intent.payment_method,
        "payment_method_configuration_details": {"id": f"pmc_{account.id[5:]}", "parent": None},
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": intent.request_three_d_secure,
            }
        },
        "payment_method_types": payment_method_types(intent),
        "payment_record": None,
        "processing": dict(intent.processing) if intent.processing else None,
        "receipt_email": intent.receipt_email,
        "review": None,
        "setup_future_usage": intent.setup_future_usage,
        "shipping": shipping_document(intent.shipping),
        "source": None,
        "statement_descriptor": intent.statement_descriptor,
        "statement_descriptor_suffix": intent.statement_descriptor_suffix,
        "status": intent.status,
        "transfer_data": None,
        "transfer_group": intent.transfer_group,
    }


def payment_method_types(intent: PaymentIntent) -> list[str]:
    """What the shopper can pay with: what the account has, the currency takes and the intent allows."""
    offered = ["card"]
    if intent.currency == "usd" and intent.capture_method != "manual":
        offered.append("us_bank_account")
    allowed = intent.allowed_payment_method_types
    excluded = intent.excluded_payment_method_types or []
    return [kind for kind in offered if (allowed is None or kind in allowed) and kind not in excluded]
