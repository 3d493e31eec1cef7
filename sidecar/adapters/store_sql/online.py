"""What a migration may send while the release before is at work.

The server decides: with `LOCK = NONE` it refuses a change for which it would keep writers out of the table, before it
has begun (mariadb.com/kb/en/innodb-online-ddl-overview, dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl.html).
"""

import re
from typing import Final

_KIND = re.compile(r"(CREATE|ALTER|DROP)\s+TABLE\s", re.IGNORECASE)
_OWN_WISHES = re.compile(r"\b(LOCK|ALGORITHM)\s*=", re.IGNORECASE)

REFUSED: Final = frozenset(("mysql_1845", "mysql_1846"))
"""Codes of the store's errors: the change cannot be made online."""


class NotOnlineError(ValueError):
    """The statement would keep the release before from its work; says why, and what to do."""


def online(statement: str) -> str:
    """The statement, worded so that the server would rather refuse it than keep writers waiting.

    Raises:
        NotOnlineError: it is none that a migration may send.
    """
    kind = _KIND.match(statement)
    if kind is None:
        begin = " ".join(statement.split()[:3])
        raise NotOnlineError(
            f"{begin!r} is not CREATE, ALTER or DROP TABLE: rows are moved by the code, a few at a time"
        )
    if _OWN_WISHES.search(statement):
        raise NotOnlineError("it says LOCK or ALGORITHM itself: LOCK = NONE is added to each ALTER TABLE")
    return f"{statement}, LOCK = NONE" if kind.group(1).upper() == "ALTER" else statement
