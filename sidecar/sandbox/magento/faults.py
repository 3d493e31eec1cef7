"""Makes the stand-in fail as the real one does, when a test asks for it."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from schemas.contract import Frozen
from sidecar.sandbox.magento.errors import UNAUTHORIZED

INTERNAL = "Internal Error. Details are available in Magento log file. Report ID: webapi-0"
MAINTENANCE = "Service Temporarily Unavailable"
TOO_MANY = "Too Many Requests"


class Fault(Frozen):
    """What goes wrong, for the next `times` requests whose `METHOD path` contains `match`.

    Attributes:
        kind: `before` fails without doing it, `after` fails although it was done, `cut` does it and breaks off in the
            middle of the answer, `slow` does it, waits `seconds` and answers.
        status: what `before` and `after` answer; with `seconds`, only after that time.
        retry_after: seconds, for the header of that name.
    """

    match: str = ""
    kind: Literal["before", "after", "cut", "slow"] = "before"
    status: Annotated[int, Field(ge=300, le=599)] = 500
    seconds: Annotated[float, Field(ge=0)] = 0.0
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


class CutResponse(Response):
    """An answer whose second half never comes: the connection is closed in the middle of it."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})


async def spoil(fault: Fault, answer: Response) -> Response:
    """What comes of a good answer that meets a fault."""
    await asyncio.sleep(fault.seconds)
    if fault.kind == "slow":
        return answer
    if fault.kind == "cut":
        return CutResponse(answer.body, media_type="application/json")
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    if fault.status == 401:  # noqa: PLR2004  # HTTP's own numbers read best as they are
        body: dict[str, object] = {"message": UNAUTHORIZED, "parameters": {"resources": "self"}}
    else:
        body = {"message": {429: TOO_MANY, 503: MAINTENANCE}.get(fault.status, INTERNAL)}
    return JSONResponse(body, fault.status, headers=headers)
