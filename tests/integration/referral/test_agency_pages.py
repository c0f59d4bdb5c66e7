"""An agency's people at their pages: what waits for them, and their answers."""

import re
from contextlib import AbstractAsyncContextManager

import httpx

from contracts.events import ComplaintAmended
from contracts.vocabulary import Amendment, ComplaintStatus, HandlingStatus, ReferralStatus
from tests.harness.signed_in import browsing
from tests.integration.referral.district import DISTRICT, EDUCATION, HEALTH, KIP_ONLY, District
from tests.unit.referral.builders import complaint

TO_ANSWER, IN_PROGRESS, OVER = "/agency", "/agency?shelf=in_progress", "/agency?shelf=over"


def agent(district: District, agency: str, area: str = DISTRICT) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return browsing(
        district.service, district.issuer, "agency", area=area, agency=agency, subject=f"somebody-at-{agency}"
    )


async def referred(district: District) -> tuple[str, str]:
    """A case, and its referral to the education office."""
    case = await district.opens()
    return case, district.referral_to(EDUCATION, (await district.decides(case, KIP_ONLY)).handling)


def key_of(page: httpx.Response) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def test_an_agency_accepts_and_reports_the_outcome_and_a_double_submit_is_one_deed(district: District) -> None:
    case, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    async with agent(district, EDUCATION) as clerk:
        assert f'href="{path}"' in (await clerk.get(TO_ANSWER)).text
        page = await clerk.get(path)
        for shown in (
            "Kartu Indonesia Pintar",
            "3 working days left",
            "Jambudipa",
            "within the programme",
            "3203022002",
        ):
            assert shown in page.text, shown
        accepting = {"answer": "accepted", "confirming": "accepted", "idempotency_key": key_of(page)}
        for _ in range(2):
            accepted = await clerk.post(f"{path}/answer", data=accepting)
            assert (accepted.status_code, accepted.headers["location"]) == (303, path)
        assert "Report the outcome here once" in (await clerk.get(path)).text
        assert f'href="{path}"' in (await clerk.get(IN_PROGRESS)).text
        assert f'href="{path}"' not in (await clerk.get(TO_ANSWER)).text

        page = await clerk.get(path)
        completing = {"answer": "completed", "outcome": "enrolled", "idempotency_key": key_of(page)}
        assert (await clerk.post(f"{path}/answer", data=completing)).status_code == 303
        ended = await clerk.get(path)
        assert "Enrolled" in ended.text
        assert "<form" not in ended.text.split("<main", 1)[1]
        assert f'href="{path}"' in (await clerk.get(OVER)).text
    await district.until_status(case, HandlingStatus.RESOLVED)
    done = (await district.stored(case)).history
    assert [deed.by for deed in done[-2:]] == [f"somebody-at-{EDUCATION}"] * 2


async def test_a_rejection_needs_a_reason_and_what_was_chosen_is_kept(district: District) -> None:
    case, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    async with agent(district, EDUCATION) as clerk:
        key = key_of(await clerk.get(path))
        chosen = {"answer": "rejected", "confirming": "rejected", "idempotency_key": key}
        refused = await clerk.post(f"{path}/answer", data=chosen)
        assert refused.status_code == 422
        assert 'href="#field-reason"' in refused.text
        assert key in refused.text
        assert (await clerk.post(f"{path}/answer", data={"answer": "perhaps"})).status_code == 422
        assert (await district.stored(case)).handling.referrals[0].status is ReferralStatus.ISSUED
        given = await clerk.post(f"{path}/answer", data={**chosen, "reason": "no_capacity"})
        assert given.status_code == 303
        assert "No capacity" in (await clerk.get(path)).text
    assert (await district.stored(case)).handling.referrals[0].status is ReferralStatus.REJECTED


async def test_who_is_slower_than_a_colleague_is_told_and_shown_how_it_stands(district: District) -> None:
    _, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    async with agent(district, EDUCATION) as clerk:
        await clerk.get(path)
        await district.answers(EDUCATION, referral, "accepted")
        slower = await clerk.post(f"{path}/answer", data={"answer": "rejected", "reason": "no_capacity"})
        assert slower.status_code == 409
        assert "has been answered meanwhile" in slower.text
        assert "Report the outcome" in slower.text


async def test_a_referral_not_answered_in_time_is_shown_as_withdrawn_and_asks_for_nothing(district: District) -> None:
    case, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    due = (await district.stored(case)).handling.referrals[0].due_at
    async with agent(district, EDUCATION) as clerk:
        district.clock.move_to(due.replace(hour=due.hour + 1))
        await district.until(case, lambda handling: not handling.open_referrals)
        page = await clerk.get(path)
        assert "It was not answered in time" in page.text
        assert "letter.pdf" not in page.text
        late = await clerk.post(f"{path}/answer", data={"answer": "accepted"})
        assert late.status_code == 409
        assert "The time to answer has passed" in late.text


async def test_a_due_date_that_moved_for_the_citizen_is_shown_with_why(district: District) -> None:
    case, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    told = (await district.stored(case)).handling.referrals[0].due_at
    waiting = complaint(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=district.clock.now())
    async with agent(district, EDUCATION) as clerk:
        await district.hears(
            district.fact(case, ComplaintAmended(change=Amendment.WAITING_FOR_CITIZEN, complaint=waiting))
        )
        await district.until(case, lambda handling: handling.waits_for_citizen)
        assert "Clock paused" in (await clerk.get(path)).text
        assert "Clock paused" in (await clerk.get(TO_ANSWER)).text
        district.clock.move_to(district.clock.now().replace(day=25))
        await district.hears(
            district.fact(case, ComplaintAmended(change=Amendment.NO_LONGER_WAITING, complaint=complaint()))
        )
        await district.until(case, lambda handling: handling.referrals[0].due_at > told)
        assert "Later than the letter says" in (await clerk.get(path)).text


async def test_an_agency_sees_its_own_referrals_alone_and_others_are_sent_away(district: District) -> None:
    _, referral = await referred(district)
    path = f"/agency/referrals/{referral}"
    for stranger in (agent(district, HEALTH), agent(district, EDUCATION, area="75.01")):
        async with stranger as clerk:
            assert "No referral waits for your answer." in (await clerk.get(TO_ANSWER)).text
            for refused in (
                await clerk.get(path),
                await clerk.post(f"{path}/answer", data={"answer": "accepted"}),
                await clerk.get(f"/referrals/{referral}/letter.pdf"),
            ):
                assert refused.status_code == 404
    async with browsing(district.service, district.issuer, "back_office", area=DISTRICT) as officer:
        assert (await officer.get(TO_ANSWER)).status_code == 403
    async with browsing(district.service) as nobody:
        assert (await nobody.get(path)).headers["location"].startswith("/sign-in?next=")


async def test_anybody_with_a_letters_code_learns_that_it_is_genuine_and_how_it_stands_and_nothing_more(
    district: District,
) -> None:
    case, referral = await referred(district)
    async with agent(district, EDUCATION) as clerk:
        letter = await clerk.get(f"/referrals/{referral}/letter.pdf")
    assert (letter.status_code, letter.headers["content-type"]) == (200, "application/pdf")
    stored = await district.service.runtime.store.database["letters"].find_one({"_id": referral})
    assert stored is not None
    code: str = stored["letter"]["code"]
    async with browsing(district.service) as anybody:
        valid = await anybody.get(f"/letters/{code}")
        assert valid.status_code == 200
        for shown in ("This letter is genuine", "Dinas Pendidikan Kabupaten Cianjur", "23 November 2026", "Valid"):
            assert shown in valid.text, shown
        handling = (await district.stored(case)).handling
        for kept_back in (case, referral, handling.complaint.case_number, "Jambudipa", "Kartu Indonesia Pintar"):
            assert kept_back not in valid.text, kept_back
        typed = await anybody.get("/letters", params={"code": f" {code[:4].lower()}-{code[4:]}"})
        assert typed.headers["location"] == f"/letters/{code}"
        assert (await anybody.get("/letters")).status_code == 200
        await district.answers(EDUCATION, referral, "accepted")
        assert "has answered this referral" in (await anybody.get(f"/letters/{code}")).text

        wrong = [await anybody.get(f"/letters/{code[:-2]}{number:02}") for number in range(22, 52)]
        assert {answer.status_code for answer in wrong} == {404}
        assert "We know of no letter with this code" in wrong[0].text
        refused = await anybody.get(f"/letters/{code}")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
