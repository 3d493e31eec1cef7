"""What a log may never say."""

import asyncio
import sys

PROGRAM = """
import logging
import structlog
from sidecar.observability.logs import configure_logs

configure_logs()

def handle(email):
    raise LookupError("a bug")

try:
    handle("grace@example.com")
except LookupError as error:
    structlog.get_logger("ours").exception("ours", order="shop/42")
    logging.getLogger("theirs").error("theirs", exc_info=error)
"""


async def test_an_error_is_told_with_its_place_and_without_what_was_in_hand() -> None:
    # A process of its own: logging is set up once for a process.
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    lines = said.decode().splitlines()
    assert process.returncode == 0
    assert [line for line in lines if "a bug" in line and '"name":"handle"' in line] == lines
    assert len(lines) == 2
    assert "grace@" not in said.decode()
