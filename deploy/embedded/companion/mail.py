"""A post office that delivers to nobody: every mail of the demonstration is kept in a folder, to be read."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict

from deploy.embedded.atomic import write_atomically

MAIL_LIMIT_BYTES = 1024 * 1024


class Mail(BaseModel):
    """One mail as its reader would see it. `recipients` are those of the envelope.

    The same `message_id` twice is one message, sent again because the sender was cut off before it knew.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    message_id: str
    received_at: AwareDatetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


class MailBox:
    """Mails as files, oldest first by name: nanoseconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sender: str, recipients: list[str], content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("plain", "html"))
        received_ns = time.time_ns()
        mail = Mail(
            id=f"{received_ns:020d}",
            message_id=str(message["message-id"] or ""),
            received_at=datetime.fromtimestamp(received_ns / 1e9, UTC),
            sender=sender,
            recipients=tuple(recipients),
            subject=str(message["subject"] or ""),
            text=body.get_content() if body else "",
        )
        write_atomically(self._folder / f"{mail.id}.json", mail.model_dump_json().encode())

    def mails(self, to: str | None = None) -> list[Mail]:
        """All mails, or those to one address (in any case of letters)."""
        kept = [Mail.model_validate_json(file.read_bytes()) for file in sorted(self._folder.glob("*.json"))]
        if to is None:
            return kept
        return [mail for mail in kept if to.lower() in {address.lower() for address in mail.recipients}]


class _Handler:
    """What aiosmtpd calls. The mail is on disk before the sender hears 250."""

    def __init__(self, box: MailBox) -> None:
        self._box = box

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        await asyncio.to_thread(self._box.keep, envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        return "250 Kept"


@asynccontextmanager
async def receive_mail(box: MailBox, host: str, port: int) -> AsyncIterator[None]:
    handler = _Handler(box)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, data_size_limit=MAIL_LIMIT_BYTES, enable_SMTPUTF8=True, hostname=host),
        host,
        port,
    )
    try:
        yield
    finally:
        server.close()


def mail_routes(box: MailBox) -> APIRouter:
    routes = APIRouter(tags=["mail"])

    @routes.get("/mail")
    def read_mail(to: str | None = None) -> list[Mail]:
        return box.mails(to)

    return routes
