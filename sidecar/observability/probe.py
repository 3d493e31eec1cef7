"""Asks a process of this machine or container how it is, as Docker's health check does."""

import http.client
import json
from dataclasses import dataclass
from typing import Literal

Page = Literal["/healthz", "/readyz"]

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nothing is bound here
"""Who listens everywhere is asked over loopback."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        reached: whether anybody answered at all.
        well: whether the answer was 200.
        detail: for people; names what is missing when it is not ready.
    """

    reached: bool
    well: bool
    detail: str


def probe(host: str, port: int, page: Page, patience: float = 4.0) -> Answer:
    """Ask once. A process that does not answer within `patience` seconds is not well."""
    address = ANYWHERE.get(host, host)
    connection = http.client.HTTPConnection(address, port, timeout=patience)
    try:
        connection.request("GET", page)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        return Answer(reached=False, well=False, detail=f"{address}:{port}: {type(error).__name__}")
    finally:
        connection.close()
    well = response.status == http.HTTPStatus.OK
    return Answer(reached=True, well=well, detail=f"{address}:{port}: {_needs(body) or response.status}")


def _needs(body: bytes) -> str:
    """What `/readyz` says is missing."""
    try:
        needs = json.loads(body).get("needs", {})
        return ", ".join(f"{name}: no" for name, there in needs.items() if not there)
    except (ValueError, AttributeError):
        return ""
