"""What sign-in itself shows, at every service alike."""

from tests.browser.looking import look
from tests.browser.stand import Stand


async def test_who_signed_out_reads_where_they_are_still_signed_in(stand: Stand) -> None:
    page = await stand.visitor("intake")
    await page.goto("/sign-out?only=here")
    await page.get_by_role("button", name="Sign out everywhere").wait_for()
    await look(page, "signed-out-here")
    await page.goto("/sign-out")
    await page.get_by_text("Nobody can go on here as you.").wait_for()
    await look(page, "signed-out")


async def test_a_sign_in_that_lapsed_says_how_to_begin_anew(stand: Stand) -> None:
    page = await stand.visitor("referral")
    await page.goto("/sign-in/callback?state=of-yesterday&code=1")
    await page.get_by_text("This sign-in took longer than ten minutes").wait_for()
    await look(page, "sign-in-refused")
