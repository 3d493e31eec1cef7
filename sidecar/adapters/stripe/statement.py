"""The words on a card statement (docs.stripe.com/get-started/account/statement-descriptors)."""

import re

LONGEST_SUFFIX = 22
_FORBIDDEN = re.compile(r"[<>\\'\"*]|[^\x20-\x7e]")


def statement_suffix(text: str) -> str | None:
    r"""What of the text may stand there; None if nothing that Stripe would take.

    It has at most 22 Latin characters, none of ``< > \ ' " *``, and at least one letter. A merchant's template with
    a long order number must not be a reason to refuse the order.
    """
    cleaned = _FORBIDDEN.sub("", text).strip()[:LONGEST_SUFFIX].rstrip()
    return cleaned if re.search("[A-Za-z]", cleaned) else None
