"""Waiting out what goes by: a walk over many customers should not end because Stripe was busy for a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from sidecar.errors import TransientError, UnauthorizedError

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 32))
"""A minute in all; who stays away longer ends the walk, which the next one goes on with."""
LONGEST = timedelta(minutes=5)
"""Of what an upstream may ask for."""


async def patiently(do: Callable[[], Awaitable[T]], sleep: Sleep = asyncio.sleep) -> T:
    """Do it, and again after a while if it may work then. It has to be something that may be repeated.

    Raises:
        TransientError: it did not work for all that; or the credentials were refused, which waiting does not mend.
    """
    for wait in WAITS:
        try:
            return await do()
        except UnauthorizedError:
            raise
        except TransientError as error:
            await sleep(min(max(wait, error.retry_after or wait), LONGEST).total_seconds())
    return await do()
