"""Which kind of tax number a customer of Magento has given.

Magento keeps a number and nothing else. Its kind is only told where the number's own form, with the country of the
billing address where it needs one, leaves no doubt; Stripe refuses a number of the wrong form.
Sources: docs.stripe.com/billing/customer/tax-ids; for the European Union, ec.europa.eu/taxation_customs/vies.
"""

import re

from sidecar.customer_profile.profile import TaxNumber

_EU = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}", "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{12}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}",
    "SK": r"\d{10}", "XI": r"(\d{9}|\d{12})",
}  # fmt: skip
"""By the prefix of the number: Greece writes EL, Northern Ireland XI."""
_PREFIX = {"GR": "EL"}
_BY_COUNTRY = {
    "AU": ("au_abn", r"\d{11}"),
    "IN": ("in_gst", r"\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]{3}"),
    "NO": ("no_vat", r"\d{9}MVA"),
    "NZ": ("nz_gst", r"\d{8,9}"),
    "US": ("us_ein", r"\d{2}-\d{7}"),
}
"""Numbers that do not name their country themselves."""


def tax_number(given: str | None, country: str | None) -> TaxNumber | None:
    """The number with its kind, or None where the kind is not certain.

    Args:
        given: as the customer wrote it; spaces, dots and letters' case do not matter.
        country: of the billing address, ISO 3166-1 alpha-2.
    """
    plain = re.sub(r"[\s.]", "", given or "").upper()
    if not plain:
        return None
    compact = plain.replace("-", "")
    if re.fullmatch(r"GB(\d{9}|\d{12})", compact):
        return TaxNumber(type="gb_vat", value=compact)
    swiss = re.fullmatch(r"CHE(\d{3})(\d{3})(\d{3})(MWST|TVA|IVA)", compact)
    if swiss:
        first, second, third, word = swiss.groups()
        return TaxNumber(type="ch_vat", value=f"CHE-{first}.{second}.{third} {word}")
    own = _PREFIX.get(country or "", country or "")
    for prefix, digits in ((compact[:2], compact[2:]), (own, compact)):
        if re.fullmatch(_EU.get(prefix, "(?!)"), digits):
            return TaxNumber(type="eu_vat", value=prefix + digits)
    kind, form = _BY_COUNTRY.get(country or "", ("", "(?!)"))
    if re.fullmatch(form, plain):
        return TaxNumber(type=kind, value=plain)
    return None
