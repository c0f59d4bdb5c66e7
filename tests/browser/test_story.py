"""The whole story in a browser: everybody signs in by name and password and does their part, each at a page."""

import sys
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from chassis.area import COUNTRY
from chassis.pages import Language
from contracts.events import CaseEscalated
from services.referral.letters.store import LETTERS
from tests.browser.at_keycloak import sign_in, someone, standing_at_keycloak
from tests.browser.keyboard import faults_by_keyboard
from tests.browser.keystrokes import Hand
from tests.browser.looking import inspect
from tests.browser.services import Services
from tests.harness.builders import an_event
from tests.harness.keycloak import RunningKeycloak
from tests.harness.waiting import eventually
from tests.integration.reporting.cases import hand, recorded
from tests.unit.reporting.builders import a_handling_state

TWO_MINUTES = 120
NAME, ADDRESS = "Ibu Rekaan", "ibu@rekaan.example"
BANDUNG = "32.04.01.2001"
BEYOND_THE_TIME_LIMIT = timedelta(days=40)
"""More than fourteen working days, whatever holidays lie between."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(
    keycloak: RunningKeycloak,
    chromium: Browser,
    kafka_bootstrap: str,
    mongodb_uri: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Services]:
    """The services behind Keycloak."""
    unique = f"t{uuid.uuid4().hex[:10]}"
    surroundings = {"kafka": kafka_bootstrap, "mongodb": mongodb_uri, "unique": unique}
    folder = tmp_path_factory.mktemp("story")
    async with standing_at_keycloak(keycloak, chromium, folder=folder, **surroundings) as services:
        yield services


async def seen(page: Page, address: str, what: str) -> None:
    """Open a page again and again until it shows `what`: what others did comes by Kafka."""

    async def shown() -> bool:
        await page.goto(address)
        return await page.locator(what).count() > 0

    await eventually(shown, patience=60)


async def test_a_wish_goes_from_the_village_to_the_ministry(
    house: Services, record_property: Callable[[str, object], None]
) -> None:
    facilitator, hand_of_a_newcomer = await house.visitor("intake"), Hand()
    await facilitator.goto("/")
    case = await records_the_first_case(facilitator, hand_of_a_newcomer)
    number, code = await gives_the_receipt(facilitator, hand_of_a_newcomer)
    record_property("the_first_case", str(hand_of_a_newcomer))
    sys.stdout.write(f"a newcomer's first case, from the sign-in page to the receipt: {hand_of_a_newcomer}\n")
    assert hand_of_a_newcomer.seconds < TWO_MINUTES

    citizen = await house.visitor("intake")
    await enters(citizen, number, code)
    assert NAME not in await citizen.inner_text("body")

    await the_district_refers(house, case)
    referral = await the_agency_accepts(house, number)
    await everybody_can_confirm_the_letter(house, referral)
    await house.move_clock(BEYOND_THE_TIME_LIMIT)
    await the_case_is_passed_up(house, case)
    await the_agency_completes(house, referral)

    await enters(citizen, number, code)
    await seen(citizen, f"/case/{number}", "form[action$='/rating']")
    await citizen.locator("form[action$='/rating'] input[value='5']").check()
    await citizen.get_by_role("button", name="Send my opinion").click()
    await citizen.get_by_text("Thank you for your opinion.").wait_for()
    await citizen.get_by_text("Yes, it is solved").first.click()
    await citizen.locator("form[action$='/confirmation'] button").click()
    await citizen.get_by_text("Your case is closed as solved.").wait_for()
    await seen(facilitator, f"/village/cases/{case}", "text=The citizen confirmed that it is solved")
    assert house.mail.letters
    assert {str(letter["To"]) for letter in house.mail.letters} == {f"{NAME} <{ADDRESS}>"}

    await the_ministry_follows_the_figure(house, case)
    await the_operator_sees_the_health_of_all(house, case)


async def records_the_first_case(page: Page, hand: Hand) -> str:
    """A facilitator who sees the system for the first time, with the card before them; the case's id."""
    await hand.write(page.locator("#username"), "facilitator.jambudipa")
    await hand.write(page.locator("#password"), "puskesos-demo")
    await hand.press(page.locator("#kc-login"))
    await hand.press(page.get_by_role("link", name="Record a case").first)
    await hand.write(page.get_by_label("NIK").first, "3203025705900000")
    await hand.write(page.get_by_label("Name, as on the card").first, NAME)
    await hand.press(page.get_by_label("KIP").first)
    await hand.write(page.get_by_label("In the citizen's words"), "Minta bantuan sekolah untuk dua anak.")
    await hand.press(page.get_by_label("Family card (KK)").first)
    await hand.press(page.get_by_label("E-mail", exact=True))
    await hand.write(page.locator("#field-email"), ADDRESS)
    await hand.choose(page.get_by_label("How the citizen agreed to messages"), "signed_form")
    await hand.press(page.get_by_role("button", name="Record the case"))
    await page.get_by_text("The case is recorded").wait_for()
    return page.url.partition("?")[0].rpartition("/")[2]


async def gives_the_receipt(page: Page, hand: Hand) -> tuple[str, str]:
    """Number and code, as they stand on the paper."""
    await hand.press(page.get_by_role("button", name="Receipt with code"))
    return await page.locator(".receipt-number").inner_text(), await page.locator(".receipt-code").inner_text()


async def enters(citizen: Page, number: str, code: str) -> None:
    """The citizen follows the QR of the receipt."""
    await citizen.goto("/case")
    await citizen.goto(f"/case/{number}#{code}")
    await citizen.get_by_role("heading", name="Your case", exact=True).wait_for()
    assert code not in citizen.url


async def the_district_refers(house: Services, case: str) -> None:
    """Three people, of whom nobody approves their own draft."""
    officer = await someone(house, "referral", "back-office.cianjur")
    await seen(officer, "/district", f"a[href='/district/cases/{case}']")
    await officer.locator(f"a[href='/district/cases/{case}']").click()
    assert NAME not in await officer.inner_text("body")
    await officer.get_by_role("link", name="Draft the recommendation").click()
    await officer.locator("[name='decision-kip'][value='refer']").check()
    await officer.get_by_role("button", name="Pass on to the supervisor").click()
    await officer.get_by_text("The draft was passed on to the supervisor.").wait_for()

    supervisor = await someone(house, "referral", "supervisor.warungkondang")
    await supervisor.locator(f"a[href='/district/cases/{case}']").click()
    await supervisor.get_by_role("link", name="Review the draft").click()
    await supervisor.get_by_role("button", name="Approve and pass on").click()
    await supervisor.get_by_text("Approved, and passed on to the manager.").wait_for()

    manager = await someone(house, "referral", "manager.cianjur")
    await manager.locator(f"a[href='/district/cases/{case}']").click()
    await manager.get_by_role("link", name="Decide", exact=True).click()
    await manager.get_by_role("button", name="Approve and carry out").click()
    await manager.get_by_text("What was recommended is being carried out.").wait_for()


async def the_agency_accepts(house: Services, number: str) -> str:
    """It reads why, keeps the letter, and takes the family on; the referral's id."""
    agency = await someone(house, "referral", "agency.cianjur-education")
    await agency.get_by_text(number).first.wait_for()
    await agency.locator("a[href^='/agency/referrals/']").click()
    await agency.wait_for_url("**/agency/referrals/*")
    referral = agency.url.rpartition("/")[2]
    async with agency.expect_download() as downloading:
        await agency.get_by_role("link", name="Letter of referral (PDF)").click()
    assert (await (await downloading.value).path()).read_bytes().startswith(b"%PDF-")
    await agency.get_by_text("Accept", exact=True).first.click()
    await agency.locator("details[open]").get_by_role("button", name="Accept").click()
    await agency.get_by_text("Report the outcome here once").wait_for()
    return referral


async def everybody_can_confirm_the_letter(house: Services, referral: str) -> None:
    """The code is on the paper; nobody signs in."""
    letter = (await house.runtimes["referral"].store.reading(COUNTRY, LETTERS).get(referral)).letter
    anybody = await house.visitor("referral")
    await anybody.goto("/letters")
    await anybody.get_by_label("Code of the letter").fill(letter.confirmed_at.rpartition("/")[2])
    await anybody.get_by_role("button", name="Check").click()
    await anybody.get_by_role("heading", name="This letter is genuine").wait_for()
    assert NAME not in await anybody.inner_text("body")


async def the_case_is_passed_up(house: Services, case: str) -> None:
    """Nobody reported in time: the clock does it, and the manager sees it."""
    manager = await someone(house, "referral", "manager.cianjur")
    await seen(manager, f"/district/cases/{case}", "text=Passed up: >> nth=0")


async def the_agency_completes(house: Services, referral: str) -> None:
    agency = await someone(house, "referral", "agency.cianjur-education")
    await agency.goto(f"/agency/referrals/{referral}")
    await agency.get_by_text("Report the outcome", exact=True).first.click()
    await agency.get_by_label("Enrolled").check()
    await agency.locator("details[open]").get_by_role("button", name="Report the outcome").click()
    await agency.get_by_text("The social office was told the outcome.").wait_for()


async def the_ministry_follows_the_figure(house: Services, case: str) -> None:
    """Among cases of other districts, for a figure of one to four is told to nobody there."""
    others = []
    for created in recorded(6, area=BANDUNG, recorded_at=house.runtimes["reporting"].clock.now()):
        fact = CaseEscalated(cause="decision", to_tier="province", handling=a_handling_state(tier="province"))
        source, about = "/districts/32.04/referral", created.correlationid
        others += [created, an_event(fact, case=about, source=source, area=BANDUNG)]
    await hand(house.runtimes["reporting"], *others)
    analyst = await someone(house, "reporting", "analyst.ministry")
    assert await analyst.inner_text("h1") == "Indonesia"
    await analyst.locator(".figures a").click()
    await seen(analyst, analyst.url, f"a[href='/cases/{case}']")
    await analyst.locator(f"a[href='/cases/{case}']").click()
    await seen(analyst, f"/cases/{case}", ".timeline >> text=rated")
    told = await analyst.inner_text("main")
    assert "Kabupaten Cianjur" in told
    assert not [secret for secret in (NAME, ADDRESS, "Jambudipa", "Warungkondang") if secret in told]


async def the_operator_sees_the_health_of_all(house: Services, case: str) -> None:
    operator = await someone(house, "notification", "operator")
    await operator.locator(f"a[href='/messages?case={case}']").first.wait_for()
    for service, address in house.addresses.items():
        await operator.goto(f"{address}/operation")
        heading = await operator.inner_text("h1")
        assert service in heading
        assert "Stuck" not in heading


async def test_who_signs_out_at_one_service_is_out_at_all(house: Services, keycloak: RunningKeycloak) -> None:
    page = await someone(house, "referral", "manager.gorontalo")
    for address in house.addresses.values():
        # Keycloak knows them already: nothing is typed again.
        await page.goto(f"{address}/")
        assert await page.get_by_role("button", name="Sign out").count() == 1
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("heading", name="You are signed out").wait_for()

    for address in house.addresses.values():

        async def is_out(at: str = address) -> bool:
            await page.goto(f"{at}/")
            return page.url.startswith(keycloak.server.issuer)

        await eventually(is_out)
    await sign_in(page, "manager.gorontalo")
    assert await page.get_by_role("button", name="Sign out").count() == 1


@pytest.mark.parametrize("language", Language)
async def test_the_page_where_one_signs_in_is_looked_at_like_every_other(house: Services, language: Language) -> None:
    page = await house.visitor("intake", language=language)
    await page.goto("/")
    assert await page.get_attribute("html", "lang") == language.value
    assert (await page.locator("option:checked").inner_text()).strip() == language.own_name
    await inspect(page, f"sign-in-{language.value}")
    assert await faults_by_keyboard(page) == []
    await page.locator("#username").fill("nobody")
    await page.locator("#password").fill("not-this-one")
    await page.locator("#kc-login").click()
    await page.locator(".kc-feedback-text").wait_for()
    await inspect(page, f"sign-in-wrong-{language.value}")
