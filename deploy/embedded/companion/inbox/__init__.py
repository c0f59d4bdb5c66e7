"""/inbox: what would reach each person of the demonstration, by every channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response

from chassis.pages import NavItem, Pages
from chassis.pages import lazy as _
from contracts.vocabulary import MessageChannel
from deploy.embedded.companion.mail import MailBox
from deploy.embedded.companion.phones import PhoneBox

NAVIGATION = (NavItem(_("Home"), "/"), NavItem(_("Inbox"), "/inbox"), NavItem(_("Operation"), "/operation"))
PAGES = Pages("companion", Path(__file__).parent, NAVIGATION)
CHANNELS = {
    MessageChannel.EMAIL: _("E-mail"),
    MessageChannel.SMS: _("SMS"),
    MessageChannel.WHATSAPP: _("WhatsApp"),
}


@dataclass(frozen=True)
class Received:
    """One message as its reader sees it. `times`: how often it came; more than once when its sender was cut off."""

    channel: MessageChannel
    reference: str
    recipient: str
    received_at: datetime
    text: str
    subject: str = ""
    times: int = 1


@dataclass(frozen=True)
class Inbox:
    """What one address or number received, the latest first."""

    recipient: str
    messages: tuple[Received, ...]


def inboxes(mail: MailBox, phones: PhoneBox, to: str | None = None) -> list[Inbox]:
    """Everybody's, or one recipient's; who received something last stands first."""
    came: dict[tuple[str, MessageChannel, str], list[Received]] = {}
    for received in sorted(_received(mail, phones), key=lambda one: one.received_at):
        came.setdefault((received.recipient, received.channel, received.reference), []).append(received)
    people: dict[str, list[Received]] = {}
    for (recipient, *_key), each in came.items():
        first = each[0]
        once = Received(
            first.channel, first.reference, recipient, first.received_at, first.text, first.subject, len(each)
        )
        people.setdefault(recipient, []).append(once)
    found = [Inbox(recipient, tuple(reversed(messages))) for recipient, messages in people.items()]
    return sorted(
        (inbox for inbox in found if to in (None, inbox.recipient)),
        key=lambda inbox: inbox.messages[0].received_at,
        reverse=True,
    )


def _received(mail: MailBox, phones: PhoneBox) -> Iterable[Received]:
    for letter in mail.mails():
        for recipient in letter.recipients:
            yield Received(
                MessageChannel.EMAIL,
                letter.message_id,
                recipient.lower(),
                letter.received_at,
                letter.text,
                letter.subject,
            )
    for message in phones.messages():
        yield Received(
            message.channel,
            # Without a reference nothing tells a repetition from a second message.
            message.reference or message.id,
            message.recipient,
            message.received_at,
            message.text,
        )


def inbox_routes(mail: MailBox, phones: PhoneBox) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/inbox")
    def inbox(request: Request, to: str | None = None) -> Response:
        found = inboxes(mail, phones, to.strip() if to else None)
        return PAGES.show(request, "inbox.html", inboxes=found, to=to, channels=CHANNELS)

    return routes
