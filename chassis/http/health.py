"""Liveness, readiness and metrics."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from chassis.http.problems import not_ready

if TYPE_CHECKING:
    from chassis.service import Runtime


class Health(BaseModel):
    """How a service is. `consumer` "stopped": too many dead letters in a row, an operator is needed."""

    status: str
    consumer: str = "running"


def health_router(runtime: "Runtime[Any]") -> APIRouter:
    """Routes for those who run the service. Readiness does not depend on Kafka: deeds are stored while it is away."""
    router = APIRouter(tags=["operation"])

    @router.get("/health/live")
    async def live() -> Health:
        return Health(status="live")

    @router.get("/health/ready")
    async def ready() -> Health:
        if not runtime.started or not await runtime.store.ping():
            raise not_ready()
        return Health(status="ready", consumer="stopped" if runtime.stopped_by_poison else "running")

    @router.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        return Response(generate_latest(runtime.telemetry.registry), media_type=CONTENT_TYPE_LATEST)

    return router
