"""After all journeys the audit comes: whatever they did, killings included, every law holds.

Its file sorts last, because all journeys share one system and pytest takes files in the order of their names.
"""

import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
import uuid_utils

from audit.addresses import addresses_from
from audit.evidence import Standing
from audit.laws import LAWS
from audit.looking import look_until_at_rest
from audit.report import as_text
from audit.told import Told
from deploy.demo.people import Person
from deploy.demo.story import REQUEST_SECONDS
from tests.harness.system import RunningSystem

pytestmark = pytest.mark.timeout(600)

PATIENCE_SECONDS = 120.0
FRONT_OFFICE, VILLAGE = "front-office.lansot", "71.73.01.1007"


@pytest.fixture
def told() -> list[Told]:
    """What the services told the client of this journey."""
    return []


@pytest_asyncio.fixture
async def http(running: RunningSystem, told: list[Told]) -> AsyncIterator[httpx.AsyncClient]:
    services = {urlsplit(address).netloc for address in running.endpoints().apis.values()}

    async def note(answer: httpx.Response) -> None:
        request = answer.request
        if request.url.netloc.decode() in services:
            body = json.loads(request.content) if request.content else {}
            told.append(
                Told(
                    method=request.method,
                    path=request.url.path,
                    status=answer.status_code,
                    resource_id=body.get("case_id"),
                )
            )

    async with httpx.AsyncClient(timeout=REQUEST_SECONDS, trust_env=False, event_hooks={"response": [note]}) as client:
        yield client


async def have_a_question_answered(running: RunningSystem, http: httpx.AsyncClient) -> None:
    """A question comes to the desk and is answered: two requests, two deeds."""
    clerk, case = Person(FRONT_OFFICE, running.endpoints(), http), str(uuid_utils.uuid7())
    question = {
        "case_id": case,
        "area": VILLAGE,
        "kind": "enquiry",
        "sector": "food",
        "subject_kind": "community",
        "channel": "desk",
        "story": "Asks when the next distribution is.",
    }
    await clerk.create("intake", "/v1/complaints", question)
    path = f"/v1/complaints/{case}"
    said = {"answer": "explained_schedule"}
    await clerk.move("intake", f"{path}/answer", said, resting_on=await clerk.read("intake", path))


@pytest.mark.usefixtures("told_once")
async def test_every_law_holds_of_everything_the_journeys_did(
    running: RunningSystem, http: httpx.AsyncClient, told: list[Told]
) -> None:
    await have_a_question_answered(running, http)
    assert sum(request.writes and request.succeeded for request in told) == 2
    addresses = addresses_from(running.places.endpoints)
    steps: list[str] = []
    verdicts = await look_until_at_rest(addresses, tuple(told), PATIENCE_SECONDS, steps.append)
    found = {verdict.law.name: verdict.findings.standing for verdict in verdicts}
    assert found == dict.fromkeys((law.name for law in LAWS), Standing.HOLDS), as_text(verdicts, shown=20)
    counted = {verdict.law.name: verdict.findings.counted for verdict in verdicts}
    assert counted["requests"]["requests answered 2xx"] == 2
    assert counted["read models"]["cases compared"] >= 4 * 4
    assert counted["messages"]["delivered"] > 0
