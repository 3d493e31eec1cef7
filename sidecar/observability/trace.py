"""W3C Trace Context (w3.org/TR/trace-context)."""

import re
import secrets

_FORM = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")


def trace_id_of(traceparent: str | None) -> str:
    """The trace that a message belongs to, or a new one when it names none that can be read."""
    match = _FORM.match(traceparent or "")
    return match.group(1) if match and match.group(1) != "0" * 32 else secrets.token_hex(16)


def traceparent(trace_id: str) -> str:
    """The header that continues a trace with a span of its own."""
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"
