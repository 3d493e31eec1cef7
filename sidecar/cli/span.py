"""Spans of time as an operator types them."""

import re
from datetime import timedelta
from typing import Final

from sidecar.cli.command import fail

_SPAN: Final = re.compile(r"(\d{1,6})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def span_of(option: str, text: str) -> timedelta:
    """`90s`, `15m`, `6h` or `7d`, or exit code 2."""
    match = _SPAN.fullmatch(text)
    if match is None:
        fail(f"{option}: {text!r} is no span of time: give a number and s, m, h or d, such as 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
