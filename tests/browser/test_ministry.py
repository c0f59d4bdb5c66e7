"""The ministry at the screen: from the country down to a case and its traces, and surges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio

from chassis.identity import Role
from contracts import Event
from contracts.events import CaseEscalated
from tests.browser.looking import look
from tests.browser.stand import Stand
from tests.harness.builders import JAMBUDIPA, an_event
from tests.integration.reporting.cases import hand, recorded
from tests.unit.reporting.builders import a_handling_state, a_whole_case, answered_at_the_desk

BANDUNG, TOMOHON = "32.04.01.2001", "71.73.01.1007"
NOW = datetime.now(UTC)


def a_year() -> list[Event[Any]]:
    """Cases of the last months in four districts, one small enough to be left out above it; some were passed up, and
    there is a surge just now.
    """
    events: list[Event[Any]] = []
    for months, count in enumerate((9, 14, 11, 8, 12, 16)):
        then = NOW - timedelta(days=30 * months)
        events += recorded(count, recorded_at=then, occurred_at=then)
        events += recorded(count // 2, area=BANDUNG, sector="health", recorded_at=then, occurred_at=then)
    lately: dict[str, Any] = {"recorded_at": NOW, "occurred_at": NOW - timedelta(minutes=8)}
    events += recorded(3, area="32.02.01.2001", **lately)
    events += recorded(14, area=TOMOHON, kind="grievance", sector="food", **lately)
    for created in recorded(6, area=BANDUNG, **lately):
        fact = CaseEscalated(cause="decision", to_tier="province", handling=a_handling_state(tier="province"))
        case = created.correlationid
        events += [created, an_event(fact, case=case, source="/districts/32.04/referral", area=BANDUNG)]
    return [*events, *a_whole_case(), *answered_at_the_desk()]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(whole_stand: Stand) -> None:
    await hand(whole_stand.runtimes["reporting"], *a_year())


async def test_an_analyst_goes_from_the_country_down_to_a_case(stand: Stand, told: None) -> None:
    page = await stand.signed_in("reporting", Role.ANALYST, area="", name="Bapak Adi")
    await page.goto("/")
    assert await page.inner_text("h1") == "Indonesia"
    await page.wait_for_selector("figure.chart canvas")
    await look(page, "ministry-country")

    await page.goto("/figures?lang=en")
    await page.click("text=Jawa Barat")
    assert await page.inner_text("h1") == "Jawa Barat"
    assert await page.is_hidden("#between")
    await page.select_option("#field-period", "between")
    assert await page.is_visible("#between")
    await page.select_option("#field-period", str(NOW.year))
    await page.select_option("#field-only", "kind:participation")
    await page.click("main button:text('Show')")
    assert "only: Wants to join a programme" in await page.inner_text(".lead")
    await look(page, "ministry-province")

    await page.goto("/figures?lang=en")
    await page.click(".figures a")
    assert await page.locator("tbody tr").count() >= 6
    await look(page, "ministry-cases")
    await page.goto("/cases?lang=en")
    await page.click("tbody th a")
    assert "Recorded in the village" in await page.inner_text(".timeline")
    await look(page, "ministry-case")


async def test_a_surge_is_seen_by_the_ministry_within_the_hour(stand: Stand, told: None) -> None:
    page = await stand.signed_in("reporting", Role.AUDITOR, area="", name="Ibu Rina")
    await page.goto("/figures/surges")
    # What other tests record within this hour may be a surge as well.
    assert "Going on" in await page.locator("tbody tr").filter(has_text="Kota Tomohon").inner_text()
    await look(page, "ministry-surges")


async def test_a_district_reads_its_villages(stand: Stand, told: None) -> None:
    page = await stand.signed_in("reporting", Role.MANAGER, area="32.03", name="Ibu Dewi")
    await page.goto("/figures")
    await page.click("text=Warungkondang")
    await page.click("tbody th a >> text=Jambudipa")
    assert await page.inner_text("h1") == "Jambudipa"
    await look(page, "ministry-village")
    await page.click(".figures a")
    assert f"area={JAMBUDIPA}" in page.url
    assert await page.locator("tbody tr").count() > 5


async def test_what_cannot_be_chosen_says_what_to_do(stand: Stand, told: None) -> None:
    page = await stand.signed_in("reporting", Role.ANALYST, area="", name="Bapak Adi")
    await page.goto("/figures?period=between&from=2026-11-03&to=2026-11-20")
    assert "whole months" in await page.inner_text(".notice")
    await look(page, "ministry-refused")
