"""Several statements in one packet, and so in one round trip."""

from collections.abc import Mapping, Sequence
from typing import Any

Statement = tuple[str, Mapping[str, Any] | None]
"""A statement and its values."""


async def send(cursor: Any, statements: Sequence[Statement]) -> None:  # noqa: ANN401  # aiomysql has no types
    """Send them together; afterwards the cursor has the answer of the last.

    The server does them one after another and leaves off at the first that fails, which is what is raised. Outside a
    transaction those before it are done. Every value is escaped by the driver, whichever statement it belongs to.
    """
    if len(statements) == 1:
        await cursor.execute(*statements[0])
        return
    await cursor.execute(";\n".join(cursor.mogrify(statement, values) for statement, values in statements))
    while await cursor.nextset():
        pass
