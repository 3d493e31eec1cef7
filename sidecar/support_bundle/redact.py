"""Takes out of a text what must not leave the house."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr

from sidecar.settings.credentials import Withheld
from sidecar.settings.sections import OAuth
from sidecar.settings.settings import Settings

GONE: Final = "[redacted]"
SHORTEST: Final = 4
"""A shorter secret would take half the text with it; nobody should have one."""
_PATTERNS: Final = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # mail addresses
    re.compile(r"\b(?:sk|rk|pk)_(?:test|live)_\w+"),
    re.compile(r"\bwhsec_\w+"),
    re.compile(r"\b(?:pi|seti)_\w+_secret_\w+"),
    re.compile(r"(?<=://)[^/\s@\"']+(?=@)"),  # user and password of an address
    re.compile(r"(?i)(?<=bearer )[\w.~+/-]+=*"),
)


class Redactor:
    """Knows the secrets of these settings, and what secrets and mail addresses look like."""

    def __init__(self, settings: Settings) -> None:
        known = {each for secret in secrets_of(settings) for each in _spellings(secret)}
        # The longest first: a part of a secret must not break it up.
        self._known = sorted((each for each in known if len(each) >= SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without them."""
        for secret in self._known:
            text = text.replace(secret, GONE)
        for pattern in _PATTERNS:
            text = pattern.sub(GONE, text)
        return text


def secrets_of(value: object) -> Iterable[str]:
    """Every secret in a tree of settings, and the passwords in its addresses."""
    match value:
        case Withheld():
            return  # it was not read, so that nothing of it can be told
        case SecretStr():
            secret = value.get_secret_value()
            yield secret
            yield from _passwords(secret)
        case OAuth():
            yield value.consumer_key
            yield value.access_token
            yield from (secret for each in vars(value).values() for secret in secrets_of(each))
        case BaseModel():
            yield from (secret for each in vars(value).values() for secret in secrets_of(each))
        case dict():
            yield from (secret for each in value.values() for secret in secrets_of(each))
        case tuple():
            yield from (secret for each in value for secret in secrets_of(each))
        case str():
            yield from _passwords(value)
        case _:
            return


def _passwords(address: str) -> Iterable[str]:
    try:
        password = urlsplit(address).password
    except ValueError:
        return
    if password:
        yield password


def _spellings(secret: str) -> set[str]:
    """As it is, without an address's escapes, and each of several: lines, words, `name=value,name=value`."""
    return {secret, unquote(secret), *re.split(r"[\s,=]+", secret)}
