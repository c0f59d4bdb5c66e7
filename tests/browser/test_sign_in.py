"""What sign-in itself shows, at every service alike."""

import pytest

from chassis.pages import Language
from tests.browser.keyboard import faults_by_keyboard
from tests.browser.looking import inspect, look
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


@pytest.mark.parametrize("language", Language)
async def test_while_nobody_can_sign_in_one_reads_when_to_try_again(stand: Stand, language: Language) -> None:
    page = await stand.visitor("intake", language=language)
    answer = await page.goto("/village")  # the stand's issuer has no page where one signs in
    assert answer is not None
    assert answer.status == 503
    assert answer.headers["retry-after"]
    await inspect(page, f"sign-in-away-{language.value}")
    assert await faults_by_keyboard(page) == []
