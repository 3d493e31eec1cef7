"""Magento's locales (`de_AT`, `zh_Hant_TW`) as Stripe names them."""

CHECKOUT_LOCALES = frozenset(
    (
        "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR "
        "ro ru sk sl sv th tr vi zh zh-HK zh-TW"
    ).split(" ")
)
"""What a Checkout page can be shown in (docs.stripe.com/api/checkout/sessions/create)."""

_LATIN_AMERICA = frozenset("AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE".split(" "))
_BY_LANGUAGE = {"hi": "hi-IN", "nn": "nb", "no": "nb", "tl": "fil"}


def language_tag(locale: str) -> str:
    """The locale as an IETF language tag: `de-AT`."""
    return locale.replace("_", "-")


def checkout_locale(locale: str) -> str:
    """The nearest locale of a Checkout page, or `auto`: the browser's."""
    language, *rest = locale.replace("-", "_").split("_")
    language = language.lower()
    # Magento puts the script between language and country.
    country = rest[-1].upper() if rest else ""
    if language == "es" and country in _LATIN_AMERICA:
        return "es-419"
    for tag in (f"{language}-{country}", _BY_LANGUAGE.get(language, language)):
        if tag in CHECKOUT_LOCALES:
            return tag
    return "auto"
