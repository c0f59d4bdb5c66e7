"""Zipkin: shows the traces of the embedded stack; keeps them in memory."""

from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from deploy.embedded.java import JAVA, QUICK_START_FLAGS
from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK


@dataclass(frozen=True)
class Zipkin:
    jar: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def spans_url(self) -> str:
        return f"{self.url}/api/v2/spans"

    def part(self) -> Part:
        return Part(
            name="zipkin",
            what="traces",
            # Without the armeria settings it listens on every interface.
            command=(
                *(str(JAVA), "-Xms32m", "-Xmx128m", *QUICK_START_FLAGS, "-jar", str(self.jar)),
                f"--armeria.ports[0].ip={LOOPBACK}",
                f"--armeria.ports[0].port={self.port}",
                "--armeria.ports[0].protocols[0]=http",
            ),
            ready=lambda _log: answers_ok(f"{self.url}/health"),
        )


def answers_ok(url: str) -> bool:
    """True when the address answers 200 within a second; no proxy stands before the loopback.

    Asked ten times a second of each part that starts: a client of httpx costs more than all the rest of the start.
    """
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=1)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
