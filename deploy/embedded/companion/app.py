"""Composition root of the companion."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis.http.answering import answer_with_problems
from chassis.http.compression import Compression
from chassis.http.guards import SecurityHeaders
from chassis.pages import add_static
from deploy.embedded.companion.clock import DemoClockFile, clock_routes
from deploy.embedded.companion.home import PAGES, home_routes
from deploy.embedded.companion.inbox import inbox_routes
from deploy.embedded.companion.mail import MailBox, mail_routes, receive_mail
from deploy.embedded.companion.operation import operation_routes
from deploy.embedded.companion.phones import PhoneBox, phone_routes
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.demo_users import demo_users


def create_app(settings: CompanionSettings) -> FastAPI:
    places = settings.places
    mail_box, phone_box = MailBox(places.mail), PhoneBox(places.phones)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with receive_mail(mail_box, settings.http_host, settings.smtp_port):
            yield

    app = FastAPI(title="Puskesos demonstration companion", version="1", lifespan=lifespan)
    app.include_router(home_routes(places, demo_users()))
    app.include_router(clock_routes(DemoClockFile(places.demo_clock)))
    app.include_router(mail_routes(mail_box))
    app.include_router(phone_routes(phone_box))
    app.include_router(inbox_routes(mail_box, phone_box))
    add_static(app)
    app.include_router(operation_routes(places))
    app.state.pages = PAGES
    answer_with_problems(app, {})
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Compression)
    return app
