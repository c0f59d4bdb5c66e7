"""The receipt, and what a citizen sees and does with its number and code."""

import re
from datetime import date, timedelta

import httpx

from chassis.clock import SettableClock
from chassis.outbox.outgoing import new_id
from chassis.tries import WINDOW
from contracts import decode
from contracts.events import CaseRated, CaseResolved, NeedOutcome, ProposalState, ReferralState
from contracts.vocabulary import CaseOutcome, HandlingStatus, NeedEnding, ProposalStatus, ReferralStatus
from services.intake.domain.citizen_code import VISIT
from services.intake.domain.tries import OF_A_CASE
from tests.harness.kafka import read_topics
from tests.harness.waiting import eventually
from tests.integration.intake.builders import Window, a_handling, a_resolution, from_district, tell
from tests.integration.intake.pages.browsing import Browser, at_the_window, forms_of, outside, text_of
from tests.integration.intake.pages.test_case import district_resolves, recorded


async def receipt(window: Window, village: str, case: str) -> tuple[str, str]:
    """Number and code, as they stand on the paper that is given out."""
    async with at_the_window(window, village) as clerk:
        paper = await clerk.fill(await clerk.open(case), f"{case}/receipt")
        assert paper.status_code == 200, text_of(paper)
        assert "<svg" in paper.text
        found = re.search(r'receipt-code">([^<]+)<', paper.text)
        number = re.search(r'receipt-number">([^<]+)<', paper.text)
        assert found
        assert number
        return number[1], found[1]


async def enter(citizen: Browser, number: str, code: str) -> httpx.Response:
    return await citizen.fill(await citizen.open(f"/case/{number}"), "/case", code=code)


async def test_number_and_code_open_the_citizens_own_page_without_a_name_on_it(window: Window, village: str) -> None:
    number, code = await receipt(window, village, await recorded(window, village))
    async with outside(window) as citizen:
        entered = await enter(citizen, number, code.lower().replace("-", " "))
        cookie = entered.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "Path=/case" in cookie
        page = await citizen.follow(entered)
        assert "The case is on its way to the district office." in text_of(page)
        assert "Rekaan" not in page.text
        left = await citizen.follow(await citizen.fill(page, "/case/leave"))
        assert "/case" in forms_of(left)
        assert "/case" in forms_of(await citizen.open(f"/case/{number}"))


async def test_a_wrong_code_and_an_unknown_number_are_answered_alike(window: Window, village: str) -> None:
    number, code = await receipt(window, village, await recorded(window, village))
    unknown = (await receipt(window, village, await recorded(window, village)))[0]
    async with outside(window) as citizen:
        answers = [
            await enter(citizen, number, "0000-0000"),
            await enter(citizen, unknown, code),
            await citizen.client.post("/case", data={"case_number": "3203022002-26-99999-9", "code": code}),
            await citizen.client.post("/case", data={"case_number": "my case", "code": code}),
        ]
        for answer in answers:
            assert answer.status_code == 422
            assert "Number and code do not fit" in text_of(answer)
            assert "Set-Cookie" not in answer.headers


async def test_who_tries_codes_has_to_wait_and_right_ones_are_not_counted(window: Window, village: str) -> None:
    clock = window.service.runtime.clock
    assert isinstance(clock, SettableClock)
    number, code = await receipt(window, village, await recorded(window, village))
    async with outside(window) as citizen:
        right, wrong = {"case_number": number, "code": code}, {"case_number": number, "code": "WR0N-G000"}
        for tried in (*[wrong] * (OF_A_CASE - 1), right, right, wrong):
            answer = await citizen.client.post("/case", data=tried)
            assert answer.status_code == (303 if tried is right else 422)
        stopped = await citizen.client.post("/case", data=right)
        assert stopped.status_code == 429
        assert "wait a quarter of an hour" in text_of(stopped)
        clock.move_to(clock.now() + WINDOW)
        assert (await enter(citizen, number, code)).status_code == 303


async def test_a_new_code_ends_the_old_one_and_every_visit_it_opened(window: Window, village: str) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with outside(window) as citizen:
        await citizen.follow(await enter(citizen, number, code))
        _, newer = await receipt(window, village, case)
        assert "/case" in forms_of(await citizen.open(f"/case/{number}"))
        assert (await enter(citizen, number, code)).status_code == 422
        await citizen.follow(await enter(citizen, number, newer))


async def test_a_receipt_loaded_again_shows_the_code_that_was_printed(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as clerk:
        page = await clerk.open(case)
        papers = [await clerk.fill(page, f"{case}/receipt") for _ in range(2)]
    codes = {found[1] for paper in papers if (found := re.search(r'receipt-code">([^<]+)<', paper.text))}
    assert len(codes) == 1


async def test_what_to_bring_is_asked_for_only_until_the_case_is_answered(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with at_the_window(window, village) as clerk, outside(window) as citizen:
        await clerk.fill(await clerk.open(case), f"{case}/waiting", papers="family_card")
        page = await citizen.follow(await enter(citizen, number, code))
        assert "Please bring" in text_of(page)
        assert "Still missing" in text_of(await clerk.open(case))
        answered = await district_resolves(window, kafka_bootstrap, clerk, case)
        assert "Still missing" not in text_of(answered)
        assert "Please bring" not in text_of(await citizen.open(f"/case/{number}"))


async def test_a_citizen_says_how_satisfied_they_are_and_reopens(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with at_the_window(window, village) as clerk, outside(window) as citizen:
        await district_resolves(window, kafka_bootstrap, clerk, case)
        page = await citizen.follow(await enter(citizen, number, code))
        assert (await citizen.fill(page, f"/case/{number}/rating")).status_code == 422
        rated = await citizen.follow(await citizen.fill(page, f"/case/{number}/rating", stars="2"))
        assert f"/case/{number}/rating" not in forms_of(rated)
        reopened = await citizen.follow(
            await citizen.fill(rated, f"/case/{number}/reopening", why_not="The school knows nothing")
        )
        assert "Reopened: the citizen says it is not solved" in text_of(reopened)
        seen = text_of(await clerk.open(case))
        assert "The citizen&#39;s opinion: Dissatisfied" in seen
        assert "The school knows nothing" in seen
    prefix = window.service.runtime.settings.topic_prefix
    told = await eventually(lambda: read_topics(kafka_bootstrap, [f"{prefix}case.rated"]), lambda seen: len(seen) == 1)
    rating = decode(told[0].value).data
    assert isinstance(rating, CaseRated)
    assert (rating.rating, rating.round) == (2, 0)


async def test_what_is_proposed_is_decided_apart_from_the_case_and_closing_it_says_so(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    await tell(
        kafka_bootstrap,
        window.service.runtime.settings.topic_prefix,
        from_district(resolved_with_a_proposal(), case.rsplit("/", 1)[-1], 1),
    )
    async with at_the_window(window, village) as clerk, outside(window) as citizen:
        seen = await eventually(lambda: clerk.open(case), lambda page: f"{case}/confirmation" in forms_of(page))
        assert "Education Office of Cianjur Regency" in text_of(seen)
        page = await citizen.follow(await enter(citizen, number, code))
        assert "PKH: the result comes with its period. Expected on 10 January 2027" in text_of(page)
        assert "What was proposed is decided apart from it." in text_of(page)
        closed = await citizen.follow(await citizen.fill(page, f"/case/{number}/confirmation"))
        assert "PKH is decided apart from it: ask at the window for the result." in text_of(closed)
        assert "PKH is decided apart from it: the result can be asked for here." in text_of(await clerk.open(case))


def resolved_with_a_proposal() -> CaseResolved:
    """What was asked of an agency is given, and the result of PKH comes with its period."""
    resolution = a_resolution().model_copy(
        update={
            "outcome": CaseOutcome.AWAITING_RESULT,
            "needs": (
                NeedOutcome(programme="kip", ending=NeedEnding.ENROLLED),
                NeedOutcome(programme="pkh", ending=NeedEnding.PROPOSED),
            ),
        }
    )
    asked = ReferralState(
        referral_id=new_id(),
        programme="kip",
        agency="cianjur-education",
        attempt=1,
        status=ReferralStatus.COMPLETED,
        issued_at=resolution.resolved_at,
        due_at=resolution.reopen_until,
    )
    proposed = ProposalState(
        proposal_id=new_id(),
        programme="pkh",
        period="2026-Q4",
        status=ProposalStatus.DRAFTED,
        cut_off=date(2026, 12, 17),
        result_expected=date(2027, 1, 10),
    )
    handling = a_handling(
        status=HandlingStatus.RESOLVED, resolution=resolution, referrals=(asked,), proposals=(proposed,)
    )
    return CaseResolved(round=0, outcome=resolution.outcome, reopen_until=resolution.reopen_until, handling=handling)


async def test_what_a_citizen_wrote_outlives_the_visit(window: Window, village: str, kafka_bootstrap: str) -> None:
    clock = window.service.runtime.clock
    assert isinstance(clock, SettableClock)
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with at_the_window(window, village) as clerk, outside(window) as citizen:
        await district_resolves(window, kafka_bootstrap, clerk, case)
        page = await citizen.follow(await enter(citizen, number, code))
        clock.move_to(clock.now() + VISIT + timedelta(seconds=1))
        over = await citizen.fill(page, f"/case/{number}/reopening", why_not="The school knows nothing")
        assert over.status_code == 403
        assert forms_of(over)["/case"]["why_not"] == ["The school knows nothing"]
        again = await citizen.fill(over, "/case", code=code)
        assert forms_of(again)[f"/case/{number}/reopening"]["why_not"] == ["The school knows nothing"]


async def test_another_sites_page_does_nothing_for_a_citizen(window: Window, village: str) -> None:
    number, code = await receipt(window, village, await recorded(window, village))
    async with outside(window) as citizen:
        forged = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.test"}
        answer = await citizen.client.post("/case", data={"case_number": number, "code": code}, headers=forged)
        assert answer.status_code == 403


async def test_only_those_who_act_at_the_window_give_out_receipts(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village, "coordinator") as reader:
        assert (await reader.client.post(f"{case}/receipt")).status_code == 403
