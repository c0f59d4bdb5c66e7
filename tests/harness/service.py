"""A service run inside the test's own event loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from chassis.clock import Clock
from chassis.http.app import create_app
from chassis.service import Runtime, ServiceDefinition
from chassis.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)


@dataclass(frozen=True)
class RunningService:
    """A started runtime and a client that talks to its API."""

    runtime: Runtime[Any]
    app: FastAPI
    api: httpx.AsyncClient


@asynccontextmanager
async def running_service(
    definition: ServiceDefinition[S], settings: S, *, clock: Clock | None = None
) -> AsyncIterator[RunningService]:
    """The service with its relay, workers and consumer, until the end of the block."""
    runtime = Runtime(definition, settings, clock=clock)
    app = create_app(runtime)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        runtime.running(),
        httpx.AsyncClient(transport=transport, base_url=f"http://{definition.name}.test") as api,
    ):
        yield RunningService(runtime, app, api)
