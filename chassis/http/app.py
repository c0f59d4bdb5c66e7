"""The app factory: one FastAPI application around one runtime."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from chassis.dead_letters.pages import dead_letter_router
from chassis.http.answering import answer_with_problems
from chassis.http.compression import Compression
from chassis.http.guards import BodyLimit, OutboxGuard, Patience, SecurityHeaders, UntilOpen
from chassis.http.health import health_router
from chassis.http.problems import PROBLEMS
from chassis.operation.routes import operation_router
from chassis.pages import Pages, add_static
from chassis.service import Runtime
from chassis.signin.routes import add_sign_in
from chassis.telemetry.redaction import redacted_addresses


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


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
    app.state.pages = runtime.service.pages or Pages(runtime.definition.name, None)
    app.state.public_url = runtime.settings.public_url
    app.state.form_targets = (origin_of(runtime.settings.oidc_issuer),)
    operators = (health_router(runtime), operation_router(runtime), dead_letter_router(runtime))
    for router in (*runtime.service.routers, *operators):
        app.include_router(router)
    add_static(app)
    answer_with_problems(app, runtime.service.problems)
    add_sign_in(app, runtime.sign_in, app.state.pages)

    def outbox_is_full() -> bool:
        return bool(runtime.watch.outbox_rows > runtime.settings.outbox_limit_rows)

    app.add_middleware(Patience)
    app.add_middleware(OutboxGuard, is_full=outbox_is_full)
    app.add_middleware(UntilOpen, is_open=lambda: runtime.opened)
    app.add_middleware(BodyLimit, limit_bytes=runtime.settings.request_body_limit_bytes)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Compression)
    FastAPIInstrumentor.instrument_app(
        app,
        tracer_provider=runtime.telemetry.tracer_provider,
        meter_provider=runtime.telemetry.meter_provider,
        excluded_urls="/health/.*,/metrics,/operation.*,/sign-in.*,/sign-out.*",
        exclude_spans=["receive", "send"],
        server_request_hook=redacted_addresses(runtime.service.secrets_behind),
    )
    return app
