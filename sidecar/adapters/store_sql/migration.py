"""A migration: a numbered file of SQL."""

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import Self

_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+$")
_END = re.compile(r";[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema.

    Attributes:
        version: its number; they are applied in this order.
        name: its file's name without `.sql`.
        checksum: SHA-256 of the text, so that a later change of it is noticed.
        statements: what is sent, one after the other.
    """

    version: int
    name: str
    checksum: str
    statements: tuple[str, ...]

    @classmethod
    def read(cls, name: str, sql: str) -> Self:
        """Take a file apart: a statement ends with a semicolon at the end of a line, `--` begins a line of comment.

        Raises:
            ValueError: the name is not of the form `0001_what_it_does`.
        """
        match = _NAME.match(name)
        if match is None:
            raise ValueError(f"{name!r} is not a name for a migration, such as 0001_what_it_does")
        sql = sql.replace("\r\n", "\n")
        bare = "\n".join(line for line in sql.split("\n") if not line.lstrip().startswith("--"))
        statements = tuple(part.strip() for part in _END.split(bare) if part.strip())
        return cls(int(match.group(1)), name, hashlib.sha256(sql.encode()).hexdigest(), statements)


def read_all() -> tuple[Migration, ...]:
    """The migrations of this release, in order."""
    folder = resources.files("sidecar.adapters.store_sql").joinpath("migrations")
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".sql"))
    migrations = (Migration.read(file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files)
    return tuple(sorted(migrations, key=lambda migration: migration.version))
