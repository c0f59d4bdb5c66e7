"""The operator: how a service does, dead letters looked at, tried, handled again and discarded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from chassis.bus import Message, folding
from chassis.dead_letters.box import Choice, DeadLetterBox
from chassis.dead_letters.letter import COLLECTION
from chassis.identity import Role
from chassis.outbox.outgoing import new_id
from tests.browser.looking import inspect, look
from tests.browser.referred import DISTRICT, recorded
from tests.browser.stand import Stand
from tests.harness.waiting import eventually

NOWHERE = 900_000
"""An offset that no topic of the stand reaches."""


class BadRelease(Exception):
    """What the district's release before the mend raises."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def none_left(stand: Stand) -> AsyncIterator[None]:
    """Who comes after finds no letters of ours."""
    yield
    await stand.runtimes["referral"].store.database[COLLECTION].delete_many({})


async def set_aside(stand: Stand, monkeypatch: pytest.MonkeyPatch, count: int) -> list[str]:
    """The district could not handle so many cases that the village recorded; their ids."""
    cases, react = [new_id() for _ in range(count)], folding.Folder._react

    def break_down(folder: folding.Folder[Any], item: folding.Decoded, *rest: Any) -> None:
        if folder._group.endswith("referral") and item.event.correlationid in cases:
            raise BadRelease
        react(folder, item, *rest)

    with monkeypatch.context() as bad_release:
        bad_release.setattr(folding.Folder, "_react", break_down)
        for case in cases:
            await recorded(stand, case)
        await eventually(lambda: letters(stand), lambda found: len(found) == count)
    return cases


async def set_garbage_aside(stand: Stand) -> str:
    """Something came that is no event; the letter's name."""
    processor = stand.runtimes["referral"].processor
    assert processor is not None
    await processor.process([Message("complaint.created", 0, NOWHERE, b"key", b"not json", None)])
    return f"complaint.created-0-{NOWHERE}"


async def letters(stand: Stand) -> list[str]:
    """The names of those that lie at the district."""
    return [letter.id async for letter in DeadLetterBox(stand.runtimes["referral"].store).list(Choice())]


async def are_known(stand: Stand, cases: list[str]) -> list[bool]:
    async with stand.api("referral", Role.BACK_OFFICE, area=DISTRICT, subject="back-office") as office:
        return [(await office.get(f"/v1/handlings/{case}")).is_success for case in cases]


async def an_operator(stand: Stand) -> Page:
    return await stand.signed_in("referral", Role.OPERATOR, area="", subject="operator", name="Pak Budi")


async def test_an_operator_has_dead_letters_handled_again_after_the_mend(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = await set_aside(stand, monkeypatch, 3)
    first, *_rest = await letters(stand)
    await set_garbage_aside(stand)
    page = await an_operator(stand)
    link = page.get_by_role("link", name="4 dead letters")

    async def told() -> bool:
        await page.goto("/operation")
        return await link.count() > 0

    await eventually(told)
    await inspect(page, "operator-service-en")
    await link.click()
    await page.get_by_role("heading", name="Dead letters of referral").wait_for()
    await look(page, "operator-dead-letters")

    await page.get_by_role("link", name="handler_failed").click()
    await page.get_by_role("button", name="Try 3 letters again").click()
    await page.get_by_role("button", name="Handle 3 letters again").wait_for()
    assert await are_known(stand, cases) == [False] * 3
    await look(page, "operator-trial")

    await page.get_by_role("button", name="Handle 3 letters again").click()
    await page.get_by_text("Everything that was taken is handled.").wait_for()
    assert await are_known(stand, cases) == [True] * 3
    await look(page, "operator-replayed")
    await page.goto(f"/operation/dead-letters/{first}")
    await page.get_by_text("Was handled again").first.wait_for()
    await inspect(page, "operator-letter-handled-en")


async def test_an_operator_discards_what_never_becomes_readable_and_says_why(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(stand, monkeypatch, 1)
    (letter,) = await letters(stand)
    garbage = await set_garbage_aside(stand)
    page = await an_operator(stand)
    await page.goto(f"/operation/dead-letters/{letter}")
    await look(page, "operator-letter")
    await page.goto(f"/operation/dead-letters/{garbage}?lang=en")
    await page.locator("details.confirm summary").click()
    await page.get_by_role("button", name="Discard the letter").click()
    await page.locator(".errors").wait_for()
    await inspect(page, "operator-discarding-en")
    await page.get_by_label("Why it is discarded").fill("A test message of the 3rd")
    await page.get_by_role("button", name="Discard the letter").click()
    await page.get_by_text("Discarded: complaint.created").wait_for()
    assert await page.get_by_role("link", name="malformed_event").count() == 0
