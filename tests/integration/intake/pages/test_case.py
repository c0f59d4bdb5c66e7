"""A case in the browser: how it stands, what happened, what may be done; the window's day; finding."""

from collections.abc import Iterator

import httpx

from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    MOTHER_NIK,
    Window,
    a_complaint,
    a_family,
    from_district,
    mother,
    resolved,
    tell,
)
from tests.integration.intake.pages.browsing import Browser, at_the_window, forms_of, kept, text_of


async def recorded(window: Window, village: str, **changes: object) -> str:
    """The address of a new case."""
    answer = await window.record(a_complaint(area=village, **changes), area=village)
    assert answer.status_code == 201, answer.text
    return f"/village/cases/{answer.json()['case_id']}"


async def district_resolves(window: Window, kafka: str, browser: Browser, case: str) -> httpx.Response:
    """The case's page once the district's answer was heard."""
    event = from_district(resolved(), case.rsplit("/", 1)[-1], 1)
    await tell(kafka, window.service.runtime.settings.topic_prefix, event)
    return await eventually(lambda: browser.open(case), lambda page: f"{case}/confirmation" in forms_of(page))


async def test_a_case_says_in_plain_words_where_it_stands_and_what_is_next(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as browser, at_the_window(window, village, language="id") as setempat:
        before = text_of(await browser.open(case))
        assert "Ibu Rekaan" in before
        assert "The case is on its way to the district office." in before
        assert "without NIK: Child who is not registered" in before
        assert "help with civil registration" in before
        assert "Kasus sedang dikirim ke kantor dinas sosial" in text_of(await setempat.open(case))
        after = text_of(await district_resolves(window, kafka_bootstrap, browser, case))
        assert "The district has an answer: What was asked for was given" in after
        assert "They may reopen until 7 December 2026" in after


async def test_documents_are_waited_for_and_completed(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as browser:
        page = await browser.open(case)
        none = await browser.fill(page, f"{case}/waiting")
        assert (none.status_code, "Choose what the citizen has to bring" in none.text) == (422, True)
        waiting = await browser.follow(await browser.fill(page, f"{case}/waiting", papers=["school_letter"]))
        assert "Until then the time limits pause" in text_of(waiting)
        assert "Letter from the school" in text_of(waiting)
        going_on = await browser.follow(await browser.fill(waiting, f"{case}/going-on"))
        assert "Being handled" in text_of(going_on)
        complete = await browser.follow(await browser.fill(going_on, f"{case}/documents"))
        assert "Still missing" not in text_of(complete)


async def test_who_was_slower_is_told_and_keeps_the_words(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as slow, at_the_window(window, village, subject="other") as quick:
        old = await slow.open(case)
        await quick.follow(await quick.fill(await quick.open(case), f"{case}/waiting", papers=["id_card"]))
        late = await slow.fill(old, f"{case}/answer", answer="told_status", answer_text="On the 20th")
        assert late.status_code == 412
        assert "changed while you had it open" in text_of(late)
        assert forms_of(late)[f"{case}/answer"]["answer_text"] == ["On the 20th"]
        again = await slow.follow(await slow.fill(late, f"{case}/answer"))
        assert "Answered at the window" in text_of(again)


async def test_an_answer_at_the_window_ends_the_case_and_a_double_press_is_one(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as browser:
        page = await browser.open(case)
        deed = {"answer": "explained_schedule", "answer_text": "On the 20th"}
        first = await browser.fill(page, f"{case}/answer", **deed)
        second = await browser.fill(page, f"{case}/answer", **deed)
        assert (first.status_code, second.status_code) == (303, 303)
        ended = await browser.open(case)
        assert "Nothing more is to be done." in text_of(ended)
        assert f"{case}/withdrawal" not in forms_of(ended)
        assert (await kept(window, ended))["answer_text"] == "On the 20th"


async def test_a_repeated_case_is_withdrawn_by_the_number_of_the_other(window: Window, village: str) -> None:
    case, other = await recorded(window, village), await recorded(window, village)
    async with at_the_window(window, village) as browser:
        page = await browser.open(case)
        deed = f"{case}/withdrawal"
        unknown = await browser.fill(page, deed, reason="duplicate", duplicate_of="12")
        assert (unknown.status_code, "Write the number of the other case" in unknown.text) == (422, True)
        own = (await kept(window, page))["case_number"]
        itself = await browser.fill(page, deed, reason="duplicate", duplicate_of=own)
        assert (itself.status_code, "This is the number of this case" in itself.text) == (422, True)
        number = (await kept(window, await browser.open(other)))["case_number"]
        withdrawn = await browser.follow(await browser.fill(page, deed, reason="duplicate", duplicate_of=number))
        assert (await kept(window, withdrawn))["duplicate_of"] == other.rsplit("/", 1)[-1]


async def test_the_citizen_says_at_the_window_whether_it_is_solved(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    solved, unsolved = await recorded(window, village), await recorded(window, village)
    async with at_the_window(window, village) as browser:
        answered = await district_resolves(window, kafka_bootstrap, browser, solved)
        closed = await browser.follow(await browser.fill(answered, f"{solved}/confirmation"))
        assert "The citizen confirmed that it is solved" in text_of(closed)
        answered = await district_resolves(window, kafka_bootstrap, browser, unsolved)
        silent = await browser.fill(answered, f"{unsolved}/reopening")
        assert silent.status_code == 422
        reopened = await browser.follow(await browser.fill(silent, f"{unsolved}/reopening", why_not="Got nothing"))
        assert "Got nothing" in text_of(reopened)
        assert "on its way to the district" in text_of(reopened)


async def test_who_asked_for_the_contact_is_shown_and_messages_can_be_stopped(window: Window, village: str) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, village) as browser:
        assert "Nobody yet" in text_of(await browser.open(case))
        await window.ask_contact(case.rsplit("/", 1)[-1])
        page = await browser.open(case)
        assert "to tell the citizen how it goes, given" in text_of(page)
        stopped = await browser.follow(await browser.fill(page, f"{case}/no-messages"))
        assert "The citizen has not agreed to messages, or no longer." in text_of(stopped)


async def test_what_lies_outside_the_area_does_not_exist_and_readers_change_nothing(
    window: Window, village: str, villages: Iterator[str]
) -> None:
    case = await recorded(window, village)
    async with at_the_window(window, next(villages)) as stranger:
        missing = await stranger.open(case, 404)
        assert "Ibu Rekaan" not in missing.text
    async with at_the_window(window, village, "coordinator") as reader:
        page = await reader.open(case)
        assert not [action for action in forms_of(page) if action.startswith("/village")]
        refused = await reader.client.post(f"{case}/withdrawal", data={"reason": "taken_back"})
        assert refused.status_code == 403
    async with at_the_window(window, "32.03", "back_office") as district:
        await district.open(case, 403)


async def test_people_and_cases_are_found_by_number_name_and_nik_in_the_own_area_only(
    window: Window, village: str, villages: Iterator[str]
) -> None:
    case = await recorded(window, village, family=a_family(mother(name="Sitti Nurbaya Rékaan")))
    async with at_the_window(window, village) as browser, at_the_window(window, next(villages)) as stranger:
        number = (await kept(window, await browser.open(case)))["case_number"]
        page = await browser.open("/village/find")

        async def find(sought: str, by: Browser = browser) -> httpx.Response:
            answer = await by.fill(page, "/village/find", sought=sought)
            assert (answer.url.path, answer.url.query) == ("/village/find", b"")
            return answer

        assert (await find(number)).headers["Location"] == case
        for sought in ("sitti nurb", "SITTI NURBAYA REK", MOTHER_NIK, f"{MOTHER_NIK[:6]} {MOTHER_NIK[6:]}"):
            assert number in text_of(await find(sought)), sought
            assert "Nobody found" in text_of(await find(sought, stranger)), sought
        misread = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
        for sought in (misread, "12345", "s"):
            assert (await find(sought)).status_code == 422
        assert (await find(number, stranger)).status_code == 422
        part = await browser.client.post("/village/find", data={"sought": "sitti"}, headers={"HX-Request": "true"})
        assert number in part.text
        assert "<html" not in part.text


async def test_the_day_shows_who_came_whom_it_waits_for_and_what_to_do_first(
    window: Window, village: str, kafka_bootstrap: str
) -> None:
    async with at_the_window(window, village) as browser:
        empty = await browser.open("/village")
        assert "No visitors yet today" in text_of(empty)
        assert 'href="/village/new"' in empty.text
        first, second = await recorded(window, village), await recorded(window, village)
        await browser.follow(await browser.fill(await browser.open(first), f"{first}/waiting", papers=["id_card"]))
        await district_resolves(window, kafka_bootstrap, browser, second)
        day = text_of(await browser.open("/village"))
        assert "2 visitors today" in day
        assert "1 waiting for the citizen" in day
        assert "1 answered, the citizen's word is missing" in day.replace("&#39;", "'")
        led = await browser.client.get("/")
        assert led.headers["Location"] == "/village"
