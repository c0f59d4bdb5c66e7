"""The operator's page of the whole system: what each service says of itself, and whether its servers answer."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from aiokafka.errors import KafkaError
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from chassis.bus.topics import existing_topics
from chassis.bus.within import within
from chassis.operation.sentences import STATES
from chassis.operation.situation import OperationReport, State
from chassis.pages import Language, language_of
from deploy.embedded.companion.home import PAGES
from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import Places
from deploy.embedded.services import SERVICES

PATIENCE_SECONDS = 3.0
_WORST_FIRST = (State.STUCK, State.ATTENTION, State.OK)


@dataclass(frozen=True)
class ServiceSeen:
    """`report` None: it does not answer."""

    name: str
    page: str
    report: OperationReport | None

    @property
    def state(self) -> State:
        return self.report.state if self.report else State.STUCK


@dataclass(frozen=True)
class ServerSeen:
    """A server of the stack; `answers`: it does so to a question that only it can answer, not only to a connection."""

    name: str
    address: str
    answers: bool

    @property
    def state(self) -> State:
        return State.OK if self.answers else State.STUCK


async def see_service(client: httpx.AsyncClient, name: str, url: str, language: Language) -> ServiceSeen:
    try:
        answer = await client.get(f"{url}/operation.json", params={"lang": language.value})
        report = OperationReport.model_validate_json(answer.raise_for_status().content)
    except (httpx.HTTPError, ValidationError):
        report = None
    return ServiceSeen(name, f"{url}/operation", report)


async def see_server(name: str, address: str, question: Coroutine[Any, Any, object]) -> ServerSeen:
    try:
        await within(PATIENCE_SECONDS, question)
    except (KafkaError, PyMongoError, httpx.HTTPError, OSError, TimeoutError):
        return ServerSeen(name, address, answers=False)
    return ServerSeen(name, address, answers=True)


def servers_of(endpoints: Endpoints, client: httpx.AsyncClient) -> Iterator[Coroutine[Any, Any, ServerSeen]]:
    """Looks at each server the services stand on."""
    kafka, zipkin = endpoints.kafka.bootstrap_servers, endpoints.pages.traces
    yield see_server("Kafka", kafka, existing_topics(kafka))
    services: dict[str, list[str]] = {}
    uris: dict[str, str] = {}
    for service, uri in endpoints.mongodb.items():
        address = urlsplit(uri).netloc.rpartition("@")[2]
        services.setdefault(address, []).append(service)
        uris[address] = uri
    for address, names in services.items():
        yield see_server(f"MongoDB: {', '.join(names)}", address, asyncio.to_thread(_ping, uris[address]))
    yield see_server("Zipkin", urlsplit(zipkin).netloc, client.get(urljoin(zipkin, "/health")))
    discovery = f"{endpoints.issuer}/.well-known/openid-configuration"
    yield see_server("Keycloak", urlsplit(discovery).netloc, client.get(discovery))


def _ping(uri: str) -> None:
    milliseconds = int(PATIENCE_SECONDS * 1000)
    with MongoClient[Any](uri, timeoutMS=milliseconds, serverSelectionTimeoutMS=milliseconds) as client:
        client.admin.command("ping")


def operation_routes(places: Places) -> APIRouter:
    routes = APIRouter(tags=["operation"])

    @routes.get("/operation", response_class=HTMLResponse)
    async def overview(request: Request) -> HTMLResponse:
        language = language_of(request)
        endpoints = read_endpoints(places.endpoints)
        apis = endpoints.apis if endpoints else {}
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
            services, servers = await asyncio.gather(
                asyncio.gather(
                    *(see_service(client, kind.name, apis.get(kind.name, ""), language) for kind in SERVICES)
                ),
                asyncio.gather(*(servers_of(endpoints, client) if endpoints else ())),
            )
        starting = endpoints is None or not endpoints.ready
        # Whoever opens the page during the first minute would take what is not there yet for broken.
        states = {State.ATTENTION} if starting else {seen.state for seen in (*services, *servers)}
        return PAGES.show(
            request,
            "overview.html",
            states=STATES,
            starting=starting,
            services=services,
            servers=servers,
            state=next(state for state in _WORST_FIRST if state in states),
        )

    return routes
