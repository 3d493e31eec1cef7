"""Tax numbers of customers (docs.stripe.com/api/tax_ids).

Only the form of a number is looked at, as Stripe does at first; the check with the authorities stays `pending`.
"""

import re

from stripe.params import CustomerTaxIdCreateParams, CustomerTaxIdListParams, TaxIdDeleteParams

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.customers import living_customer
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import refused, resource_missing
from sidecar.sandbox.stripe.events import emit
from sidecar.sandbox.stripe.objects import TaxId
from sidecar.sandbox.stripe.operation import Call, Operation

_FORMS = {
    "au_abn": r"\d{11}",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "eu_vat": r"(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[A-Z0-9+*]{2,12}",
    "gb_vat": r"GB\d{9}(\d{3})?",
    "in_gst": r"\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]{3}",
    "no_vat": r"\d{9}MVA",
    "nz_gst": r"\d{8,9}",
    "us_ein": r"\d{2}-?\d{7}",
}
"""After the examples at docs.stripe.com/billing/customer/tax-ids; a type that is not here takes any number."""
_MOST = 5
"""A customer may have so many (docs.stripe.com/billing/customer/tax-ids)."""


def tax_id_document(account: Account, tax_id: TaxId) -> JsonObject:
    """Write it as the API does."""
    if tax_id.deleted:
        return {"id": tax_id.id, "object": "tax_id", "deleted": True}
    return {
        "id": tax_id.id,
        "object": "tax_id",
        "country": tax_id.country,
        "created": tax_id.created,
        "customer": tax_id.customer,
        "customer_account": None,
        "livemode": account.livemode,
        "owner": {"customer": tax_id.customer, "customer_account": None, "type": "customer"},
        "type": tax_id.type,
        "value": tax_id.value,
        "verification": {"status": "pending", "verified_address": None, "verified_name": None},
    }


def _of(account: Account, customer: str) -> list[TaxId]:
    return [each for each in account.tax_ids.members("customer", customer) if not each.deleted]


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    customer = living_customer(account, call.id, param="id", status=404)
    kind, value = parameters.text("type") or "", parameters.text("value") or ""
    if not re.fullmatch(_FORMS.get(kind, ".+"), value):
        raise refused(f"Invalid value for {kind}.", param="value", code="tax_id_invalid")
    if len(_of(account, customer.id)) >= _MOST:
        raise refused("You cannot add any more tax IDs to this customer.", code="customer_max_tax_ids")
    country = value[:2] if kind == "eu_vat" else kind[:2].upper()
    tax_id = account.tax_ids.add(
        TaxId(
            id=account.new_id("txi"),
            created=account.clock.now(),
            customer=customer.id,
            type=kind,
            value=value,
            country={"EL": "GR", "XI": "GB"}.get(country, country),
        ),
        customer=customer.id,
    )
    document = tax_id_document(account, tax_id)
    emit(account, "customer.tax_id.created", document)
    return document


def _list(call: Call) -> JsonObject:
    account = call.account
    customer = account.customers.get(call.id, param="id")
    return account.tax_ids.page(
        call.parameters,
        f"/v1/customers/{customer.id}/tax_ids",
        lambda tax_id: tax_id_document(account, tax_id),
        group=("customer", customer.id),
        keep=lambda tax_id: not tax_id.deleted,
    )


def _delete(call: Call) -> JsonObject:
    account = call.account
    tax_id = account.tax_ids.get(call.id)
    if tax_id.deleted:
        raise resource_missing("tax ID", call.id)
    document = tax_id_document(account, tax_id)
    tax_id.deleted = True
    emit(account, "customer.tax_id.deleted", document)
    return tax_id_document(account, tax_id)


OPERATIONS = (
    Operation("POST", "/v1/customers/{id}/tax_ids", _create, CustomerTaxIdCreateParams),
    Operation("GET", "/v1/customers/{id}/tax_ids", _list, CustomerTaxIdListParams),
    Operation("DELETE", "/v1/tax_ids/{id}", _delete, TaxIdDeleteParams),
)
