"""An OpenID issuer of the rig's own: discovery, keys, and tokens for services by client secret, over plain HTTP.

It stands behind a proxy: cutting or slowing that makes the issuer dead or slow. People's tokens are signed in process.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

from joserfc.jwk import KeySet

from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.harness.tokens import Issuer

CLIENT_ID = "notification"
CLIENT_SECRET = "the-rig-knows-it"
CLIENT_ROLES = ("service", "contact:read")
TOKEN_SECONDS = 3600
REQUEST_LIMIT_BYTES = 16 * 1024


class IdentityProvider:
    """Signs for everybody; `line` is the way to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.issuer = Issuer.make(folder)
        self._server: asyncio.Server | None = None
        self.line = Proxy(LOOPBACK, 0)

    @property
    def url(self) -> str:
        return f"http://{self.line.address}"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, LOOPBACK, 0)
        self.line.target = (LOOPBACK, self._server.sockets[0].getsockname()[1])
        await self.line.start()

    async def stop(self) -> None:
        await self.line.stop()
        if self._server is not None:
            self._server.close()

    def bearer(
        self, *roles: str, area: str | None = None, agency: str | None = None, subject: str = "someone"
    ) -> Mapping[str, str]:
        """The Authorization header of someone with these roles."""
        token = self.issuer.token(*roles, area=area, agency=agency, subject=subject, issuer=self.url)
        return {"Authorization": f"Bearer {token}"}

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (
                    int(line.partition(":")[2])
                    for line in head.lower().splitlines()
                    if line.startswith("content-length:")
                ),
                0,
            )
            body = await reader.readexactly(min(length, REQUEST_LIMIT_BYTES))
            status, said = self._route(head.split()[1], body)
            content = json.dumps(said).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            writer.close()

    def _route(self, path: str, body: bytes) -> tuple[str, object]:
        match path:
            case "/.well-known/openid-configuration":
                return "200 OK", {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", "token_endpoint": self.token_url}
            case "/jwks":
                return "200 OK", KeySet([self.issuer.key]).as_dict(private=False)
            case "/token":
                form = parse_qs(body.decode())
                if form.get("client_id") != [CLIENT_ID] or form.get("client_secret") != [CLIENT_SECRET]:
                    return "401 Unauthorized", {"error": "invalid_client"}
                token = self.issuer.token(*CLIENT_ROLES, area="", subject=CLIENT_ID, issuer=self.url)
                return "200 OK", {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return "404 Not Found", {}
