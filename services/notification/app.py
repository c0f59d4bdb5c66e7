"""The composition root of notification: hears what citizens should know, asks intake for the contact, sends."""

from datetime import timedelta

from chassis.identity import ServiceTokens
from chassis.service import Platform, Service, ServiceDefinition
from services.notification.api import delivery_routes
from services.notification.contacts import Contacts
from services.notification.handlers import build_handlers
from services.notification.letters import Letters
from services.notification.post import Post
from services.notification.sending import Sending
from services.notification.settings import NotificationSettings
from services.notification.store import CASES


def wire(platform: Platform[NotificationSettings]) -> Service:
    settings, tracer = platform.settings, platform.telemetry.tracer
    tokens = ServiceTokens(settings.token_url, settings.client_id, settings.client_secret)
    contacts = Contacts(settings.intake_url, tokens, tracer)
    sending = Sending(platform.store, contacts, Letters.load(), Post(settings, tracer))
    return Service(
        routers=(delivery_routes(platform.store),),
        handlers=build_handlers(timedelta(seconds=settings.settle_seconds)),
        workers=(sending.worker(settings),),
        closing=(contacts.close,),
    )


DEFINITION: ServiceDefinition[NotificationSettings] = ServiceDefinition(
    name="notification",
    summary="Tells citizens what becomes of their case, and records what became of telling them.",
    settings=NotificationSettings,
    collections=(CASES,),
    wire=wire,
)
