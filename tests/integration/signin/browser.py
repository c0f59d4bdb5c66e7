"""What a browser does at a sign-in, step by step."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx

from chassis.area import COUNTRY
from chassis.signin.sessions import SESSIONS, hashed
from chassis.store import UnitOfWork
from tests.harness.service import RunningService
from tests.harness.signed_in import browsing
from tests.integration.signin.conftest import House

__all__ = ["back_from_issuer", "began", "browsing", "query_of", "signs_in", "the_token_runs_out", "wanted"]

SESSION = "intake_session"
BROWSER = "intake_sign_in"


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def wanted(answer: httpx.Response) -> str:
    """The page to which a redirect to the sign-in will lead back."""
    assert answer.status_code == 303, answer.text
    address = urlsplit(answer.headers["Location"])
    assert address.path == "/sign-in"
    return parse_qs(address.query)["next"][0]


async def began(client: httpx.AsyncClient, page: str = "/visits") -> str:
    """The issuer's address to which a sign-in leads."""
    answer = await client.get("/sign-in", params={"next": page})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


async def back_from_issuer(house: House, address: str) -> str:
    """The service's address to which the issuer leads back."""
    answer = await house.outside.get(address)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


async def signs_in(house: House, client: httpx.AsyncClient, page: str = "/visits") -> httpx.Response:
    """The whole way; the answer to the way back."""
    return await client.get(await back_from_issuer(house, await began(client, page)))


async def the_token_runs_out(service: RunningService, client: httpx.AsyncClient, **changes: object) -> None:
    """The access token's time is over; `changes` are of the session besides."""

    async def deed(unit: UnitOfWork) -> None:
        session = await unit.of(SESSIONS).get(hashed(client.cookies[SESSION]))
        assert session.tokens is not None
        past = service.runtime.sign_in.clock.now() - timedelta(seconds=1)
        tokens = session.tokens.model_copy(update={"access_until": past})
        await unit.of(SESSIONS).save(session.model_copy(update={"tokens": tokens, **changes}))

    await service.runtime.store.transact(COUNTRY, deed)
