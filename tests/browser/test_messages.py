"""What became of messages, what they say, and what would reach each person."""

from pathlib import Path

from playwright.async_api import Browser

from chassis.identity import Role
from contracts.vocabulary import MessageChannel
from deploy.embedded.companion.app import create_app
from deploy.embedded.companion.mail import MailBox
from deploy.embedded.companion.phones import PhoneBox
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.ports import any_free_port
from tests.browser.looking import inspect, look
from tests.browser.referred import arrived
from tests.browser.services import FIRST_LOOK_BUDGET_MS
from tests.browser.serving import serving
from tests.browser.stand import Stand
from tests.harness.waiting import eventually

LETTER = b"Subject: Laporan 3203022002-26-000147-8 sudah kami terima\r\nMessage-ID: <1@puskesos>\r\n\r\nTerima kasih."


async def test_an_operator_follows_what_became_of_the_messages_about_a_case(stand: Stand) -> None:
    case = await arrived(stand)
    operator = await stand.signed_in("notification", Role.OPERATOR, area="", name="Pak Budi")
    link = operator.locator(f'a[href="/messages?case={case}"]')

    async def listed() -> bool:
        await operator.goto("/messages")
        return await link.count() > 0

    await eventually(listed)
    await link.click()
    await operator.get_by_text("The complaint was received").wait_for()
    await look(operator, "messages-log")
    await operator.goto("/messages?case=unknown")
    await inspect(operator, "messages-log-refused-en")
    await operator.goto("/messages?channel=whatsapp")
    await operator.get_by_text("No message is like this.").wait_for()
    await inspect(operator, "messages-log-empty-en")


async def test_a_manager_reads_what_citizens_read(stand: Stand) -> None:
    manager = await stand.signed_in("notification", Role.MANAGER, area="32.03")
    await manager.goto("/messages/templates")
    await manager.get_by_text("puskesos_complaint_received").click()
    await look(manager, "messages-texts")
    await manager.get_by_text("puskesos_complaint_received").click()
    await inspect(manager, "messages-texts-open-en")


async def test_the_inbox_shows_what_would_reach_each_person(chromium: Browser, tmp_path: Path) -> None:
    phones = PhoneBox(tmp_path / "phones")
    MailBox(tmp_path / "mail").keep("puskesos@demo.invalid", ["ibu@rekaan.example"], LETTER)
    app = create_app(CompanionSettings(var=tmp_path, smtp_port=any_free_port()))
    async with serving(app, name="companion") as address:
        context = await chromium.new_context(base_url=address, locale="en-GB")
        context.set_default_timeout(FIRST_LOOK_BUDGET_MS)
        inbox = await context.new_page()
        for _ in range(2):
            phones.keep(MessageChannel.SMS, "+6281200000000", "Puskesos: laporan 3203022002-26-000147-8 ditutup.", "1")
        await inbox.goto("/inbox")
        await look(inbox, "inbox")
        await inbox.get_by_role("link", name="+6281200000000").click()
        await inbox.get_by_text("came 2 times").wait_for()
        await inspect(inbox, "inbox-of-one-en")
        await context.close()
