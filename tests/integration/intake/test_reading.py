"""Reading at the window: who may, from where, and page by page."""

import pytest

from chassis.outbox.outgoing import new_id
from tests.integration.intake.builders import JAMBUDIPA, NEXT_VILLAGE, Window, a_complaint

VILLAGE_ROLES = ("facilitator", "front_office", "coordinator", "back_office")
NO_READERS = (
    "supervisor",
    "manager",
    "verifier",
    "agency",
    "analyst",
    "auditor",
    "operator",
    "inspectorate",
    "service",
)
PAGES = ("", "/{case}", "/{case}/progress")


async def test_each_page_is_for_the_roles_of_the_village(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for page in PAGES:
        for role in VILLAGE_ROLES:
            answer = await window.get(page.format(case=case), role=role)
            assert (role, page, answer.status_code) == (role, page, 200)
        for role in NO_READERS:
            answer = await window.get(page.format(case=case), role=role, area="")
            assert (role, page, answer.status_code) == (role, page, 403)
            assert answer.json()["type"] == "urn:puskesos:problem:role-needed"


async def test_a_back_office_of_the_district_reads_no_identity(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for page in PAGES:
        for area in ("32.03", "32.03.02", ""):
            answer = await window.get(page.format(case=case), role="back_office", area=area)
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:puskesos:problem:village-office-needed")


async def test_nor_when_the_same_officer_is_an_auditor_too(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for page in PAGES:
        answer = await window.get(page.format(case=case), role="back_office auditor", area="32.03")
        assert (page, answer.status_code) == (page, 403)


async def test_outside_the_own_area_a_case_is_not_there(window: Window) -> None:
    case = await window.recorded()
    for page in ("/{case}", "/{case}/progress"):
        there = await window.get(page.format(case=case["case_id"]), area=NEXT_VILLAGE)
        nowhere = await window.get(page.format(case=new_id()), area=NEXT_VILLAGE)
        assert there.status_code == nowhere.status_code == 404
        assert there.json()["detail"] == nowhere.json()["detail"]
    found = await window.get(f"?case_number={case['case_number']}", area=NEXT_VILLAGE)
    assert found.json()["items"] == []


async def test_only_the_desk_records(window: Window) -> None:
    for role in ("coordinator", "back_office", "supervisor", "manager", "auditor", "agency"):
        assert (role, (await window.record(role=role)).status_code) == (role, 403)


async def test_a_case_of_another_village_is_not_recorded_here(window: Window) -> None:
    answer = await window.record(a_complaint(area=NEXT_VILLAGE), area=JAMBUDIPA)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:puskesos:problem:area-not-found")


async def test_without_a_token_or_an_area_nothing_is_shown(window: Window) -> None:
    assert (await window.service.api.get("/v1/complaints")).status_code == 401
    no_area = window.issuer.bearer("front_office")
    assert (await window.service.api.get("/v1/complaints", headers=no_area)).status_code == 403


async def test_the_queue_filters_and_shows_no_names(window: Window) -> None:
    wish = await window.recorded()
    asked = await window.recorded(kind="enquiry", needs=[])
    await window.post(asked["case_id"], "answer", {"answer": "told_status"})

    async def ids(query: str) -> list[str]:
        return [item["case_id"] for item in (await window.get(query)).json()["items"]]

    assert await ids("?kind=enquiry") == [asked["case_id"]]
    assert await ids("?status=open") == [wish["case_id"]]
    assert await ids("?status=answered&kind=participation") == []
    assert (await window.get("?status=lost")).status_code == 422
    assert "Rekaan" not in (await window.get("")).text


async def test_a_citizen_reads_the_number_over_the_phone(window: Window) -> None:
    case = await window.recorded()
    await window.recorded()
    said = " ".join(case["case_number"].replace("-", ""))
    (found,) = (await window.get(f"?case_number={said}")).json()["items"]
    assert found["case_id"] == case["case_id"]
    last = case["case_number"][-1]
    misheard = case["case_number"][:-1] + str((int(last) + 1) % 10)
    answer = await window.get(f"?case_number={misheard}")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:wrong-case-number")


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_pages_show_every_case_once_also_when_more_come_meanwhile(order: str, window: Window) -> None:
    # All recorded in one moment: pages must not lose or repeat cases of the same time.
    cases = {(await window.recorded())["case_id"] for _ in range(5)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await window.get(f"?limit=2&order={order}{cursor}")).json()
        seen += [item["case_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        await window.recorded()
        assert len(seen) < 20
    assert cases <= set(seen)
    assert len(seen) == len(set(seen))
    assert (await window.get("?cursor=nonsense")).status_code == 400
