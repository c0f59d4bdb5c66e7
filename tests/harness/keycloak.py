"""A real Keycloak with the demonstration's realm, for tests of what only a real issuer shows.

The fixture `keycloak` is there for all tests; it is started when first asked for, in about twenty seconds.
Name a module that asks for it `test_..keycloak.py`: one worker takes all of those, and the tests of pages in a browser,
so that one is started in a run.
`settings_of("intake")` are the settings by which a service trusts it; `sign_in` does what a person does at its page;
`change` and `admin` change accounts.
"""

import html
import re
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import httpx
import pytest

from deploy.embedded.demo_users import demo_users
from deploy.embedded.keycloak import ADMIN, Keycloak
from deploy.embedded.places import Places
from deploy.embedded.processes import Child
from deploy.embedded.realm import AUDIENCE, REALM, subject_of
from deploy.embedded.services import SERVICES
from deploy.embedded.stack import fetch_stack_jars
from deploy.embedded.system import System, any_ports

PATIENCE_SECONDS = 60.0


class RunningKeycloak:
    """`server` knows its addresses. Each service has an address of its own at which nobody listens, unless a test
    does: its redirect, sign-out and back-channel addresses in the realm are under it."""

    def __init__(self, folder: Path) -> None:
        self._system = System(Places(folder), fetch_stack_jars(), any_ports())
        self._child = Child(self.server.part(), folder / "log")

    @property
    def server(self) -> Keycloak:
        return self._system.keycloak

    def start(self) -> None:
        """Raises StartFailed."""
        self._child.start()
        self._child.wait_until_ready()

    def stop(self) -> None:
        self._child.stop()

    @property
    def secrets(self) -> Path:
        """The folder of what was made by chance for this installation."""
        return self._system.places.secrets

    def secret_of(self, service: str, client_id: str) -> str:
        """Of one of the clients that a service has at the issuer."""
        kind = next(kind for kind in SERVICES if kind.name == service)
        return (self.secrets / service / kind.client_secrets[client_id]).read_text()

    def url_of(self, service: str) -> str:
        """The address that the realm knows the service's pages by."""
        return next(one.url for one in self._system.services() if one.kind.name == service)

    def settings_of(self, service: str) -> dict[str, str]:
        """Fields of ServiceSettings."""
        kind = next(kind for kind in SERVICES if kind.name == service)
        return {
            "oidc_issuer": self.server.issuer,
            "oidc_audience": AUDIENCE,
            "oidc_client_id": kind.pages_client,
            "oidc_client_secret": self.secret_of(service, kind.pages_client),
            "public_url": self.url_of(service),
        }

    def token(self, name: str) -> httpx.Response:
        """The answer to a tool that asks for a demo person's token."""
        form = {
            "grant_type": "password",
            "client_id": demo_users().client_id,
            "username": name,
            "password": demo_users().password,
        }
        return httpx.post(self.server.token_url, data=form, trust_env=False, timeout=PATIENCE_SECONDS)

    async def sign_in(self, address: str, name: str, password: str | None = None) -> httpx.Response:
        """Opens an authorization address and fills in the form, in a browser of its own.

        The answer: with the right password a redirect to the service's callback, else the form again.
        """
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as browser:
            page = await browser.get(address)
            form = re.search(r'<form[^>]*id="kc-form-login"[^>]*action="([^"]+)"', page.text)
            assert form is not None, f"no form to sign in with: {page.status_code} {page.text[:2000]}"
            said = {"username": name, "password": password or demo_users().password, "credentialId": ""}
            # A browser sends its Secure cookies to the loopback interface, httpx does not.
            cookie = "; ".join(f"{crumb.key}={crumb.value}" for crumb in _cookies(page))
            return await browser.post(html.unescape(form[1]), data=said, headers={"Cookie": cookie})

    def change(self, name: str, **attributes: object) -> None:
        """Changes a demo person's account: `enabled=False`, or `attributes={"area": [...]}`."""
        with self.admin() as admin:
            path = f"/users/{subject_of(name)}"
            account = admin.get(path).raise_for_status().json()
            admin.put(path, json={**account, **attributes}).raise_for_status()

    def admin(self) -> httpx.Client:
        """Keycloak's own API for the realm, as its administrator."""
        token_url = f"{self.server.url}/realms/master/protocol/openid-connect/token"
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": ADMIN,
            "password": self.server.admin_password(),
        }
        token = (
            httpx.post(token_url, data=form, trust_env=False, timeout=PATIENCE_SECONDS)
            .raise_for_status()
            .json()["access_token"]
        )
        return httpx.Client(
            base_url=f"{self.server.url}/admin/realms/{REALM}",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=PATIENCE_SECONDS,
        )


def _cookies(answer: httpx.Response) -> Iterator[Morsel[str]]:
    for line in answer.headers.get_list("set-cookie"):
        yield from SimpleCookie(line).values()


@pytest.fixture(scope="session")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKeycloak]:
    running = RunningKeycloak(tmp_path_factory.mktemp("keycloak"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
