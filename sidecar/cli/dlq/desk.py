"""Opens the desk, and finds the letters that are meant."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

import orjson

from sidecar.cli.command import fail, run_async
from sidecar.dead_letters.chosen import Chosen, types_of
from sidecar.dead_letters.desk import BusyError, Desk
from sidecar.dead_letters.letter import DeadLetter
from sidecar.discovery import all_consumers
from sidecar.settings.settings import Settings


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """The desk over the real queues and the real store; whoever is second at a queue gets exit code 2."""
    from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
    from sidecar.compose import open_ports
    from sidecar.observability.logs import configure_logs
    from sidecar.topology import Names

    configure_logs()
    async with open_ports(settings) as ports:
        queues = AmqpDeadLetters(settings.broker.url.get_secret_value(), Names(settings.broker.prefix), ports.publisher)
        try:
            yield Desk(queues, ports.store, ports.clock)
        except BusyError as error:
            fail(str(error))


def letters_of(settings: Settings, chosen: Chosen, limit: int | None = None) -> list[DeadLetter]:
    """The letters that are chosen, queue by queue, oldest first."""

    async def look() -> list[DeadLetter]:
        found: list[DeadLetter] = []
        async with open_desk(settings) as desk:
            for consumer in all_consumers():
                if chosen.queue in {None, consumer.queue}:
                    async with aclosing(desk.look(consumer.queue, chosen)) as letters:
                        found += [letter async for letter in letters]
        return found

    found = sorted(run_async(look()), key=lambda letter: (letter.queue, str(letter.parked_at or "")))
    return found[:limit]


def letter_named(settings: Settings, ref: str) -> DeadLetter:
    """The one letter that is meant, or exit code 2. Copies of a message are one."""
    found = {letter.ref: letter for letter in letters_of(settings, Chosen(refs=(ref,)))}
    if not found:
        fail(f"there is no dead letter {ref!r}: `sidecar dlq list` shows those that there are")
    if len(found) > 1:
        fail(f"{ref!r} is {', '.join(sorted(found))}: say more of it")
    return next(iter(found.values()))


def summary(letter: DeadLetter) -> dict[str, object]:
    """What a line of a list says; nothing of what is in the message."""
    event = letter.event
    kinds = types_of(letter)
    return {
        "ref": letter.ref,
        "queue": letter.queue,
        "event": event.id,
        "source": event.source,
        "type": kinds[-1] if kinds else None,
        "about": str(letter.subject) if letter.subject else None,
        "parked_at": letter.parked_at,
        "first_seen": letter.first_seen,
        "attempts": letter.attempts,
        "replays": letter.replays,
        "reason": letter.reason,
        "detail": letter.detail,
        "bytes": len(letter.body),
    }


def whole(letter: DeadLetter) -> dict[str, object]:
    """Everything; a message that is not JSON comes as text."""
    message = letter.document
    return summary(letter) | {
        "headers": dict(letter.headers),
        "message": message if message is not None else letter.body.decode(errors="replace"),
    }


def pretty(body: bytes) -> str:
    """The message for a person."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")


def utc(at: datetime | None) -> str:
    """A time for a table."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "?"
