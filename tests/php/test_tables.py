"""The tables that the tests make (magento.sql) are Magento's, where its own description lies beside the project."""

import re
from pathlib import Path

import pytest

TABLES = Path(__file__).parent / "magento.sql"
REAL = Path(__file__).parents[3] / "shared" / "magento" / "schema.sql"
COLUMN = re.compile(
    r"(?<![\w`])`?(\w+)`? ((?:smallint|int|decimal|varchar|timestamp|text)\b(?:\([\d,]+\))?(?: unsigned)?)"
)


def tables(sql: str) -> dict[str, dict[str, str]]:
    """By table, the type of each column."""
    made = re.findall(r"CREATE TABLE [`{}]*(?:prefix})?(\w+)`? \((.*?)\n?\)[^;)]*;", sql, re.DOTALL)
    return {name: dict(COLUMN.findall(body)) for name, body in made}


@pytest.mark.skipif(not REAL.exists(), reason="Magento's own description is not beside the project")
def test_columns_have_magentos_types() -> None:
    ours, real = tables(TABLES.read_text()), tables(REAL.read_text())
    assert len(ours) > 10
    known = {name: columns for name, columns in ours.items() if name in real}
    assert set(ours) - set(known) <= {"directory_country_region"}
    different = {
        f"{table}.{column}": (type_, real[table].get(column))
        for table, columns in known.items()
        for column, type_ in columns.items()
        if real[table].get(column) != type_
    }
    assert different == {}
