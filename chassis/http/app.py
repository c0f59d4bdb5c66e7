"""The app factory: one FastAPI application around one runtime."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from chassis.http.guards import BodyLimit, SecurityHeaders
from chassis.http.health import health_router
from chassis.http.problems import (
    PROBLEMS,
    RETRY_AFTER_SECONDS,
    Problem,
    answer_with_problems,
    problem_response,
)
from chassis.service import Runtime

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(runtime: Runtime[Any]) -> FastAPI:
    """The HTTP face of a service; its lifespan is the runtime's."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with runtime.running():
            yield

    app = FastAPI(
        title=f"Puskesos {runtime.definition.name}",
        summary=runtime.definition.summary,
        version="1",
        lifespan=lifespan,
        responses=PROBLEMS,
    )
    app.state.verifier = runtime.verifier
    app.state.runtime = runtime
    app.include_router(health_router(runtime))
    for router in runtime.service.routers:
        app.include_router(router)
    answer_with_problems(app, runtime.service.problems)

    @app.middleware("http")
    async def refuse_when_full(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        # Kafka may be away for long; what cannot be told must not be accepted without end.
        if request.method not in SAFE_METHODS and runtime.relay.depth_rows > runtime.settings.outbox_limit_rows:
            full = Problem(
                503,
                "outbox-full",
                "Too much is waiting to be sent on; nothing was saved. Keep your input and try again later.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
            return problem_response(full)
        return await proceed(request)

    app.add_middleware(BodyLimit, limit_bytes=runtime.settings.request_body_limit_bytes)
    app.add_middleware(SecurityHeaders)
    FastAPIInstrumentor.instrument_app(
        app,
        tracer_provider=runtime.telemetry.tracer_provider,
        meter_provider=runtime.telemetry.meter_provider,
        excluded_urls="/health/.*,/metrics",
        exclude_spans=["receive", "send"],
    )
    return app
