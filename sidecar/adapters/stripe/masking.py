"""Strike out secrets from words that came from elsewhere."""

import re

_SECRET = re.compile(
    r"\b(?P<kind>(?:sk|rk|pk|ek)_(?:test|live|org)|whsec)_[A-Za-z0-9*_]+"
    r"|\b(?P<object>(?:pi|seti|cs|src)_\w+?)_secret_\w+"
)


def masked(text: str) -> str:
    """Return the text without API keys, signing secrets and client secrets.

    Stripe itself masks the key in its messages, but a proxy or a stand-in need not.
    """
    return _SECRET.sub(lambda match: f"{match['kind'] or match['object']}_***", text)
