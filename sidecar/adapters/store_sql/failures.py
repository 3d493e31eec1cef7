"""What the driver raises, in the words of `sidecar.errors`."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pymysql.constants import CR, ER
from pymysql.err import MySQLError

from sidecar.errors import TransientError, UnauthorizedError

DEADLOCK: Final = "deadlock"

OPENED_TOO_LATE: Final = "does not expose socket instance"
"""What the driver complains of when the line is gone before it has set the socket's options (aiomysql, `_connect`)."""

_CODES: Final = {
    ER.LOCK_DEADLOCK: DEADLOCK,
    ER.LOCK_WAIT_TIMEOUT: "lock_wait_timeout",
    ER.CON_COUNT_ERROR: "too_many_connections",
    ER.SERVER_SHUTDOWN: "server_shutdown",
    ER.NO_SUCH_TABLE: "schema_missing",
    ER.BAD_FIELD_ERROR: "schema_missing",
    ER.BAD_DB_ERROR: "unknown_database",
    1927: "connection_lost",  # MariaDB's ER_CONNECTION_KILLED, which the driver does not name
    CR.CR_SERVER_GONE_ERROR: "connection_lost",
    CR.CR_SERVER_LOST: "connection_lost",
    CR.CR_CONN_HOST_ERROR: "unreachable",
}
_ACCESS_DENIED: Final = frozenset((ER.DBACCESS_DENIED_ERROR, ER.ACCESS_DENIED_ERROR, 1698, 1142, 1143))
_NAMES: Final = {
    number: name for names in (ER, CR) for name, number in vars(names).items() if name.isupper() and number
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn every failure of the driver into `TransientError`; who asks again is safe, since all writes may be repeated.

    The server's own words are left out, because they quote values (a duplicate key, a piece of the statement).

    Raises:
        TransientError: with a code such as `deadlock`, `connection_lost`, `unreachable`, `timeout`.
        UnauthorizedError: the user may not log in, or may not do this.
    """
    try:
        yield
    except MySQLError as error:
        raise _translate(error) from None
    except TimeoutError:
        raise TransientError("store", "timeout") from None
    except OSError as error:
        raise TransientError("store", "connection_lost", type(error).__name__) from None
    except RuntimeError as error:
        if OPENED_TOO_LATE not in str(error):
            raise
        raise TransientError("store", "connection_lost", "it was cut while it was opened") from None


def number_of(error: BaseException) -> int:
    """The server's or the client library's error number; 0 when it has none."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else 0


def _translate(error: MySQLError) -> TransientError:
    number = number_of(error)
    detail = f"{number} {_NAMES.get(number, '')}".strip()
    if number in _ACCESS_DENIED:
        return UnauthorizedError("store", "access_denied", detail)
    if isinstance(error.__cause__, ssl.SSLError):
        return TransientError("store", "tls", error.__cause__.reason or detail)
    if number == 0:  # the driver's own complaint about a connection that is closed
        return TransientError("store", "connection_lost", type(error).__name__)
    if isinstance(error.__cause__, OSError):
        detail = type(error.__cause__).__name__
    return TransientError("store", _CODES.get(number, f"mysql_{number}"), detail)
