"""SIGTERM and SIGINT, as an event to wait for."""

import asyncio
import signal


def stop_on_signals() -> asyncio.Event:
    """An event that is set when the process is asked to end; a second signal ends it the hard way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        stop.set()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ask)
    return stop
