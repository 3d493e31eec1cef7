"""Several statements in one packet, and so in one round trip."""

from collections.abc import Mapping, Sequence
from typing import Any

Statement = tuple[str, Mapping[str, Any] | None]
"""A statement and its values."""


async def send(cursor: Any, statements: Sequence[Statement]) -> list[int]:  # noqa: ANN401  # aiomysql has no types
    """Send them together, and give how many rows each changed; afterwards the cursor has the answer of the last.

    The server does them one after another and leaves off at the first that fails, which is what is raised. Outside a
    transaction those before it are done. Every value is escaped by the driver, whichever statement it belongs to.
    """
    if len(statements) == 1:
        await cursor.execute(*statements[0])
        return [cursor.rowcount]
    await cursor.execute(";\n".join(cursor.mogrify(statement, values) for statement, values in statements))
    changed = [cursor.rowcount]
    while await cursor.nextset():
        changed.append(cursor.rowcount)
    return changed
