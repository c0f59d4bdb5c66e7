"""What notification stands between, as stand-ins: intake's contact API with an issuer, and two providers."""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

from tests.harness.waiting import eventually

LOOPBACK = "127.0.0.1"

# The stand-ins run in the test's process: what they log is theirs, and must not be taken for the service's.
for _theirs in ("mail", "uvicorn"):
    logging.getLogger(_theirs).setLevel(logging.CRITICAL)

NAME, EMAIL, PHONE = "Ibu Rekaan Penanda", "penanda.rahasia@rekaan.example", "+6281200000000"
"""A marked person: found anywhere but in the letter itself, it is a leak."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Contact(BaseModel):
    """What intake answers."""

    addressee: str = NAME
    email: str | None = EMAIL
    phone: str | None = PHONE
    channel: str = "email"
    channels: tuple[str, ...] | None = None
    language: str = "id"
    case_number: str = "3203022002-26-000147-8"


@dataclass(frozen=True)
class Asked:
    """One request for a contact."""

    case: str
    body: bytes
    headers: dict[str, str]


def problem(status: int, code: str) -> Response:
    """A refusal as intake words it."""
    body = f'{{"type":"urn:puskesos:problem:{code}","title":"-","status":{status},"detail":"-"}}'
    return Response(body, status, media_type="application/problem+json")


@dataclass
class Intake:
    """Intake's contact API. `first` are the answers before it gives `contact`."""

    port: int = field(default_factory=free_port)
    contact: Contact = field(default_factory=Contact)
    first: deque[Response] = field(default_factory=deque)
    always: Response | None = None
    hold: asyncio.Event | None = None
    """Answers only when set, although it was asked."""
    asked: list[Asked] = field(default_factory=list)
    tokens: int = 0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        app = FastAPI()

        @app.post("/token")
        async def token(request: Request) -> dict[str, object]:
            form = await request.form()
            assert (form["grant_type"], form["client_id"]) == ("client_credentials", "notification")
            self.tokens += 1
            return {"access_token": f"token-{self.tokens}", "expires_in": 3600}

        @app.post("/v1/complaints/{case}/contact")
        async def contact(case: str, request: Request) -> Response:
            self.asked.append(Asked(case, await request.body(), dict(request.headers)))
            if self.hold is not None:
                await self.hold.wait()
            if self.first:
                return self.first.popleft()
            return self.always or Response(self.contact.model_dump_json(), media_type="application/json")

        async with _serving(app, self.port):
            yield


@asynccontextmanager
async def _serving(app: FastAPI, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, LOOPBACK, port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        await eventually(lambda: _is(server.started))
        yield
    finally:
        server.should_exit = True
        await serving


async def _is(value: bool) -> bool:
    return value


@dataclass
class SmsProvider:
    """Takes every message, and keeps what it was asked."""

    port: int = field(default_factory=free_port)
    taken: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        app = FastAPI()

        @app.post("/2010-04-01/Accounts/{account}/Messages.json", status_code=201)
        async def take(account: str, request: Request) -> dict[str, str]:
            self.taken.append({name: str(value) for name, value in (await request.form()).items()})
            return {"account_sid": account, "status": "queued"}

        async with _serving(app, self.port):
            yield


@dataclass
class MailServer:
    """Keeps what it takes. The refusals are answers before it takes a letter, one a try."""

    port: int = field(default_factory=free_port)
    refuse_sender: deque[str] = field(default_factory=deque)
    refuse_recipient: deque[str] = field(default_factory=deque)
    refuse_data: deque[str] = field(default_factory=deque)
    hold: asyncio.Event | None = None
    """Answers only when set, although it has the letter."""
    letters: list[EmailMessage] = field(default_factory=list)
    tries: int = 0

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tries += 1
        if self.refuse_sender:
            return self.refuse_sender.popleft()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse_recipient:
            return self.refuse_recipient.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_data:
            return self.refuse_data.popleft()
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        if self.hold is not None:
            await self.hold.wait()
        return "250 Kept"

    @asynccontextmanager
    async def taking_letters(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, hostname="mail"), LOOPBACK, self.port
        )
        try:
            yield
        finally:
            server.close()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
