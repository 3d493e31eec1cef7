"""`/healthz`, `/readyz` and `/metrics`, for Kubernetes and Prometheus."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from typing_extensions import override

Readiness = Callable[[], Mapping[str, bool]]
"""What has to hold before the process takes work, by name."""


Notes = Callable[[], Mapping[str, object]]
"""What else a person who looks at readiness wants to know."""


def health_app(registry: CollectorRegistry, readiness: Readiness, notes: Notes = dict) -> Starlette:
    """The three pages. Alive is who answers; ready is who has everything it needs; `notes` change nothing of that."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        needs = dict(readiness())
        ready = all(needs.values())
        status = {"status": "ok" if ready else "not ready", "needs": needs}
        return JSONResponse(status | dict(notes()), 200 if ready else 503)

    async def metrics(request: Request) -> Response:
        # In OpenMetrics, with its exemplars, for those who ask for it, as Prometheus does.
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"content-type": content_type})

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])


@asynccontextmanager
async def serve_health(app: ASGIApp, host: str, port: int) -> AsyncIterator[int]:
    """Serve the pages while the block runs; gives the port, which is a free one for 0."""
    async with serve(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False)) as bound:
        yield bound


@asynccontextmanager
async def serve(config: uvicorn.Config) -> AsyncIterator[int]:
    """Serve what is configured while the block runs; gives the port. At its end, what is in hand is answered first."""
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
    if not listening.done():
        listening.cancel()
        await serving
    try:
        bound: int = server.servers[0].sockets[0].getsockname()[1]
        yield bound
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the process, and tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()
