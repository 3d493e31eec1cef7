"""Puts the bridge on a port, with limits on how long anybody may keep it waiting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
from starlette.types import ASGIApp

from sidecar.bridge.deadline import with_head_deadline
from sidecar.bridge.one_write import with_one_write
from sidecar.observability.health import serve
from sidecar.start_up import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOptions:
    """How the server behaves.

    Attributes:
        host: the address to listen on.
        port: 0 takes any that is free.
        head_timeout: how long a request's head may take to come in; what is slower is cut off. How long its body may
            take is the application's (`BridgeOptions.read_timeout`).
        idle_timeout: how long a connection without a request stays open, in whole seconds. It should be longer than
            that of the proxy in front, so that the proxy never sends into a connection that is just being closed.
        grace: how long requests in hand may take to end when the process is told to stop, in whole seconds.
        backlog: connections that the kernel holds until they are taken.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    head_timeout: timedelta = timedelta(seconds=5)
    idle_timeout: timedelta = timedelta(seconds=75)
    grace: timedelta = timedelta(seconds=20)
    backlog: int = 2048


@asynccontextmanager
async def serve_bridge(app: ASGIApp, options: ServingOptions) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port. At its end no new request is taken, and those in hand are answered.

    Signals are the caller's, and so is the event loop.
    """
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        http=with_one_write(with_head_deadline(options.head_timeout)),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=options.backlog,
        timeout_keep_alive=int(options.idle_timeout.total_seconds()),
        timeout_graceful_shutdown=int(options.grace.total_seconds()),
    )
    async with serve(config) as port:
        with kept():
            yield port
