"""A Checkout Session as the API writes it."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.objects import CheckoutSession, LineItem


def checkout_session_document(account: Account, session: CheckoutSession) -> JsonObject:
    """Write it as the API does; the line items come only when expanded."""
    return {
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": session.allowed_payment_method_types,
        "amount_subtotal": session.amount_total,
        "amount_total": session.amount_total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": session.billing_address_collection,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "client_secret": None,
        "collected_information": {"business_name": None, "individual_name": None, "shipping_details": None},
        "consent": None,
        "consent_collection": None,
        "created": session.created,
        "currency": session.currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": session.customer,
        "customer_account": None,
        "customer_creation": session.customer_creation,
        "customer_details": dict(session.customer_details) if session.customer_details else None,
        "customer_email": session.customer_email,
        "discounts": [],
        "expires_at": session.expires_at,
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                "account_tax_ids": None,
                "custom_fields": None,
                "description": None,
                "footer": None,
                "issuer": None,
                "metadata": {},
                "rendering_options": None,
            },
        },
        "livemode": account.livemode,
        "locale": session.locale,
        "managed_payments": {"enabled": False},
        "metadata": dict(session.metadata),
        "mode": "payment",
        "origin_context": session.origin_context,
        "payment_intent": session.payment_intent,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": {"id": f"pmc_{account.id[5:]}", "parent": None},
        "payment_method_options": {"card": {"request_three_d_secure": session.request_three_d_secure}},
        "payment_method_types": session.allowed_payment_method_types or ["card"],
        "payment_status": session.payment_status,
        "permissions": None,
        "phone_number_collection": {"enabled": session.phone_number_collection},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": session.status,
        "submit_type": session.submit_type,
        "subscription": None,
        "success_url": session.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": page_url(account, session) if session.status == "open" else None,
        "wallet_options": None,
    }


def page_url(account: Account, session: CheckoutSession) -> str:
    """Where the shopper pays."""
    return f"{account.base_url}/c/pay/{account.alias}/{session.id}"


def line_items_document(account: Account, session: CheckoutSession) -> JsonObject:
    """The lines, as the list that `expand[]=line_items` gives."""
    return {
        "object": "list",
        "data": [_line_item_document(account, item) for item in session.line_items],
        "has_more": False,
        "url": f"/v1/checkout/sessions/{session.id}/line_items",
    }


def _line_item_document(account: Account, item: LineItem) -> JsonObject:
    return {
        "id": item.id,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": item.amount,
        "amount_tax": 0,
        "amount_total": item.amount,
        "currency": item.currency,
        "description": item.name,
        "metadata": dict(item.metadata),
        "price": {
            "id": item.price_id,
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": item.created,
            "currency": item.currency,
            "custom_unit_amount": None,
            "livemode": account.livemode,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": item.product_id,
            "recurring": None,
            "tax_behavior": item.tax_behavior,
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": item.unit_amount,
            "unit_amount_decimal": str(item.unit_amount),
        },
        "quantity": item.quantity,
    }
