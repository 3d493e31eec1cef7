"""Secrets that live in files, as Kubernetes and systemd hand them over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

SUFFIX = "_file"


class Section(BaseModel):
    """A part of the settings: unknown names are refused, and any value may come from a file.

    For a field `token`, the name `token_file` gives the path of a file that holds the value; a trailing newline is
    dropped. Giving both is a contradiction.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _read_files(cls, values: Any) -> Any:  # noqa: ANN401  # what pydantic hands to a validator
        if not isinstance(values, Mapping):
            return values
        read = dict(values)
        for name in [name for name in read if name.endswith(SUFFIX) and name not in cls.model_fields]:
            target = name.removesuffix(SUFFIX)
            if target not in cls.model_fields:
                continue
            if read.get(target) is not None:
                msg = f"both {target} and {name} are set: keep one"
                raise ValueError(msg)
            path = read.pop(name)
            try:
                text = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                msg = f"{name}: cannot read {path}: {error.strerror}"
                raise ValueError(msg) from None
            if not text:
                msg = f"{name}: {path} is empty"
                raise ValueError(msg)
            read[target] = text.split() if target in _lists(cls) else text
        return read


def _lists(cls: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in cls.model_fields.items() if "tuple" in str(field.annotation))
