"""The district's pages: the queues, one case, and the three hands a decision goes through, as browsers see them."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from contracts.vocabulary import ComplaintKind, HandlingStatus
from tests.harness.signed_in import browsing
from tests.integration.referral.district import DISTRICT, SUB_DISTRICT, SUPERVISOR, District

Browser = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
STORY_FORM = {"decision-pkh": "propose", "decision-kip": "refer"}


@pytest.fixture
def browser(district: District) -> Browser:
    @asynccontextmanager
    async def of(role: str, area: str = DISTRICT, subject: str = "") -> AsyncIterator[httpx.AsyncClient]:
        who = subject or f"{role}-of-{area}"
        async with browsing(district.service, district.issuer, role, area=area, subject=who) as client:
            yield client

    return of


def hidden(page: httpx.Response, name: str) -> str:
    """A hidden field of the page's first form that has it."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page.text)
    assert found, page.text
    return found[1]


def filled(page: httpx.Response, **fields: str) -> dict[str, str]:
    """The page's form as a browser sends it."""
    return {"edition": hidden(page, "edition"), "idempotency_key": hidden(page, "idempotency_key"), **fields}


def shown_cases(page: httpx.Response) -> list[str]:
    return re.findall(r'<a class="case-number" href="/district/cases/([0-9a-f-]{36})"', page.text)


async def test_a_case_goes_through_three_hands_page_by_page(district: District, browser: Browser) -> None:
    case = await district.opens()
    async with browser("back_office") as officer:
        queue = await officer.get("/district")
        assert (queue.status_code, shown_cases(queue)) == (200, [case])
        read = await officer.get(f"/district/cases/{case}")
        assert "Draft the recommendation" in read.text
        assert "Why is there no name here?" in read.text
        draft = await officer.get(f"/district/cases/{case}/recommendation")
        sent = await officer.post(f"/district/cases/{case}/recommendation", data=filled(draft) | STORY_FORM)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/district/cases/{case}")
        assert (
            "The supervisor of the sub-district reviews the draft next."
            in (await officer.get(sent.headers["location"])).text
        )
    async with browser("supervisor", SUB_DISTRICT) as supervisor:
        assert shown_cases(await supervisor.get("/district")) == [case]
        review = await supervisor.get(f"/district/cases/{case}/review")
        form = filled(review, ruling="approve")
        passed = [await supervisor.post(f"/district/cases/{case}/review", data=form) for _ in range(2)]
        assert [(one.status_code, one.headers["location"]) for one in passed] == [(303, "/district")] * 2
        gone = await supervisor.get(f"/district/cases/{case}")
        assert gone.status_code == 404
        back = await supervisor.get(f"/district/cases/{case}/review")
        assert (back.status_code, back.headers["location"]) == (303, "/district")
    async with browser("manager") as manager:
        assert shown_cases(await manager.get("/district")) == [case]
        decision = await manager.get(f"/district/cases/{case}/decision")
        for foretold in ("Dinas Pendidikan Kabupaten Cianjur is asked about", "26 November 2026", "period 2026-Q4"):
            assert foretold in decision.text
        decided = await manager.post(f"/district/cases/{case}/decision", data=filled(decision, ruling="approve"))
        assert decided.status_code == 303
        after = await manager.get(decided.headers["location"])
        for told in ("Decided as recommended.", "Manager (you)", "Asked Dinas Pendidikan Kabupaten Cianjur about"):
            assert told in after.text
    assert (await district.stored(case)).handling.status is HandlingStatus.DECIDED


async def test_what_is_missing_in_a_draft_is_said_at_its_field_and_nothing_typed_is_lost(
    district: District, browser: Browser
) -> None:
    case = await district.opens()
    async with browser("back_office") as officer:
        page = await officer.get(f"/district/cases/{case}/recommendation")
        form = filled(page) | {"decision-pkh": "refuse", "reason-pkh": "", "decision-kip": ""}
        refused = await officer.post(f"/district/cases/{case}/recommendation", data=form)
        assert refused.status_code == 422
        for field in ("#field-reason-pkh", "#field-decision-kip"):
            assert f'href="{field}"' in refused.text
        assert re.search(r'name="decision-pkh" value="refuse" checked', refused.text)
        mended = form | {
            "reason-pkh": "above_threshold",
            "decision-kip": "refer",
            "edition": hidden(refused, "edition"),
        }
        sent = await officer.post(f"/district/cases/{case}/recommendation", data=mended)
        assert sent.status_code == 303
    drafted = (await district.stored(case)).handling.recommendation
    assert drafted is not None
    assert [(one.programme, one.decision.value, one.reason) for one in drafted.decisions] == [
        ("pkh", "refuse", "above_threshold"),
        ("kip", "refer", None),
    ]


async def test_whoever_decides_on_an_old_page_is_told_and_keeps_what_was_typed(
    district: District, browser: Browser
) -> None:
    case = await district.opens()
    async with browser("back_office") as slow:
        old = await slow.get(f"/district/cases/{case}/recommendation")
        await district.recommends(case)
        overtaken = await slow.post(f"/district/cases/{case}/recommendation", data=filled(old) | STORY_FORM)
        assert overtaken.status_code == 409
        assert "Nothing of yours was saved." in overtaken.text
        assert "Propose for the next period" in overtaken.text
        await district.moves(case, "review", SUPERVISOR, ruling="return", reason="wrong_programme")
        again = await slow.post(
            f"/district/cases/{case}/recommendation",
            data=filled(old) | STORY_FORM | {"decision-pkh": "refuse", "reason-pkh": "not_eligible"},
        )
        assert again.status_code == 409
        assert "Somebody changed this case meanwhile" in again.text
        assert 'name="decision-pkh" value="refuse" checked' in again.text
        sent = await slow.post(f"/district/cases/{case}/recommendation", data=filled(again) | STORY_FORM)
        assert sent.status_code == 303
    assert (await district.stored(case)).handling.status is HandlingStatus.RECOMMENDED


async def test_nobody_is_offered_to_approve_their_own_draft_and_is_told_why(
    district: District, browser: Browser
) -> None:
    case = await district.opens()
    await district.recommends(case)
    drafter = (await district.stored(case)).handling.recommendation
    assert drafter is not None
    async with browser("supervisor", SUB_DISTRICT, drafter.drafted_by) as same:
        read = await same.get(f"/district/cases/{case}")
        assert "Nobody approves their own draft" in read.text
        assert f"/district/cases/{case}/review" not in read.text
        assert (await same.get(f"/district/cases/{case}/review")).headers["location"] == f"/district/cases/{case}"
        edition = str((await district.stored(case)).edition)
        forced = await same.post(f"/district/cases/{case}/review", data={"edition": edition, "ruling": "approve"})
        assert forced.headers["location"] == f"/district/cases/{case}"
    assert (await district.stored(case)).handling.status is HandlingStatus.RECOMMENDED


async def test_a_return_needs_a_reason_and_prefills_the_next_draft(district: District, browser: Browser) -> None:
    case = await district.opens()
    await district.recommends(case)
    async with browser("supervisor", SUB_DISTRICT) as supervisor:
        page = await supervisor.get(f"/district/cases/{case}/review")
        bare = await supervisor.post(
            f"/district/cases/{case}/review", data=filled(page, ruling="return", confirming="return")
        )
        assert bare.status_code == 422
        assert '<details class="confirm" open>' in bare.text
        back = await supervisor.post(
            f"/district/cases/{case}/review", data=filled(bare, ruling="return", reason="letter_missing")
        )
        assert back.status_code == 303
    async with browser("back_office") as officer:
        queue = await officer.get("/district?queue=returned")
        assert shown_cases(queue) == [case]
        draft = await officer.get(f"/district/cases/{case}/recommendation")
        assert "A letter is missing" in draft.text
        assert re.search(r'name="decision-pbi_jk" value="refer" checked', draft.text)


async def test_queues_are_counted_filtered_and_paged(district: District, browser: Browser) -> None:
    old = await district.opens(kind=ComplaintKind.ENQUIRY)
    district.clock.move_to(district.clock.now().replace(day=30))
    fresh, other = await district.opens(), await district.opens(area="32.03.05.2001")
    await district.recommends(other)
    async with browser("back_office") as officer:
        queue = await officer.get("/district")
        assert shown_cases(queue) == [old, fresh]
        assert re.search(r'aria-current="page" class="own">New <span class="count">2</span>', queue.text)
        assert shown_cases(await officer.get("/district?overdue=yes")) == [old]
        assert shown_cases(await officer.get("/district?kind=participation")) == [fresh]
        assert shown_cases(await officer.get("/district?village=32.03.05.2001&queue=review")) == [other]
        elsewhere = await officer.get("/district?village=75.01.24.2001")
        assert (elsewhere.status_code, shown_cases(elsewhere)) == (200, [])
        assert "No case here fits the filter" in elsewhere.text
        overdue = await officer.get("/district/overdue")
        assert shown_cases(overdue) == [old, fresh, other]
        assert "/district?village=32.03.05.2001" in overdue.text
        assert (await officer.get("/district?queue=nonsense&kind=x&cursor=none-of-ours")).status_code == 400


async def test_the_office_sees_its_own_area_only_and_nobody_else_sees_it(district: District, browser: Browser) -> None:
    case = await district.opens()
    async with browser("back_office", "75.01") as stranger:
        assert shown_cases(await stranger.get("/district")) == []
        assert (await stranger.get(f"/district/cases/{case}")).status_code == 404
    async with browser("verifier") as reader:
        read = await reader.get(f"/district/cases/{case}")
        assert "The back office drafts a recommendation next." in read.text
        assert (await reader.get(f"/district/cases/{case}/recommendation")).status_code == 403
    async with browser("manager", "32") as above:
        assert (await above.get("/district")).status_code == 403
    async with browser("front_office", "32.03.02.2002") as clerk:
        assert (await clerk.get("/district")).status_code == 403
    async with browsing(district.service) as nobody:
        assert (await nobody.get(f"/district/cases/{case}")).headers["location"].startswith("/sign-in?next=")


async def test_everybody_is_led_to_the_first_page_of_their_role(browser: Browser) -> None:
    for role, first in (("back_office", "/district"), ("supervisor", "/district"), ("agency", "/agency")):
        async with browser(role) as someone:
            led = await someone.get("/")
            assert (led.status_code, led.headers["Location"]) == (303, first)
    async with browser("analyst") as elsewhere:
        assert (await elsewhere.get("/")).status_code == 403
