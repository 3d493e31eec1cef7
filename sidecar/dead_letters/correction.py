"""Another body for a dead letter, and whether it may take its place."""

from dataclasses import dataclass
from typing import Any

import orjson

from sidecar.consumer import Consumer
from sidecar.dead_letters.letter import DeadLetter
from sidecar.errors import UnmappableError
from sidecar.runtime.parse import parse

IDENTITY = ("id", "source")
"""What the inbox knows a message by: with another one it would be another message."""


class CorrectionError(Exception):
    """The correction cannot be made, or not be accepted; says why."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A value for a field.

    Attributes:
        path: names and, in lists, numbers from 0, as in `data.items.0.sku`.
        value: anything that JSON can hold.
    """

    path: tuple[str, ...]
    value: Any

    @classmethod
    def read(cls, text: str) -> "Assignment":
        """`path=text` for a text, `path:=json` for any other value.

        Raises:
            CorrectionError: it is neither, or the JSON is none.
        """
        path, equals, value = text.partition("=")
        if not equals or not path.strip(":"):
            raise CorrectionError(
                f"{text!r}: write path=text, or path:=json for a number, true, null, a list, an object"
            )
        if not path.endswith(":"):
            return cls(_path(path), value)
        try:
            return cls(_path(path[:-1]), orjson.loads(value))
        except orjson.JSONDecodeError:
            raise CorrectionError(f"{text!r}: what follows := is not JSON") from None


def corrected(letter: DeadLetter, assignments: tuple[Assignment, ...], removed: tuple[str, ...] = ()) -> bytes:
    """The letter's body with some fields set and some removed.

    Raises:
        CorrectionError: the body is no JSON object, or a path leads nowhere.
    """
    if not isinstance(letter.document, dict):
        raise CorrectionError("the message is no JSON object: write it anew with --from-file")
    document = orjson.loads(letter.body)
    for each in assignments:
        parent, last = _parent(document, each.path)
        if isinstance(parent, list):
            parent[_index(parent, last, each.path)] = each.value
        else:
            parent[last] = each.value
    for text in removed:
        parent, last = _parent(document, _path(text))
        if isinstance(parent, list):
            del parent[_index(parent, last, _path(text))]
        elif last in parent:
            del parent[last]
        else:
            raise CorrectionError(f"{text}: there is no such field")
    return orjson.dumps(document)


def check(letter: DeadLetter, body: bytes, consumer: Consumer) -> None:
    """See that the body is a message that the consumer can read, and the same one as before.

    Raises:
        CorrectionError: it is not; names the field.
    """
    try:
        event = parse(body, consumer)
    except UnmappableError as error:
        raise CorrectionError(f"it would be parked again ({error.reason}): {error}") from None
    before = letter.document if isinstance(letter.document, dict) else {}
    after = {"id": event.id, "source": event.source}
    for name in IDENTITY:
        if isinstance(before.get(name), str) and before[name] != after[name]:
            raise CorrectionError(f"{name}: has to stay {before[name]!r}, or it would be another message")


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.split("."))


def _parent(document: Any, path: tuple[str, ...]) -> tuple[dict[str, Any] | list[Any], str]:  # noqa: ANN401  # JSON
    here = document
    for step in path[:-1]:
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list):
            here = here[_index(here, step, path)]
        else:
            raise CorrectionError(f"{'.'.join(path)}: there is no {step!r}")
    if not isinstance(here, dict | list):
        raise CorrectionError(f"{'.'.join(path)}: {'.'.join(path[:-1])} is no object")
    return here, path[-1]


def _index(values: list[Any], step: str, path: tuple[str, ...]) -> int:
    if not step.isascii() or not step.isdigit() or int(step) >= len(values):
        raise CorrectionError(f"{'.'.join(path)}: the list has places 0 to {len(values) - 1}, and {step!r} is none")
    return int(step)
