"""Libraries that our dependencies import wherever they find them, and that no process of ours needs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*libraries: str) -> Iterator[None]:
    """In this block they are as if they were not installed; those that are imported already stay as they are.

    A process that starts with each new pod, and whose memory is limited, should not read what it never calls.
    """
    hidden = [library for library in libraries if library not in sys.modules]
    # Python's own mark for a module that is known not to be there (docs.python.org/3/reference/import.html).
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for library in hidden:
            del sys.modules[library]
