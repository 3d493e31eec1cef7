"""Makes the stand-in fail as the real one does, when a test asks for it."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response

from schemas.contract import Frozen


class Fault(Frozen):
    """What goes wrong, for the next `times` requests whose `METHOD path` contains `match`.

    Attributes:
        kind: `before` fails without doing it, `after` fails although it was done, `slow` waits `seconds` and answers.
        status: what is answered.
    """

    match: str = ""
    kind: Literal["before", "after", "slow"] = "before"
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = None
    times: Annotated[int, Field(ge=1)] = 1


@dataclass(slots=True)
class _Armed:
    fault: Fault
    left: int


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault) -> None:
        """Add one."""
        self._armed.append(_Armed(fault, fault.times))

    def clear(self) -> None:
        """Forget all."""
        self._armed.clear()

    def next_for(self, request: str) -> Fault | None:
        """Take the fault that this request meets."""
        for armed in self._armed:
            if armed.fault.match in request:
                armed.left -= 1
                if armed.left == 0:
                    self._armed.remove(armed)
                return armed.fault
        return None


async def fail(fault: Fault) -> Response:
    """What the fault answers."""
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    message = "Internal Error. Details are available in Magento log file. Report ID: webapi-0"
    return JSONResponse({"message": message}, fault.status, headers=headers)
