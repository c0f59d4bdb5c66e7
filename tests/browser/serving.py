"""An application at an address a browser can reach, in the test's own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from deploy.embedded.ports import LOOPBACK
from tests.browser.page_routes import APPS
from tests.harness.waiting import eventually


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Ctrl-C is for the test run, which ends this server in turn.
        yield


def reserved(port: int = 0) -> socket.socket:
    """A port of this machine, this one or any, ours from now on."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    return listener


def address_of(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


@asynccontextmanager
async def serving(app: FastAPI, listener: socket.socket | None = None, *, name: str = "") -> AsyncIterator[str]:
    """The address under which `app` answers until the end of the block. `name`: whose pages are looked at there."""
    listener = listener or reserved()
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))

    async def started() -> bool:
        return server.started or running.done()

    await eventually(started, bool)
    address = address_of(listener)
    APPS[address] = name, app
    try:
        yield address
    finally:
        del APPS[address]
        server.should_exit = True
        server.force_exit = True  # a browser keeps its connections open
        await running
        listener.close()
