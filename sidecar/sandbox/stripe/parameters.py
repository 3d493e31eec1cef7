"""Requests, form-encoded as the SDKs send them, checked against the types that the SDK publishes.

The types of `stripe.params` are generated from Stripe's own API description: what they do not know, the API
refuses with `parameter_unknown`.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import (
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from urllib.parse import parse_qsl

from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject  # the SDK exports it from nowhere else
from typing_extensions import is_typeddict

from sidecar.sandbox.stripe.errors import StripeError, invalid

Form: TypeAlias = "dict[str, Form] | list[Form] | str"
"""A request as it was nested by its brackets, every leaf still text."""

_NAMES_OF_OPTIONS = {"Mapping": Mapping, "StripeContext": object}
"""What the annotations of the SDK's own options refer to, and only a type checker can see."""
_OWN_OPTIONS = frozenset(RequestOptions.__annotations__)
_INTEGER = re.compile(r"-?\d{1,18}")
_DEEPEST = 16
_MAX_METADATA_KEYS = 50
_MAX_METADATA_KEY = 40
_MAX_METADATA_VALUE = 500


def parse_form(encoded: bytes | str) -> dict[str, Form]:
    """Undo the encoding: `a[b][0]=1` becomes `{"a": {"b": {"0": "1"}}}`, `a[]=1` a list."""
    text = encoded.decode(errors="replace") if isinstance(encoded, bytes) else encoded
    root: dict[str, Form] = {}
    if not text:
        return root
    for name, value in parse_qsl(text, keep_blank_values=True):
        if "[" not in name:
            root[name] = value
        else:
            first, *rest = name.replace("]", "").split("[")
            if len(rest) > _DEEPEST:
                raise invalid("Invalid parameter: nested too deeply")
            _put(root, first, rest, value, name)
    return root


def _put(into: dict[str, Form], key: str, rest: list[str], value: str, name: str) -> None:
    if not rest:
        into[key] = value
    elif rest == [""]:
        items = into.setdefault(key, [])
        if not isinstance(items, list):
            raise invalid(f"Invalid parameter: {name}", param=name)
        items.append(value)
    else:
        inner = into.setdefault(key, {})
        if not isinstance(inner, dict):
            raise invalid(f"Invalid parameter: {name}", param=name)
        _put(inner, rest[0], rest[1:], value, name)


class Parameters:
    """A checked request. Every getter answers None for what was not sent or was sent empty to unset it."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        """Whether the parameter was sent at all, even empty."""
        return name in self._values

    @property
    def names(self) -> frozenset[str]:
        """Names of what was sent."""
        return frozenset(self._values)

    def text(self, name: str) -> str | None:
        """A string."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value else None

    def integer(self, name: str) -> int | None:
        """An integer."""
        value = self._values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        """A boolean."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else None

    def inner(self, name: str) -> "Parameters":
        """A hash; empty when it was not sent."""
        value = self._values.get(name)
        return Parameters(value if isinstance(value, dict) else {})

    def document(self, name: str) -> dict[str, object] | None:
        """A hash as plain values."""
        value = self._values.get(name)
        return dict(value) if isinstance(value, dict) else None

    def documents(self, name: str) -> "list[Parameters]":
        """An array of hashes."""
        value = self._values.get(name)
        return [Parameters(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def texts(self, name: str) -> list[str] | None:
        """An array of strings."""
        value = self._values.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else None

    def metadata(self, present: Mapping[str, str] | None = None, *, name: str = "metadata") -> dict[str, str]:
        """The metadata that results: what is there, what is added, without what was set to an empty string."""
        result = dict(present or {})
        if name not in self._values:
            return result
        given = self._values[name]
        if not isinstance(given, dict):
            return {}
        for key, value in given.items():
            if value == "":
                result.pop(key, None)
                continue
            if len(key) > _MAX_METADATA_KEY:
                raise invalid(
                    f"Metadata keys can have up to {_MAX_METADATA_KEY} characters, but you passed in a key that is "
                    f"{len(key)} characters. Invalid key: {key}",
                    param=name,
                )
            if len(value) > _MAX_METADATA_VALUE:
                raise invalid(
                    f"Metadata values can have up to {_MAX_METADATA_VALUE} characters, but you passed in a value that "
                    f"is {len(value)} characters. Invalid value: {value}",
                    param=name,
                )
            result[key] = value
        if len(result) > _MAX_METADATA_KEYS:
            raise invalid(f"Metadata can have up to {_MAX_METADATA_KEYS} keys.", param=name)
        return result


Check: TypeAlias = Callable[[Form, str], object]
"""Turns one raw value into its typed one; the string is the parameter's full name, for the error."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one endpoint accepts."""

    fields: Mapping[str, Check]
    required: frozenset[str]

    def check(self, form: dict[str, Form], prefix: str = "") -> dict[str, object]:
        """Type every parameter, refuse the unknown, the missing and the malformed."""
        result: dict[str, object] = {}
        for name, value in form.items():
            full = f"{prefix}[{name}]" if prefix else name
            check = self.fields.get(name)
            if check is None:
                raise invalid(f"Received unknown parameter: {full}", param=full, code="parameter_unknown")
            result[name] = check(value, full)
        for name in self.required:
            if name not in result:
                full = f"{prefix}[{name}]" if prefix else name
                raise invalid(f"Missing required param: {full}.", param=full, code="parameter_missing")
        return result


@cache
def shape_of(typed_dict: type) -> Shape:
    """Read the shape from one of the SDK's TypedDicts, once."""
    hints = get_type_hints(typed_dict, localns=_NAMES_OF_OPTIONS, include_extras=True)
    fields: dict[str, Check] = {}
    required: set[str] = set()
    for name, hint in hints.items():
        if name in _OWN_OPTIONS and issubclass_of_options(typed_dict):
            continue
        inner = hint
        optional = get_origin(hint) is NotRequired
        if get_origin(hint) in {NotRequired, Required}:
            inner = get_args(hint)[0]
        fields[name] = _check_for(inner)
        if not optional:
            required.add(name)
    return Shape(fields, frozenset(required))


def issubclass_of_options(typed_dict: type) -> bool:
    """Whether the SDK mixes its own options (key, retries, …) into this type; they never go over the wire."""
    return typed_dict.__annotations__.keys() >= _OWN_OPTIONS


def _alternatives(hint: object) -> tuple[object, ...]:
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(part for member in get_args(hint) for part in _alternatives(member))
    return (hint,)


def _check_for(hint: object) -> Check:  # noqa: C901  # one branch per kind of type that the SDK uses
    scalars: list[type] = []
    words: list[str] = []
    item: Check | None = None
    inner: Callable[[], Shape] | None = None
    free = False
    for part in _alternatives(hint):
        if get_origin(part) is Literal:
            words.extend(str(word) for word in get_args(part))
        elif part in {int, str, bool, float}:
            scalars.append(part)
        elif get_origin(part) is list:
            item = _check_for(get_args(part)[0])
        elif isinstance(part, type) and is_typeddict(part):
            inner = _later(part)
        elif get_origin(part) in {dict, UntypedStripeObject} or part is UntypedStripeObject:
            free = True
        elif part is not type(None):
            scalars.append(str)
    emptyable = "" in words
    allowed = tuple(word for word in words if word)

    def check(value: Form, name: str) -> object:
        if isinstance(value, str):
            if value == "" and (emptyable or str not in scalars or free):
                return _empty(name, allowed=emptyable or free or item is not None)
            return _scalar(value, name, scalars, allowed)
        if item is not None:
            return [item(each, f"{name}[{index}]") for index, each in enumerate(_items(value, name))]
        if isinstance(value, list):
            raise invalid(f"Invalid {name}", param=name)
        if inner is not None:
            return inner().check(value, name)
        if free:
            return {key: _free(each, f"{name}[{key}]") for key, each in value.items()}
        raise invalid("Invalid string: a hash was given", param=name)

    return check


def _later(typed_dict: type) -> Callable[[], Shape]:
    return lambda: shape_of(typed_dict)


def _empty(name: str, *, allowed: bool) -> object:
    if allowed:
        return ""
    raise invalid(
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a field; however "
        f"'{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value.",
        param=name,
        code="parameter_invalid_empty",
    )


def _scalar(value: str, name: str, scalars: list[type], allowed: tuple[str, ...]) -> object:
    if bool in scalars and value in {"true", "false"}:
        return value == "true"
    if int in scalars and _INTEGER.fullmatch(value):
        return int(value)
    if allowed:
        if value in allowed:
            return value
        raise invalid(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
    if float in scalars:
        return value
    if str in scalars:
        return value or _empty(name, allowed=False)
    if int in scalars:
        raise invalid(f"Invalid integer: {value}", param=name, code="parameter_invalid_integer")
    if bool in scalars:
        raise invalid(f"Invalid boolean: {value}", param=name)
    raise invalid("Invalid object", param=name)


def _items(value: Form, name: str) -> list[Form]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    raise invalid("Invalid array", param=name)


def _free(value: Form, name: str) -> str:
    if isinstance(value, str):
        return value
    raise invalid("Invalid string", param=name)


def check_parameters(
    typed_dict: type | None, form: dict[str, Form], unsettable: frozenset[str] = frozenset()
) -> Parameters:
    """Check a request against a TypedDict of the SDK; `None` takes no parameters but `expand`.

    Args:
        typed_dict: the SDK's type.
        form: what was sent.
        unsettable: texts that may be empty all the same, and hashes whose members may.

    Raises:
        StripeError: 400 with `parameter_unknown`, `parameter_missing`, `parameter_invalid_empty`, …
    """
    if typed_dict is None:
        unknown: StripeError | None = next(
            (
                invalid(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
                for name in form
                if name != "expand"
            ),
            None,
        )
        if unknown is not None:
            raise unknown
        return Parameters({name: list(_items(value, name)) for name, value in form.items()})
    unset = {name: value for name, value in form.items() if name in unsettable and value == ""}
    rest = {
        name: _without_empty(value) if name in unsettable else value
        for name, value in form.items()
        if name not in unset
    }
    return Parameters(shape_of(typed_dict).check(rest) | unset)


def _without_empty(value: Form) -> Form:
    if not isinstance(value, dict):
        return value
    return {name: _without_empty(inner) for name, inner in value.items() if inner != ""}
