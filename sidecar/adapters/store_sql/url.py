"""Where the database is, read from a URL."""

import ssl
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr


class StoreUrlError(ValueError):
    """The URL does not name a database. The message never repeats the URL, which holds a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """A database and how to log in to it.

    Attributes:
        tls: the context to connect with; None means that the connection is in the clear.
    """

    host: str
    port: int
    user: str
    password: SecretStr
    database: str
    tls: ssl.SSLContext | None


def parse(url: str) -> Address:
    """Read `mysql://user:password@host:3306/database?ssl=…`.

    `ssl` is `off` (default), `on` (certificate and host name are checked against the system's authorities), or the
    path of a file with the authorities to trust. User and password are percent-encoded.

    Raises:
        StoreUrlError: something is missing, unknown or contradictory; says what.
    """
    parts = urlsplit(url)
    if parts.scheme != "mysql":
        raise StoreUrlError("the store's URL must begin with mysql://")
    database = unquote(parts.path.removeprefix("/"))
    if not parts.hostname or not parts.username or not database or "/" in database:
        raise StoreUrlError("the store's URL must have the form mysql://user:password@host:3306/database")
    try:
        port = parts.port or 3306
    except ValueError:
        raise StoreUrlError("the store's URL has a port that is not a number up to 65535") from None
    tls: ssl.SSLContext | None = None
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name != "ssl":
            raise StoreUrlError(f"the store's URL has an unknown parameter {name!r}; only ssl is known")
        tls = _tls(value)
    return Address(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        password=SecretStr(unquote(parts.password or "")),
        database=database,
        tls=tls,
    )


def _tls(value: str) -> ssl.SSLContext | None:
    if value == "off":
        return None
    try:
        return ssl.create_default_context(cafile=None if value == "on" else value)
    except OSError as error:
        reason = error.strerror or "it is not a PEM file"
        raise StoreUrlError(f"the store's URL has ssl={value}, which cannot be read: {reason}") from None
