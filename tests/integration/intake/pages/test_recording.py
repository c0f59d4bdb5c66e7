"""Recording a case in the browser."""

import re
from collections.abc import Iterator

import httpx

from tests.integration.intake.builders import CHILD_NIK, MOTHER_NIK, Window, a_complaint
from tests.integration.intake.pages.browsing import Browser, at_the_window, forms_of, kept, text_of

NEW = "/village/new"
MOTHER = {"m0_nik": MOTHER_NIK, "m0_name": "Ibu Rekaan", "m0_born": "17-05-1990", "needs": ["pkh", "kip"]}


async def recorded(browser: Browser, **typed: str | list[str]) -> httpx.Response:
    """The page of a case recorded with these fields."""
    answer = await browser.fill(await browser.open(NEW), NEW, step="record", **(MOTHER | typed))
    return await browser.follow(answer)


async def test_a_case_is_recorded_in_one_page_with_what_is_usual_filled_in(window: Window, village: str) -> None:
    async with at_the_window(window, village, "facilitator") as browser:
        case = await recorded(browser, brought=["family_card", "id_card"], story="Asks for help with school")
    shown = await kept(window, case)
    assert (shown["kind"], shown["channel"], shown["sector"]) == ("participation", "home_visit", "social_assistance")
    assert shown["needs"] == ["pkh", "kip"]
    assert shown["missing_documents"] == ["school_letter"]
    assert shown["reporter"]["born"] == "1990-05-17"
    assert "Letter from the school" in text_of(case)
    assert "The case is recorded" in text_of(case)
    assert MOTHER_NIK not in str(case.url)


async def test_what_was_typed_stays_when_something_is_to_be_corrected(window: Window, village: str) -> None:
    async with at_the_window(window, village) as browser:
        page = await browser.open(NEW)
        wrong = {"m0_nik": "3203025705", "m0_name": "Ibu Rekaan", "m0_born": "99-99-1990", "tell_by": "sms"}
        answer = await browser.fill(page, NEW, step="record", story="Only she knows", **wrong)
        assert answer.status_code == 422
        for reason in (
            "exactly sixteen digits",
            "There is no such day",
            "Choose at least one programme",
            "telephone number such as",
            "Ask whether we may write",
        ):
            assert reason in text_of(answer)
        typed = forms_of(answer)[NEW]
        assert typed["story"] == ["Only she knows"]
        assert typed["m0_nik"] == ["3203025705"]
        corrected = await browser.fill(
            answer,
            NEW,
            step="record",
            m0_nik=MOTHER_NIK,
            m0_born="1990-05-17",
            needs="pkh",
            phone="0812 3456 7890",
            consent="signed_form",
        )
        case = await browser.follow(corrected)
    reporter = (await kept(window, case))["reporter"]
    assert reporter["contact"]["phone"] == "+6281234567890"
    assert "notify" in {basis["purpose"] for basis in reporter["legal_bases"]}


async def test_the_rules_of_the_village_are_said_at_the_field_they_are_about(window: Window, village: str) -> None:
    async with at_the_window(window, village) as browser:
        page = await browser.open(NEW)
        for typed, field, reason in (
            ({"m0_nik": "1234"}, "m0_nik", "exactly sixteen digits"),
            ({"m0_nik": ""}, "m0_nik", "say why there is none"),
            ({"needs": []}, "needs", "Choose at least one programme"),
            ({"m0_born": "May 1990"}, "m0_born", "such as 17-05-1990"),
            ({"m0_born": "31-02-1990"}, "m0_born", "There is no such day"),
            ({"m0_born": "17-05-2990"}, "m0_born", "still to come"),
            ({"card": "12"}, "card", "sixteen digits"),
            ({"m0_name": "", "m0_nik": ""}, "m0_name", "Write the name"),
            ({"fast_track": "yes"}, "fast_track_cause", "Say why it is urgent"),
            ({"kind": "conduct"}, "kind", "district inspectorate"),
        ):
            answer = await browser.fill(page, NEW, step="record", **(MOTHER | typed))
            assert answer.status_code == 422
            assert f'href="#field-{field}"' in answer.text, text_of(answer)
            assert reason in text_of(answer)


async def test_everything_that_is_wrong_is_said_at_once(window: Window, village: str) -> None:
    wrong = {"m0_nik": "1234", "m0_name": "", "card": "12", "sector": "", "story": "x" * 4001, "fast_track": "yes"}
    async with at_the_window(window, village) as browser:
        answer = await browser.fill(await browser.open(NEW), NEW, step="record", **wrong)
    refused = set(re.findall(r'<li><a href="#field-([a-z0-9_]+)"', answer.text))
    assert refused == {"m0_nik", "m0_name", "card", "sector", "story", "needs", "fast_track_cause"}


async def test_a_double_submit_records_one_case(window: Window, village: str) -> None:
    async with at_the_window(window, village) as browser:
        page = await browser.open(NEW)
        first = await browser.fill(page, NEW, step="record", **MOTHER)
        second = await browser.fill(page, NEW, step="record", **MOTHER)
        assert first.headers["Location"] == second.headers["Location"]
    assert len((await window.get("", area=village)).json()["items"]) == 1


async def test_whom_the_village_knows_is_filled_in_and_nobody_of_another_village(
    window: Window, village: str, villages: Iterator[str]
) -> None:
    await window.record(a_complaint(area=village), area=village)
    elsewhere = next(villages)
    async with at_the_window(window, village) as browser:
        page = await browser.open(NEW)
        known = forms_of(await browser.fill(page, NEW, step="look_up", m0_nik=MOTHER_NIK))[NEW]
        assert known["m0_name"] == ["Ibu Rekaan"]
        assert known["m1_name"] == ["Anak Kedua"]
        assert known["email"] == ["ibu@rekaan.example"]
        case = await browser.follow(
            await browser.client.post(NEW, data={**known, "step": "record", "needs": "sembako", "tell_by": "email"})
        )
    again = await kept(window, case)
    assert len(again["family"]["members"]) == 2
    async with at_the_window(window, elsewhere) as browser:
        stranger = await browser.fill(await browser.open(NEW), NEW, step="look_up", m0_nik=MOTHER_NIK)
        assert "Ibu Rekaan" not in stranger.text
        assert "Nobody with this NIK is known" in text_of(stranger)


async def test_a_family_has_room_for_each_member(window: Window, village: str) -> None:
    async with at_the_window(window, village) as browser:
        page = await browser.open(NEW)
        wider = await browser.fill(page, NEW, step="add_member", **MOTHER)
        assert "m3_name" in forms_of(wider)[NEW]
        case = await browser.follow(
            await browser.fill(
                wider,
                NEW,
                step="record",
                needs="kip",
                m3_name="Anak Pertama",
                m3_nik=CHILD_NIK,
                m3_conditions=["pupil"],
                registry="2",
            )
        )
    shown = await kept(window, case)
    assert [one["name"] for one in shown["family"]["members"]] == ["Ibu Rekaan", "Anak Pertama"]
    assert shown["family"]["registry"]["decile"] == 2


async def test_who_works_for_several_villages_chooses_one_of_them(window: Window, village: str) -> None:
    async with at_the_window(window, village[:8]) as browser:
        page = await browser.open(NEW)
        missing = await browser.fill(page, NEW, step="record", **MOTHER)
        assert (missing.status_code, "Choose the village" in missing.text) == (422, True)
        elsewhere = await browser.fill(page, NEW, step="record", area="32.04.05.2001", **MOTHER)
        assert elsewhere.status_code == 422
        await browser.follow(await browser.fill(page, NEW, step="record", area=village, **MOTHER))


async def test_those_who_only_read_are_told_which_role_records(window: Window, village: str) -> None:
    async with at_the_window(window, village, "coordinator") as browser:
        refused = await browser.open(NEW, 403)
        assert "Front office" in text_of(refused)
        today = await browser.open("/village")
        assert NEW not in today.text
