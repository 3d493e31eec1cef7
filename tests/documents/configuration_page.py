"""`docs/configuration.md`, from the settings themselves."""

import types
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sidecar.settings.credentials import CREDENTIALS, Credential
from sidecar.settings.settings import Settings

_PLACES: dict[Credential, str] = {
    "broker": "`broker.url`",
    "store": "`store.url`",
    "stripe": "`stripe.*.secret_key`",
    "webhooks": "`stripe.*.webhook_secrets`",
    "magento": "`magento.*`: token, OAuth or database",
    "tracing": "`tracing.otlp_headers`",
}
HEAD = Path(__file__).with_name("heads") / "configuration.md"


def page() -> str:
    """The page."""
    parts = [HEAD.read_text(), *_credentials()]
    for name, field in Settings.model_fields.items():
        model = _model(field.annotation)
        if model is None:
            raise TypeError(f"{name} is no section")
        heading = {"dict": f"[{name}.NAME]", "tuple": f"[[{name}]]"}.get(_container(field.annotation), f"[{name}]")
        about = field.description or model.__doc__ or ""
        parts.append(f"\n## `{heading}`\n\n{' '.join(about.split())}\n\n")
        parts.append("| setting | kind | default | meaning |\n| --- | --- | --- | --- |\n")
        parts += list(_rows(model))
    return "".join(parts)


def _credentials() -> Iterator[str]:
    yield "\n## Who reads which credential\n\n"
    yield "What a process has no use for is not read, and may be missing: give it what stands here and no more.\n\n"
    yield f"| process | {' | '.join(_PLACES.values())} |\n| --- |{' --- |' * len(_PLACES)}\n"
    for process, reads in CREDENTIALS.items():
        name = "any other command" if process == "operator" else f"`sidecar {process}`"
        yield f"| {name} | {' | '.join('yes' if each in reads else 'no' for each in _PLACES)} |\n"


def _rows(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _model(field.annotation)
        if inner is not None:
            yield from _rows(inner, f"{prefix}{name}.")
            continue
        cells = (f"`{prefix}{name}`", _kind(field.annotation), _default(field), field.description or "")
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def _parts(annotation: Any) -> list[Any]:  # what a field is annotated with
    """The annotation, and what it is made of, without None."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return [part for part in get_args(annotation) if part is not type(None)]
    return [annotation]


def _container(annotation: Any) -> str:
    origin = get_origin(annotation)
    return origin.__name__ if origin in {dict, tuple} else ""


def _model(annotation: Any) -> type[BaseModel] | None:
    candidates = [*_parts(annotation), *(get_args(annotation) if _container(annotation) else ())]
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _kind(annotation: Any) -> str:
    (part,) = _parts(annotation)
    if get_origin(part) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(part))
    if get_origin(part) is tuple:
        return f"list of {_kind(get_args(part)[0])}"
    if get_origin(part) is dict:
        key, value = get_args(part)
        return f"by {_kind(key)}: {_kind(value)}"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", timedelta: "time"}
    return "**secret**" if part is SecretStr else names[part]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = {} if field.default_factory is dict else field.default
    if value is PydanticUndefined:
        raise TypeError("a default that is made when it is needed cannot be written down")
    match value:
        case None | () | "" | dict():
            return ""
        case timedelta():
            return f"`{_duration(value)}`"
        case tuple():
            return ", ".join(f"`{each}`" for each in value)
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("D", 86_400), ("H", 3600), ("M", 60)):
        if seconds and seconds % size == 0:
            return f"P{seconds // size}D" if unit == "D" else f"PT{seconds // size}{unit}"
    return f"PT{seconds}S"
