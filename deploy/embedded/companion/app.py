"""Composition root of the companion."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from deploy.embedded.companion.clock import DemoClockFile, clock_routes
from deploy.embedded.companion.home import home_routes
from deploy.embedded.companion.mail import MailBox, mail_routes, receive_mail
from deploy.embedded.companion.operation import operation_routes
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.demo_users import demo_users


def create_app(settings: CompanionSettings) -> FastAPI:
    places = settings.places
    mail_box = MailBox(places.mail)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with receive_mail(mail_box, settings.http_host, settings.smtp_port):
            yield

    app = FastAPI(title="Puskesos demonstration companion", version="1", lifespan=lifespan)
    app.include_router(home_routes(places, demo_users()))
    app.include_router(clock_routes(DemoClockFile(places.demo_clock)))
    app.include_router(mail_routes(mail_box))
    app.include_router(operation_routes(places))
    return app
