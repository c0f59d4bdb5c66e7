"""The village's window and the citizen's page, as people use them."""

from playwright.async_api import Page

from chassis.identity import Role
from chassis.outbox.outgoing import new_id
from chassis.pages import Language
from tests.browser.looking import inspect, look, photograph
from tests.browser.stand import Stand
from tests.integration.intake.builders import a_complaint

VILLAGE = "32.03.02.2002"
EMPTY_VILLAGE = "32.03.02.2006"


async def clerk(stand: Stand, role: Role = Role.FACILITATOR, area: str = VILLAGE) -> Page:
    page = await stand.signed_in("intake", role, area=area, subject=role.value)
    await page.goto("/")
    return page


async def type_in(page: Page, label: str, text: str) -> None:
    await page.get_by_label(label).first.press_sequentially(text)


async def record(page: Page, name: str = "Ibu Rekaan") -> None:
    """As a facilitator does who has the card and the papers before them."""
    await page.get_by_role("link", name="Record a case").first.click()
    await type_in(page, "NIK", "3203025705900000")
    await type_in(page, "Name, as on the card", name)
    await page.get_by_label("PKH").first.check()
    await page.get_by_label("Family card (KK)").first.check()
    await type_in(page, "In the citizen's words", "Minta bantuan sekolah untuk dua anak.")
    await page.get_by_label("WhatsApp", exact=True).check()
    await type_in(page, "Telephone", "081234567890")
    await page.get_by_label("How the citizen agreed to messages").select_option("signed_form")
    await page.get_by_role("button", name="Record the case").click()
    await page.get_by_text("The case is recorded").wait_for()


async def recorded(stand: Stand) -> str:
    """A case that the API took; its id."""
    case = new_id()
    async with stand.api("intake", Role.FRONT_OFFICE, area=VILLAGE, subject="front-office") as desk:
        told = a_complaint(case_id=case)
        answer = await desk.post("/v1/complaints", json=told, headers={"Idempotency-Key": case})
        assert answer.is_success, answer.text
    return case


async def test_a_case_is_recorded_and_its_receipt_given(stand: Stand) -> None:
    page = await clerk(stand)
    await page.goto("/village/new")
    await look(page, "village-new")
    await page.goto("/village?lang=en")
    await record(page)
    await page.goto(page.url)
    await look(page, "village-case")
    await page.goto("/village")
    await look(page, "village-today")
    await page.goto("/village?lang=en")
    await page.get_by_role("link", name="Ibu Rekaan").first.click()
    await page.get_by_role("button", name="Receipt with code").click()
    code = await page.locator(".receipt-code").inner_text()
    number = await page.locator(".receipt-number").inner_text()
    await inspect(page, "village-receipt-en")
    await page.emulate_media(media="print")
    assert not await page.get_by_role("button", name="Print").is_visible()
    await photograph(page, "village-receipt-print")

    citizen = await stand.visitor("intake", language=Language.INDONESIAN)
    await citizen.goto(f"/case/{number}#{code}")
    await citizen.get_by_role("heading", name="Kasus Anda", exact=True).wait_for()
    assert code not in citizen.url
    await look(citizen, "citizen-case")
    await citizen.goto(f"/case/{number}/messages")
    await look(citizen, "citizen-messages")


async def test_the_day_is_empty_before_the_first_visitor(stand: Stand) -> None:
    page = await clerk(stand, Role.FRONT_OFFICE, EMPTY_VILLAGE)
    await page.get_by_role("link", name="Record the first case").wait_for()
    await look(page, "village-today-empty")


async def test_what_is_typed_outlives_a_closed_page_and_ends_when_it_is_recorded(stand: Stand) -> None:
    page = await clerk(stand)
    await page.goto("/village/new")
    await type_in(page, "Name, as on the card", "Bapak Rekaan")
    await page.get_by_label("If there is no NIK: why").first.select_option("not_at_hand")
    await page.get_by_label("KIP").first.check()
    await page.goto("/village")
    await page.goto("/village/new")
    assert await page.get_by_label("Name, as on the card").first.input_value() == "Bapak Rekaan"
    await page.get_by_role("button", name="Record the case").click()
    await page.get_by_text("The case is recorded").wait_for()
    await page.wait_for_load_state()
    await page.goto("/village/new")
    assert await page.get_by_label("Name, as on the card").first.input_value() == ""
    assert await page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


async def test_a_refusal_keeps_what_was_typed_and_leads_to_the_field(stand: Stand) -> None:
    page = await clerk(stand)
    await page.goto("/village/new")
    await page.get_by_label("NIK").first.fill("1234")
    await page.get_by_label("Name, as on the card").first.fill("Ibu Rekaan")
    await page.get_by_role("button", name="Record the case").click()
    await page.locator(".errors").wait_for()
    await inspect(page, "village-new-refused-en")
    await page.locator(".errors a").first.click()
    assert await page.evaluate("document.activeElement.name") == "m0_nik"
    assert await page.get_by_label("Name, as on the card").first.input_value() == "Ibu Rekaan"


async def test_people_are_found_without_loading_the_page_anew(stand: Stand) -> None:
    await recorded(stand)
    page = await clerk(stand, Role.FRONT_OFFICE)
    await page.goto("/village/find")
    await look(page, "village-find")
    await page.get_by_label("Case number, beginning of the name, or NIK").fill("ibu rek")
    await page.get_by_role("button", name="Find").click()
    await page.locator("#found .cases").wait_for()
    assert page.url.split("?")[0].endswith("/village/find")
    await inspect(page, "village-found-en")


async def test_what_has_no_address_of_its_own_is_looked_at_in_indonesian_too(stand: Stand) -> None:
    case = await recorded(stand)
    page = await stand.signed_in("intake", Role.FRONT_OFFICE, area=VILLAGE, language=Language.INDONESIAN)
    await page.goto(f"/village/cases/{case}")
    await page.get_by_role("button", name="Tanda terima dengan kode").click()
    await page.locator(".receipt-code").wait_for()
    await inspect(page, "village-receipt-id")
    await page.goto("/village/find")
    await page.get_by_label("Nomor kasus, awal nama, atau NIK").fill("ibu rek")
    await page.get_by_role("button", name="Cari").click()
    await page.locator("#found .cases").wait_for()
    await inspect(page, "village-found-id")


async def test_what_cannot_be_undone_is_asked_first(stand: Stand) -> None:
    case = await recorded(stand)
    page = await clerk(stand, Role.FRONT_OFFICE)
    await page.goto(f"/village/cases/{case}")
    await page.get_by_text("Withdraw the case").first.click()
    await page.get_by_text("It cannot be undone.").last.wait_for()
    await inspect(page, "village-case-withdrawing-en")
    await page.locator("form[action$='/withdrawal'] button").click()
    await page.get_by_text("The case is withdrawn.").wait_for()


async def test_a_citizen_tells_the_facilitator_how_to_be_reached_and_thinks_otherwise(stand: Stand) -> None:
    case = await recorded(stand)
    page = await clerk(stand)
    await page.goto(f"/village/cases/{case}")

    async def choose(wish: str) -> None:
        await page.get_by_role("link", name="How to reach the citizen").click()
        await page.get_by_label(wish).check()
        await page.get_by_role("button", name="Keep this").click()

    await page.get_by_role("link", name="How to reach the citizen").click()
    await look(page, "village-reaching")
    await page.goto(f"/village/cases/{case}/reaching?lang=en")
    await page.get_by_label("SMS", exact=True).check()
    await page.get_by_role("button", name="Keep this").click()
    await page.get_by_role("link", name="Telephone: ").click()
    await page.get_by_label("Telephone").fill("0812 3456 7890")
    await page.get_by_label("If that does not work, by").select_option("email")
    await page.get_by_role("button", name="Keep this").click()
    await page.get_by_text("The next message goes this way").wait_for()
    assert await page.get_by_role("listitem").filter(has_text="SMS: +6281234567890").count() == 1
    await choose("Wants no messages")
    await page.get_by_text("The citizen wants no messages.").wait_for()
    await choose("Wants to be told how the case goes")
    await page.get_by_text("The next message goes this way").wait_for()


async def test_the_citizens_door_is_open_to_everybody(stand: Stand) -> None:
    citizen = await stand.visitor("intake")
    await citizen.goto("/case")
    await look(citizen, "citizen-door")
    await citizen.get_by_label("Case number").fill("3203022002-26-00017-4")
    await citizen.get_by_label("Code").fill("0000-0000")
    await citizen.get_by_role("button", name="Show my case").click()
    await citizen.locator(".errors").wait_for()
    await inspect(citizen, "citizen-door-refused-en")


async def test_a_case_is_recorded_without_script(stand: Stand) -> None:
    signed_in = await clerk(stand)
    context = await stand.browser.new_context(
        base_url=stand.addresses["intake"],
        locale="en-GB",
        java_script_enabled=False,
        storage_state=await signed_in.context.storage_state(),
    )
    page = await context.new_page()
    await page.goto("/village")
    await record(page, "Ibu Tanpa Skrip")
    assert await page.get_by_role("heading", name="Ibu Tanpa Skrip").count() == 1
    await context.close()
