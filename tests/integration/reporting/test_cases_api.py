"""GET /v1/cases and timelines: own area, pseudonymous, and only what was passed up above the district."""

import pytest

from contracts.events import CaseEscalated
from services.reporting.app import DEFINITION
from tests.harness.builders import JAMBUDIPA, an_event
from tests.harness.fixtures import Start
from tests.harness.service import RunningService
from tests.harness.tokens import Issuer
from tests.integration.reporting.cases import hear, recorded
from tests.unit.reporting.builders import CASE, REFERRAL_SOURCE, a_handling_state, a_whole_case, taken_back

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
async def reporting(start: Start) -> RunningService:
    service = await start(DEFINITION)
    await hear(service, *recorded(7), *a_whole_case(), *recorded(1, area="32.04.01.2001"))
    return service


async def test_pages_show_every_case_of_the_district_once(reporting: RunningService, issuer: Issuer) -> None:
    seen, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (
            await reporting.api.get("/v1/cases", params=query, headers=issuer.bearer("manager", area="32.03"))
        ).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 8


async def test_cases_are_filtered_by_where_they_stand(reporting: RunningService, issuer: Issuer) -> None:
    headers = issuer.bearer("manager", area="32.03")
    page = (await reporting.api.get("/v1/cases", params={"status": "confirmed"}, headers=headers)).json()
    assert [item["id"] for item in page["items"]] == [CASE]
    assert page["items"][0]["area"] == JAMBUDIPA
    assert page["items"][0]["outcome"] == "partly_given"


async def test_above_the_district_only_cases_passed_up_are_listed_and_coarsely(
    reporting: RunningService, issuer: Issuer
) -> None:
    page = (await reporting.api.get("/v1/cases", headers=issuer.bearer("analyst", area=""))).json()
    assert [item["id"] for item in page["items"]] == [CASE]
    assert page["items"][0]["area"] == "32.03"
    assert page["items"][0]["recorded"] == "2026-11"


async def test_a_case_that_comes_back_from_above_leaves_that_list(start: Start, issuer: Issuer) -> None:
    service = await start(DEFINITION)
    (created,) = recorded(1)
    for sequence, tier in ((1, "province"), (2, "district")):
        fact = CaseEscalated(cause="decision", to_tier=tier, handling=a_handling_state(tier=tier))
        event = an_event(fact, case=created.subject, source=REFERRAL_SOURCE, sequence=sequence)
        await hear(service, created, event)
        page = (await service.api.get("/v1/cases", headers=issuer.bearer("analyst", area=""))).json()
        assert len(page["items"]) == (1 if tier == "province" else 0)


@pytest.mark.parametrize(("role", "area"), [("manager", "32.03"), ("analyst", ""), ("auditor", "")])
async def test_a_timeline_tells_what_happened_in_order_and_names_nobody(
    reporting: RunningService, issuer: Issuer, role: str, area: str
) -> None:
    answer = await reporting.api.get(f"/v1/cases/{CASE}/timeline", headers=issuer.bearer(role, area=area))
    timeline = answer.json()
    places = [(entry["time"], entry["source"], entry["sequence"]) for entry in timeline["entries"]]
    assert places == sorted(places)
    assert len(places) == len(a_whole_case())
    completed = [entry["said"] for entry in timeline["entries"] if entry["said"].get("answer") == "completed"]
    assert completed == [{"agency": "cianjur-baznas", "answer": "completed", "outcome": "given"}]
    for hidden in ("q7Zt0fXw2mJ5r9Lc8VbN1y", "3203022002-26-000147-8"):
        assert hidden not in answer.text
    assert (JAMBUDIPA in answer.text) == (role == "manager")


async def test_an_entry_leads_to_its_trace(start: Start, issuer: Issuer) -> None:
    service = await start(DEFINITION)
    event = an_event(traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    await hear(service, event)
    headers = issuer.bearer("manager", area="32.03")
    answer = await service.api.get(f"/v1/cases/{event.subject}/timeline", headers=headers)
    assert [entry["trace"] for entry in answer.json()["entries"]] == [TRACE]


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("manager", "32.04", 404),
        ("province_reviewer", "71", 404),
        ("province_reviewer", "32", 200),
        ("front_office", JAMBUDIPA, 403),
        ("agency", "32.03", 403),
        ("operator", "", 403),
    ],
)
async def test_outside_ones_area_a_case_does_not_exist(
    reporting: RunningService, issuer: Issuer, role: str, area: str, status: int
) -> None:
    answer = await reporting.api.get(f"/v1/cases/{CASE}/timeline", headers=issuer.bearer(role, area=area))
    assert answer.status_code == status


async def test_a_case_outside_ones_area_is_refused_in_the_same_words_as_one_that_is_nowhere(
    reporting: RunningService, issuer: Issuer
) -> None:
    headers = issuer.bearer("manager", area="32.04")
    there = (await reporting.api.get(f"/v1/cases/{CASE}/timeline", headers=headers)).json()
    nowhere = (await reporting.api.get(f"/v1/cases/{CASE[:-1]}f/timeline", headers=headers)).json()
    assert {**there, "trace_id": None} == {**nowhere, "trace_id": None}


async def test_a_list_of_another_area_or_of_a_village_from_above_is_refused(
    reporting: RunningService, issuer: Issuer
) -> None:
    elsewhere = await reporting.api.get(
        "/v1/cases", params={"area": "32.04"}, headers=issuer.bearer("manager", area="32.03")
    )
    assert elsewhere.status_code == 404
    fine = await reporting.api.get("/v1/cases", params={"area": JAMBUDIPA}, headers=issuer.bearer("analyst", area=""))
    assert fine.status_code == 422


async def test_a_cursor_of_somebody_elses_making_is_refused(reporting: RunningService, issuer: Issuer) -> None:
    headers = issuer.bearer("manager", area="32.03")
    answer = await reporting.api.get("/v1/cases", params={"cursor": "made-up"}, headers=headers)
    assert answer.status_code == 400


async def test_a_case_taken_back_stands_as_withdrawn(start: Start, issuer: Issuer) -> None:
    service = await start(DEFINITION)
    await hear(service, *taken_back())
    headers = issuer.bearer("manager", area="32.03")
    page = (await service.api.get("/v1/cases", params={"status": "withdrawn"}, headers=headers)).json()
    assert [item["status"] for item in page["items"]] == ["withdrawn"]
