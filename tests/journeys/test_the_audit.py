"""What the audit counts after a journey; that every law holds after each of them, conftest.py asks."""

from pathlib import Path

import httpx
import pytest
import uuid_utils

from audit.told import read_told
from deploy.demo.people import Person
from tests.harness.system import RunningSystem
from tests.journeys.conftest import audited

pytestmark = pytest.mark.timeout(600)

FRONT_OFFICE, VILLAGE = "front-office.lansot", "71.73.01.1007"


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
async def test_the_audit_judges_every_request_of_the_story_and_all_that_followed(
    running: RunningSystem, http: httpx.AsyncClient, told: Path
) -> None:
    before = sum(request.succeeded for request in read_told(told))
    await have_a_question_answered(running, http)
    verdicts = audited(running, told)
    counted = {verdict.law.name: verdict.findings.counted for verdict in verdicts}
    assert before > 0
    assert counted["requests"]["requests answered 2xx"] == before + 2
    assert counted["read models"]["cases compared"] >= 4 * 4
    assert counted["messages"]["delivered"] > 0
    assert counted["choice"]["facts told"] > 0
    assert counted["deadlines"]["clocks"] > 0
