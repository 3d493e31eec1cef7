"""What a consumer says to the world while it handles one message: recorded at the drivers, and said again for others.

The floor of a pipeline is this script without the pipeline: the same statements, calls and publishes in the same order
by the bare drivers. It follows the product by itself, so that a statement that is saved is saved in both.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from unittest import mock

import aiomysql
from aio_pika.exchange import Exchange
from aiohttp import ClientSession

Where = Literal["store", "magento", "stripe", "broker"]
WHERE: tuple[Where, ...] = ("store", "magento", "stripe", "broker")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is said, and waited for.

    Attributes:
        what: the statement, `GET`/`POST`, or the exchange.
        values: of the statement; the address; or routing key and body.
    """

    where: Where
    what: str
    values: Any = None

    def about(self, template: int, number: int) -> "Step":
        """The same about another order."""
        what = self.what.replace(str(template), str(number))
        return Step(self.where, what, _about(self.values, str(template), str(number)))


@dataclass(slots=True)
class Script:
    """The steps of one message, in their order."""

    steps: list[Step] = field(default_factory=list)

    def about(self, template: int, number: int) -> list[Step]:
        """The same about another order."""
        return [step.about(template, number) for step in self.steps]

    def count(self, where: Where) -> int:
        """Round trips to one of them."""
        return sum(step.where == where for step in self.steps)


@contextmanager
def recording(store: str, magento: str) -> Iterator[Script]:
    """Record all that this process says in the block; the databases are known by their names."""
    script = Script()
    names: dict[str, Where] = {store: "store", magento: "magento"}
    execute, begin, commit = aiomysql.Cursor.execute, aiomysql.Connection.begin, aiomysql.Connection.commit
    request, publish = ClientSession._request, Exchange.publish  # noqa: SLF001  # every method comes by here

    def note(connection: aiomysql.Connection, statement: str, values: Any) -> None:
        if not statement.lstrip().startswith("SET SESSION") and connection.db in names:
            script.steps.append(Step(names[connection.db], statement, values))

    async def noted_execute(self: aiomysql.Cursor, query: str, args: Any = None) -> Any:
        note(self.connection, query, args)
        return await execute(self, query, args)

    async def noted_begin(self: aiomysql.Connection) -> Any:
        note(self, "BEGIN", None)
        return await begin(self)

    async def noted_commit(self: aiomysql.Connection) -> Any:
        note(self, "COMMIT", None)
        return await commit(self)

    async def noted_request(self: ClientSession, method: str, url: Any, **more: Any) -> Any:
        script.steps.append(Step("stripe", method.upper(), (str(url), dict(more["headers"]), more.get("data"))))
        return await request(self, method, url, **more)

    async def noted_publish(self: Exchange, message: Any, routing_key: str, **more: Any) -> Any:
        script.steps.append(Step("broker", self.name, (routing_key, message.body)))
        return await publish(self, message, routing_key, **more)

    with (
        mock.patch.object(aiomysql.Cursor, "execute", noted_execute),
        mock.patch.object(aiomysql.Connection, "begin", noted_begin),
        mock.patch.object(aiomysql.Connection, "commit", noted_commit),
        mock.patch.object(ClientSession, "_request", noted_request),
        mock.patch.object(Exchange, "publish", noted_publish),
    ):
        yield script


def _about(value: Any, template: str, number: str) -> Any:
    """The value with the order's number changed; a hash, which says nothing of its number, becomes another hash."""
    match value:
        case dict():
            return {name: _named(name, each, template, number) for name, each in value.items()}
        case tuple() | list():
            return type(value)(_about(each, template, number) for each in value)
        case str():
            return value.replace(template, number)
        case bytes():
            return value.replace(template.encode(), number.encode())
        case int() if value == int(template):
            return int(number)
    return value


def _named(name: str, value: Any, template: str, number: str) -> Any:
    if isinstance(value, str) and (name == "hash" or value.startswith("sidecar:")):
        return value[:8] + hashlib.sha256(f"{value}{number}".encode()).hexdigest()[: len(value) - 8]
    return _about(value, template, number)
