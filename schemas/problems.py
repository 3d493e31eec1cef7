"""Says in one line why a message could not be read, without repeating what was in it."""

from pydantic import ValidationError

_LONGEST_PART = 64


def explain(error: ValidationError) -> tuple[str, str]:
    """The path of the first field that is wrong, and a sentence: what is wrong, of which type it was, how many more.

    Made to be stored and logged with a parked message: no value of the message is in it, because a value may be
    personal data or a secret. For example `data.totals.grand_total` and
    `has to be a decimal in a string (got a float), and 2 more`. The path of the whole message is `body`.
    """
    first, *others = error.errors(include_url=False)
    path = ".".join(str(part)[:_LONGEST_PART] for part in first["loc"]) or "body"
    more = f", and {len(others)} more" if others else ""
    return path, f"{_what(first['type'], first['msg'])}{_got(first['type'], first['input'])}{more}"


def _what(kind: str, message: str) -> str:
    if kind == "union_tag_invalid":  # pydantic's own message repeats the value
        return "is of a kind that is not known"
    text = message.removeprefix("Value error, ")
    return text[:1].lower() + text[1:] if kind != "json_invalid" else text


def _got(kind: str, value: object) -> str:
    if kind in {"missing", "json_invalid"}:
        return ""
    name = "null" if value is None else type(value).__name__
    return f" (got {name})" if value is None else f" (got {'an' if name[0] in 'aeiou' else 'a'} {name})"
