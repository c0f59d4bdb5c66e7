"""A mail server that keeps nothing but how often each Message-ID came; it may refuse, and its line may be cut."""

import asyncio
from collections import Counter
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.rig.proxy import LOOPBACK, Proxy

TAKEN = "250 Kept"
NOT_NOW = "451 Not now"


class MailSink:
    """`letters` counts by Message-ID: a crash before the record repeats a letter under its id, never under another."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()
        self.refusing = False
        self.line = Proxy(LOOPBACK, 0)
        self._server: asyncio.Server | None = None

    @property
    def repeated(self) -> int:
        """How many letters came more often than once."""
        return sum(times > 1 for times in self.letters.values())

    async def start(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, hostname=LOOPBACK), LOOPBACK, 0
        )
        self.line.target = (LOOPBACK, self._server.sockets[0].getsockname()[1])
        await self.line.start()

    async def stop(self) -> None:
        await self.line.stop()
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """What aiosmtpd calls with each letter."""
        if self.refusing:
            return NOT_NOW
        content = envelope.content or b""
        message = message_from_bytes(content if isinstance(content, bytes) else content.encode())
        self.letters[str(message["Message-ID"] or "").strip().strip("<>").partition("@")[0]] += 1
        return TAKEN
