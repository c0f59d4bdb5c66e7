"""The app factory: one FastAPI application around one runtime."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from chassis.http.guards import BodyLimit, OutboxGuard, Patience, SecurityHeaders, UntilOpen
from chassis.http.health import health_router
from chassis.http.problems import (
    PROBLEMS,
    answer_with_problems,
)
from chassis.operation.routes import operation_router
from chassis.service import Runtime
from chassis.signin.access import send_to_sign_in


def create_app(runtime: Runtime[Any]) -> FastAPI:
    """The HTTP face of a service; its lifespan is the runtime's."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with runtime.standing_by():
            yield

    # Its documentation comes with its own script and style: villages and closed networks reach no CDN.
    app: FastAPI = FastAPIOffline(
        title=f"Puskesos {runtime.definition.name}",
        summary=runtime.definition.summary,
        version="1",
        lifespan=lifespan,
        responses=PROBLEMS,
    )
    app.state.verifier = runtime.verifier
    app.state.runtime = runtime
    app.state.sign_in = runtime.sign_in
    for router in (*runtime.service.routers, health_router(runtime), operation_router(runtime)):
        app.include_router(router)
    answer_with_problems(app, runtime.service.problems)
    send_to_sign_in(app)

    def outbox_is_full() -> bool:
        return bool(runtime.watch.outbox_rows > runtime.settings.outbox_limit_rows)

    app.add_middleware(Patience)
    app.add_middleware(OutboxGuard, is_full=outbox_is_full)
    app.add_middleware(UntilOpen, is_open=lambda: runtime.opened)
    app.add_middleware(BodyLimit, limit_bytes=runtime.settings.request_body_limit_bytes)
    app.add_middleware(SecurityHeaders)
    FastAPIInstrumentor.instrument_app(
        app,
        tracer_provider=runtime.telemetry.tracer_provider,
        meter_provider=runtime.telemetry.meter_provider,
        excluded_urls="/health/.*,/metrics,/operation.*",
        exclude_spans=["receive", "send"],
    )
    return app
