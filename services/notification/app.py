"""The composition root of notification: hears what citizens should know, asks intake for the contact, sends."""

from datetime import timedelta

from opentelemetry.trace import Tracer

from chassis.identity import ServiceTokens
from chassis.regions import KemendagriRegions
from chassis.service import Platform, Service, ServiceDefinition
from chassis.workers import Worker
from contracts.vocabulary import MessageChannel
from services.notification.api import delivery_routes
from services.notification.carrying import Carrying
from services.notification.channels import Channel
from services.notification.channels.mail import Mail
from services.notification.channels.reports import Reports
from services.notification.channels.sms import Sms
from services.notification.channels.sms_reports import SmsReports
from services.notification.channels.whatsapp import WhatsApp
from services.notification.channels.whatsapp_reports import WhatsAppReports
from services.notification.contacts import Contacts
from services.notification.handlers import SEND_MESSAGE, build_handlers
from services.notification.letters import Letters
from services.notification.pages import PAGES
from services.notification.pages.log import log_routes
from services.notification.pages.texts import text_routes
from services.notification.reference import load_quiet_hours
from services.notification.reports import HEAR_REPORT, Hearing, report_routes
from services.notification.sending import Sending
from services.notification.settings import NotificationSettings
from services.notification.short_texts import ShortTexts
from services.notification.store import CASES


def wire(platform: Platform[NotificationSettings]) -> Service:
    settings, tracer = platform.settings, platform.telemetry.tracer
    tokens = ServiceTokens(settings.token_url, settings.client_id, settings.client_secret)
    contacts = Contacts(settings.intake_url, tokens, tracer)
    channels = _channels(settings, tracer)
    quiet = load_quiet_hours(settings.quiet_hours_file)
    carrying = Carrying(platform.store, contacts, channels, quiet, timedelta(minutes=settings.failover_minutes))
    sending, hearing = Sending(platform.store, carrying.tell), Hearing(platform.store)
    return Service(
        routers=(
            delivery_routes(platform.store),
            log_routes(platform.store, KemendagriRegions.loaded()),
            text_routes([channel.kind for channel in channels], quiet),
            report_routes(platform.store, _reports(settings), settings.reported_to or ""),
        ),
        pages=PAGES,
        handlers=build_handlers(timedelta(seconds=settings.settle_seconds)),
        workers=(_worker(SEND_MESSAGE, sending, settings), _worker(HEAR_REPORT, hearing, settings)),
        closing=(contacts.close, *(channel.close for channel in channels)),
    )


def _worker(kind: str, work: Sending | Hearing, settings: NotificationSettings) -> Worker:
    """Patient with providers: they are away for hours."""
    return Worker(
        kind,
        work.perform,
        give_up=work.give_up,
        attempts_limit=settings.send_attempts_limit,
        backoff_first_seconds=settings.send_backoff_first_seconds,
        backoff_limit_seconds=settings.send_backoff_limit_seconds,
    )


def _channels(settings: NotificationSettings, tracer: Tracer) -> list[Channel]:
    """What this installation can send by."""
    channels: list[Channel] = [Mail(settings, Letters.load(), tracer)]
    if settings.sms is not None:
        channels.append(Sms(settings.sms, ShortTexts.load(MessageChannel.SMS), tracer))
    if settings.whatsapp is not None:
        channels.append(WhatsApp(settings.whatsapp, ShortTexts.load(MessageChannel.WHATSAPP), tracer))
    return channels


def _reports(settings: NotificationSettings) -> list[Reports]:
    """Which providers are listened to."""
    reports: list[Reports] = []
    if settings.sms is not None and settings.reported_to is not None:
        reports.append(SmsReports(settings.sms.token))
    if settings.whatsapp is not None and settings.whatsapp_app_secret and settings.whatsapp_verify_token:
        whatsapp, secret, agreed = settings.whatsapp, settings.whatsapp_app_secret, settings.whatsapp_verify_token
        reports.append(WhatsAppReports(whatsapp.sender_id, secret, agreed))
    return reports


DEFINITION: ServiceDefinition[NotificationSettings] = ServiceDefinition(
    name="notification",
    summary="Tells citizens what becomes of their case, and records what became of telling them.",
    settings=NotificationSettings,
    collections=(CASES,),
    wire=wire,
)
