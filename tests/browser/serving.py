"""An application at an address a browser can reach, in the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from deploy.embedded.ports import LOOPBACK
from tests.harness.waiting import eventually


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Ctrl-C is for the test run, which ends this server in turn.
        yield


def reserved() -> socket.socket:
    """A port of this machine, ours from now on."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, 0))
    return listener


def address_of(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket | None = None) -> AsyncIterator[str]:
    """The address under which `app` answers until the end of the block."""
    listener = listener or reserved()
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        return server.started or running.done()

    await eventually(started, bool)
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        server.force_exit = True  # a browser keeps its connections open
        await running
        listener.close()
