"""Puts the stand-in on a port: for good, or for as long as a test or the demo needs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from sidecar.sandbox.stripe.app import StripeSandbox, create_app
from sidecar.sandbox.stripe.config import StripeSandboxConfig


async def serve(config: StripeSandboxConfig, *, host: str = "127.0.0.1", port: int = 12111) -> None:
    """Serve until cancelled or told to stop by a signal."""
    await uvicorn.Server(_settings(create_app(config), host, port)).serve()


@asynccontextmanager
async def listening(sandbox: StripeSandbox, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the block runs; gives the base URL. Port 0 takes any free one; signals stay with the caller."""
    with socket.create_server((host, port)) as listener:
        server = _Embedded(_settings(sandbox.app, host, port, log_level="critical"))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        ready = asyncio.create_task(server.ready.wait())
        try:
            await asyncio.wait((running, ready), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
                raise RuntimeError("the sandbox did not start")
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            ready.cancel()
            server.should_exit = True
            server.force_exit = True
            await running


def _settings(app: Starlette, host: str, port: int, *, log_level: str = "warning") -> uvicorn.Config:
    return uvicorn.Config(app, host=host, port=port, log_level=log_level, access_log=False, lifespan="on", ws="none")


class _Embedded(uvicorn.Server):
    """A server that tells when it has started and leaves signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @override
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
