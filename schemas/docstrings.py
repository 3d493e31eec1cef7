"""Reads what a class says about itself and its fields, so that generated documents repeat it."""

import inspect
import re

_SECTION = re.compile(r"^Attributes:\n", re.MULTILINE)
_FIELD = re.compile(r"^    (\w+): ", re.MULTILINE)


def summary_of(model: type) -> str:
    """The docstring without the part about single fields."""
    return _SECTION.split(_text_of(model))[0].strip()


def fields_of(model: type) -> dict[str, str]:
    """What the class or a base of it says about its fields, by field."""
    found: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        _, _, section = _text_of(cls).partition("Attributes:\n")
        names_and_texts = _FIELD.split(section)[1:]
        for name, text in zip(names_and_texts[::2], names_and_texts[1::2], strict=True):
            found[name] = " ".join(text.split())
    return found


def _text_of(cls: type) -> str:
    return inspect.cleandoc(cls.__dict__.get("__doc__") or "")
