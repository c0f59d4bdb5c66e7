"""The operator's page of the whole system: what each service says of itself, and whether its servers answer."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from chassis.operation.page import POLICY, Pages
from chassis.operation.situation import OperationReport, State
from chassis.operation.words import Language, words_of
from deploy.embedded.endpoints import Endpoints, read_endpoints
from deploy.embedded.places import Places
from deploy.embedded.services import SERVICES

PATIENCE_SECONDS = 2.0
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
    """A server of the stack; `answers`: it takes connections. Whether it does its work, the services say."""

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


async def see_server(name: str, address: str) -> ServerSeen:
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), PATIENCE_SECONDS)
    except (OSError, TimeoutError):
        return ServerSeen(name, address, answers=False)
    writer.close()
    return ServerSeen(name, address, answers=True)


def servers_of(endpoints: Endpoints) -> Iterator[tuple[str, str]]:
    """Name and host:port of each server the services stand on."""
    yield "Kafka", endpoints.kafka.bootstrap_servers.partition(",")[0]
    services: dict[str, list[str]] = {}
    for service, uri in endpoints.mongodb.items():
        services.setdefault(urlsplit(uri).netloc.rpartition("@")[2], []).append(service)
    yield from ((f"MongoDB: {', '.join(names)}", address) for address, names in services.items())
    yield "Zipkin", urlsplit(endpoints.pages.traces).netloc


def operation_routes(places: Places) -> APIRouter:
    routes = APIRouter(tags=["operation"])
    pages = Pages(Path(__file__).with_name("templates"))

    @routes.get("/operation", response_class=HTMLResponse)
    async def overview(
        lang: Annotated[str | None, Query()] = None,
        accepted: Annotated[str | None, Header(alias="accept-language", include_in_schema=False)] = None,
    ) -> HTMLResponse:
        language = Language.wanted(lang, accepted)
        endpoints = read_endpoints(places.endpoints)
        apis = endpoints.apis if endpoints else {}
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
            services = await asyncio.gather(
                *(see_service(client, kind.name, apis.get(kind.name, ""), language) for kind in SERVICES)
            )
        servers = await asyncio.gather(
            *(see_server(name, address) for name, address in (servers_of(endpoints) if endpoints else ()))
        )
        states = {*(seen.state for seen in services), *(seen.state for seen in servers)}
        html = pages.render(
            "overview.html",
            words_of(language),
            services=services,
            servers=servers,
            state=next(state for state in _WORST_FIRST if state in states),
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Vary": "Accept-Language"})

    return routes
