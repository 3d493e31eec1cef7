"""A fresh database for each test that wants one."""

import os
import uuid
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit, urlunsplit

import pymysql
import pytest

SERVER = os.environ.get("SIDECAR_TEST_STORE_URL", "mysql://root@127.0.0.1:3306")


@pytest.fixture
def database_url() -> Iterator[str]:
    parts = urlsplit(SERVER)
    name = f"sidecar_test_{uuid.uuid4().hex[:16]}"
    connection = pymysql.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        cursor.execute(f"DROP DATABASE {name}")
