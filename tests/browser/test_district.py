"""The district's office at its pages: drafting, reviewing, deciding, and looking ahead."""

import re

from playwright.async_api import Page

from chassis.identity import Role
from tests.browser.looking import inspect, look
from tests.browser.referred import DISTRICT, SUB_DISTRICT, arrived
from tests.browser.stand import Stand


async def at(stand: Stand, role: Role, area: str = DISTRICT) -> Page:
    page = await stand.signed_in("referral", role, area=area, subject=role.value, name="Ibu Ratna")
    await page.goto("/district")
    return page


async def test_three_people_bring_a_case_from_the_village_to_the_agencies(stand: Stand) -> None:
    case = await arrived(stand)
    officer = await at(stand, Role.BACK_OFFICE)
    await look(officer, "district-queue")
    await officer.locator(f'a[href="/district/cases/{case}"]').click()
    await look(officer, "district-case")
    await officer.get_by_role("link", name="Draft the recommendation").click()
    await look(officer, "district-recommendation")
    await officer.locator('[name="decision-pkh"][value="refuse"]').check()
    await officer.get_by_role("button", name="Pass on to the supervisor").click()
    await officer.get_by_role("link", name=re.compile("Say why it is refused")).wait_for()
    await inspect(officer, "district-refused-en")
    await officer.locator('[name="decision-pkh"][value="propose"]').check()
    await officer.get_by_role("button", name="Pass on to the supervisor").click()
    await officer.get_by_text("The draft was passed on to the supervisor.").wait_for()

    supervisor = await at(stand, Role.SUPERVISOR, SUB_DISTRICT)
    await supervisor.locator(f'a[href="/district/cases/{case}"]').click()
    await supervisor.get_by_role("link", name="Review the draft").click()
    await look(supervisor, "district-review")
    await supervisor.get_by_text("Return it", exact=True).first.click()
    await inspect(supervisor, "district-returning-en")
    await supervisor.get_by_role("button", name="Approve and pass on").click()
    await supervisor.get_by_text("Approved, and passed on to the manager.").wait_for()

    manager = await at(stand, Role.MANAGER)
    await manager.locator(f'a[href="/district/cases/{case}"]').click()
    await manager.get_by_role("link", name="Decide", exact=True).click()
    await manager.get_by_text("Dinas Pendidikan Kabupaten Cianjur is asked about").wait_for()
    await look(manager, "district-decision")
    await manager.get_by_role("button", name="Approve and carry out").click()
    await manager.get_by_text("What was recommended is being carried out.").wait_for()
    await look(manager, "district-decided")
    await manager.goto("/district/overdue")
    await manager.get_by_text("Dinas Pendidikan Kabupaten Cianjur").first.wait_for()
    await look(manager, "district-overdue")


async def test_a_queue_is_filtered_without_loading_the_page_anew(stand: Stand) -> None:
    case = await arrived(stand)
    officer = await at(stand, Role.BACK_OFFICE)
    await officer.get_by_text("Filter the cases").click()
    await officer.get_by_label("Kind").select_option("enquiry")
    await officer.get_by_text("No case here fits the filter").wait_for()
    await inspect(officer, "district-queue-empty-en")
    await officer.get_by_label("Kind").select_option("")
    await officer.locator(f'a[href="/district/cases/{case}"]').wait_for()


async def test_whoever_was_slower_sees_what_they_had_typed_beside_what_the_case_is_now(stand: Stand) -> None:
    case = await arrived(stand)
    slow, quick = [await at(stand, Role.BACK_OFFICE) for _ in range(2)]
    for page in (slow, quick):
        await page.goto(f"/district/cases/{case}/recommendation")
        await page.locator('[name="decision-pkh"][value="propose"]').check()
        await page.locator('[name="decision-kip"][value="refer"]').check()
    await quick.get_by_role("button", name="Pass on to the supervisor").click()
    await quick.get_by_text("The draft was passed on to the supervisor.").wait_for()
    await slow.get_by_role("button", name="Pass on to the supervisor").click()
    await slow.get_by_text("What you had chosen").wait_for()
    await inspect(slow, "district-overtaken-en")
