"""A partner agency at its pages, and whoever holds a letter."""

from pathlib import Path

from playwright.async_api import Page

from chassis.area import COUNTRY
from chassis.identity import Role
from services.referral.letters.store import LETTERS
from tests.browser.looking import inspect, look
from tests.browser.referred import DISTRICT, referred
from tests.browser.stand import Stand

EDUCATION = "cianjur-education"


async def clerk_of(stand: Stand) -> Page:
    return await stand.signed_in(
        "referral", Role.AGENCY, area=DISTRICT, agency=EDUCATION, subject="education-clerk", name="Pak Budi"
    )


async def test_an_agency_accepts_a_referral_and_reports_how_it_ended(stand: Stand) -> None:
    referral = await referred(stand)
    page = await clerk_of(stand)
    await page.goto("/agency")
    await look(page, "agency-to-answer")
    await page.locator(f'a[href="/agency/referrals/{referral}"]').click()
    await page.wait_for_url(f"**/referrals/{referral}")
    await look(page, "agency-referral")

    await page.get_by_text("Accept", exact=True).first.click()
    await inspect(page, "agency-accepting-en")
    await page.locator("details[open]").get_by_role("button", name="Accept").click()
    await page.get_by_text("Report the outcome here once").wait_for()
    await page.goto("/agency?shelf=in_progress")
    await look(page, "agency-in-progress")
    await page.locator(f'a[href="/agency/referrals/{referral}"]').click()
    await page.wait_for_url(f"**/referrals/{referral}")
    await page.get_by_text("Report the outcome", exact=True).first.click()
    await page.get_by_label("Enrolled").check()
    await inspect(page, "agency-completing-en")
    await page.locator("details[open]").get_by_role("button", name="Report the outcome").click()
    await page.get_by_text("The social office was told the outcome.").wait_for()
    await look(page, "agency-completed")
    await page.goto("/agency?shelf=over")
    await look(page, "agency-over")


async def test_a_rejection_without_a_reason_leads_to_the_reasons(stand: Stand) -> None:
    referral = await referred(stand)
    page = await clerk_of(stand)
    await page.goto(f"/agency/referrals/{referral}")
    await page.get_by_text("Reject", exact=True).first.click()
    await page.locator("details[open]").get_by_role("button", name="Reject").click()
    await page.get_by_role("link", name="Choose why you do not take it").wait_for()
    await inspect(page, "agency-reason-missing-en")
    await page.get_by_role("link", name="Choose why you do not take it").click()
    await page.get_by_label("No capacity").check()
    await page.locator("details[open]").get_by_role("button", name="Reject").click()
    await page.get_by_text("The social office was told, and asks the next agency.").wait_for()


async def test_a_letter_is_had_by_its_agency_and_confirmed_to_anybody(stand: Stand, tmp_path: Path) -> None:
    referral = await referred(stand)
    page = await clerk_of(stand)
    await page.goto(f"/agency/referrals/{referral}")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Letter of referral (PDF)").click()
    download = await downloading.value
    assert download.suggested_filename.startswith("surat-rujukan-32.03-")
    await download.save_as(tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-")

    letter = (await stand.runtimes["referral"].store.reading(COUNTRY, LETTERS).get(referral)).letter
    anybody = await stand.visitor("referral")
    await anybody.goto(letter.confirmed_at)
    assert "This letter is genuine" in await anybody.inner_text("h1")
    await look(anybody, "letter-confirmed")
    await anybody.goto("/letters")
    await look(anybody, "letter-ask")
    await anybody.get_by_label("Code of the letter").fill("AAAA-BBBB")
    await anybody.get_by_role("button", name="Check").click()
    await anybody.get_by_role("heading", name="No letter with this code").wait_for()
    await look(anybody, "letter-unknown")
