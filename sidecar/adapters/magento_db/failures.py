"""What the driver raises, in the words of `sidecar.errors`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pymysql.constants import CR, ER
from pymysql.err import DataError, MySQLError

from sidecar.errors import RefusedError, TransientError, UnauthorizedError, UnknownOutcomeError, UpstreamError

_CODES: Final = {
    ER.LOCK_DEADLOCK: "deadlock",
    ER.LOCK_WAIT_TIMEOUT: "lock_wait_timeout",
    ER.CON_COUNT_ERROR: "too_many_connections",
    ER.OPTION_PREVENTS_STATEMENT: "read_only",
    ER.NO_SUCH_TABLE: "schema_missing",
    ER.BAD_FIELD_ERROR: "schema_missing",
    ER.BAD_DB_ERROR: "unknown_database",
    ER.DUP_ENTRY: "written_meanwhile",
    CR.CR_CONN_HOST_ERROR: "unreachable",
}
_LOST: Final = frozenset((
    0,  # the driver's own complaint about a connection that is closed
    1927,  # MariaDB's ER_CONNECTION_KILLED, which the driver does not name
    ER.SERVER_SHUTDOWN,
    CR.CR_SERVER_GONE_ERROR,
    CR.CR_SERVER_LOST,
))  # fmt: skip
_ACCESS_DENIED: Final = frozenset((ER.DBACCESS_DENIED_ERROR, ER.ACCESS_DENIED_ERROR, 1698, 1142, 1143))


@contextmanager
def translated(*, committing: bool) -> Iterator[None]:
    """Turn what the driver raises into what the port promises. The server's words are left out: they quote values.

    Args:
        committing: whether a lost connection may have done all of it; before the commit it has done nothing.
    """
    try:
        yield
    except MySQLError as error:
        raise _translate(error, committing=committing) from None
    except TimeoutError:
        raise _lost("timeout", "", committing=committing) from None
    except OSError as error:
        raise _lost("connection_lost", type(error).__name__, committing=committing) from None
    except RuntimeError as error:  # what is said to whoever writes into a closed connection, or opens one in vain
        if not any(words in str(error) for words in ("closed", "does not expose socket instance")):
            raise
        raise TransientError("magento", "connection_lost", "it was closed before the statement was sent") from None


def _translate(error: MySQLError, *, committing: bool) -> UpstreamError:
    first = error.args[0] if error.args else 0
    number = first if isinstance(first, int) else 0
    detail = f"MySQL {number}"
    if number in _ACCESS_DENIED:
        return UnauthorizedError("magento", f"mysql_{number}", "the login or a grant is missing")
    if number in _LOST:
        return _lost("connection_lost", detail, committing=committing)
    if isinstance(error, DataError):
        return RefusedError("magento", "value_refused", f"{detail}: a value does not fit its column")
    return TransientError("magento", _CODES.get(number, f"mysql_{number}"), detail)


def _lost(code: str, detail: str, *, committing: bool) -> TransientError:
    kind = UnknownOutcomeError if committing else TransientError
    return kind("magento", code, detail)
