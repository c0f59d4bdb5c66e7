"""The frame, its languages, forms and problems."""

import re

from chassis.area import Scope
from chassis.identity import Actor, Role
from chassis.pages import NavItem
from tests.unit.pages.room_app import browser, room_app


async def test_a_page_is_indonesian_for_who_asks_for_nothing_and_english_for_who_prefers_it() -> None:
    async with browser(room_app()) as someone:
        assert '<html lang="id">' in (await someone.get("/")).text
        assert '<html lang="en">' in (await someone.get("/", headers={"Accept-Language": "en-GB,id;q=0.5"})).text


async def test_a_chosen_language_is_remembered() -> None:
    async with browser(room_app()) as someone:
        await someone.get("/?lang=en")
        assert '<html lang="en">' in (await someone.get("/")).text


async def test_switching_the_language_keeps_the_rest_of_the_address() -> None:
    async with browser(room_app()) as someone:
        page = (await someone.get("/?village=32.03&lang=id")).text
    assert 'href="/?village=32.03&amp;lang=en"' in page


async def test_one_sees_the_ways_of_ones_role_and_where_one_is() -> None:
    async with browser(room_app(Role.FRONT_OFFICE)) as someone:
        page = (await someone.get("/")).text
    assert '<a href="/" aria-current="page">' in page
    assert "/office" not in page
    assert 'action="/sign-out/everywhere"' in page


def test_a_way_without_roles_is_for_whoever_has_no_account() -> None:
    door, desk = NavItem("Follow your case", "/case"), NavItem("Manager", "/office", (Role.MANAGER,))
    manager = Actor("someone", frozenset({Role.MANAGER}), Scope(""))
    assert [one.is_for(None) for one in (door, desk)] == [True, False]
    assert [one.is_for(manager) for one in (door, desk)] == [False, True]


async def test_ones_area_is_called_by_its_name() -> None:
    async with browser(room_app(Role.FRONT_OFFICE, area="32.03")) as someone:
        assert "Kabupaten Cianjur" in (await someone.get("/")).text


async def test_a_refused_form_comes_back_as_it_was_typed_and_says_what_to_correct() -> None:
    async with browser(room_app()) as someone:
        key = re.search(r'name="idempotency_key" value="([^"]+)"', (await someone.get("/")).text)
        assert key is not None
        answer = await someone.post(
            "/", data={"name": "", "story": '<b>"x"', "kind": "b", "papers": "ktp", "idempotency_key": key[1]}
        )
    assert answer.status_code == 422
    assert re.search(r'<a href="#field-name">Name: \w', answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert "&lt;b&gt;&#34;x&#34;" in answer.text
    assert 'value="b" checked' in answer.text
    assert 'value="ktp" checked' in answer.text
    assert 'value="kk" checked' not in answer.text
    assert key[1] in answer.text


async def test_what_was_typed_before_the_session_ended_is_shown_again_with_a_word_about_it() -> None:
    kept = {"name": ["Siti"], "papers": ["ktp", "kk"]}
    async with browser(room_app(Role.FRONT_OFFICE, kept=kept), **{"Accept-Language": "en"}) as someone:
        page = (await someone.get("/")).text
    assert 'value="Siti"' in page
    assert page.count("checked") == 2
    assert "You had been signed out meanwhile." in page


async def test_a_notice_is_shown_once() -> None:
    async with browser(room_app(), **{"Accept-Language": "en"}) as someone:
        answer = await someone.post("/", data={"name": "Siti"})
        assert answer.status_code == 303
        assert "This is too long." in (await someone.get("/")).text
        assert "This is too long." not in (await someone.get("/")).text


async def test_a_problem_is_a_page_for_people_and_details_for_programs() -> None:
    async with browser(room_app(), **{"Accept-Language": "en"}) as someone:
        page = await someone.get("/nowhere")
        missing = await someone.get("/nothing")
        details = await someone.get("/nowhere", headers={"Accept": "*/*"})
    assert (page.status_code, missing.status_code, details.status_code) == (403, 404, 403)
    assert "This is not for your role" in page.text
    assert "Manager" in page.text
    assert "openapi" not in missing.text
    assert details.headers["content-type"] == "application/problem+json"


async def test_pages_run_nothing_that_is_not_their_own() -> None:
    async with browser(room_app()) as someone:
        answer = await someone.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?! type=\"module\" src)", answer.text)


async def test_scripts_and_styles_are_kept_for_good_and_found_by_the_page() -> None:
    async with browser(room_app()) as someone:
        found = re.findall(r'"(/static/[^"]+)"', (await someone.get("/")).text)
        assert len(found) == 2
        for address in found:
            answer = await someone.get(address, headers={"Accept": "*/*"})
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-encoding"] == "gzip"
        assert (await someone.get("/static/..%2Frendering.py")).status_code == 404


async def test_what_was_posted_to_no_avail_can_be_sent_again() -> None:
    ours = {"Accept-Language": "en", "Origin": "http://room.test"}
    async with browser(room_app(), **ours) as someone:
        page = await someone.post("/", data={"name": "away", "story": 'a "long" one', "papers": ["ktp", "kk"]})
    assert page.status_code == 503
    assert 'name="story" value="a &#34;long&#34; one"' in page.text
    assert page.text.count('name="papers"') == 2


async def test_nothing_another_site_posted_can_be_sent_again() -> None:
    for elsewhere in ({"Origin": "http://elsewhere.test"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        async with browser(room_app(), **elsewhere) as someone:
            page = await someone.post("/", data={"name": "away"})
        assert page.status_code == 503
        assert 'value="away"' not in page.text
