"""The operator: how a service does, dead letters looked at, tried, handled again and discarded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from chassis.bus import Message, folding
from chassis.dead_letters.letter import COLLECTION
from chassis.identity import Role
from contracts import encode
from tests.browser.looking import inspect, look
from tests.browser.stand import Stand
from tests.harness.builders import an_event
from tests.harness.waiting import eventually

FAR = 900_000
"""An offset that no topic of the stand reaches: these records lie on none."""
DISTRICT = "32.03"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class BadRelease(Exception):
    """What the release before the mend raises."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def none_left(stand: Stand) -> AsyncIterator[None]:
    """Who comes after finds no letters of ours."""
    yield
    await stand.runtimes["referral"].store.database[COLLECTION].delete_many({})


async def set_aside(stand: Stand, monkeypatch: pytest.MonkeyPatch, count: int) -> list[str]:
    """The district's service could not handle so many new cases, and something that is no event; the cases' ids."""
    events = [an_event(traceparent=TRACE) for _ in range(count)]
    bad, react = {event.id for event in events}, folding.Folder._react

    def break_down(folder: folding.Folder[Any], item: folding.Decoded, *rest: Any) -> None:
        if item.event.id in bad:
            raise BadRelease
        react(folder, item, *rest)

    records = [*(encode(event) for event in events), b"not json"]
    processor = stand.runtimes["referral"].processor
    assert processor is not None
    with monkeypatch.context() as bad_release:
        bad_release.setattr(folding.Folder, "_react", break_down)
        await processor.process(
            [Message("complaint.created", 0, FAR + n, b"key", value, None) for n, value in enumerate(records)]
        )
    return [event.correlationid for event in events]


async def are_known(stand: Stand, cases: list[str]) -> list[bool]:
    async with stand.api("referral", Role.BACK_OFFICE, area=DISTRICT, subject="back-office") as office:
        return [(await office.get(f"/v1/handlings/{case}")).is_success for case in cases]


async def an_operator(stand: Stand) -> Page:
    return await stand.signed_in("referral", Role.OPERATOR, area="", subject="operator", name="Pak Budi")


async def test_an_operator_has_dead_letters_handled_again_after_the_mend(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = await set_aside(stand, monkeypatch, 3)
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
    await page.goto(f"/operation/dead-letters/complaint.created-0-{FAR}")
    await page.get_by_text("Was handled again").first.wait_for()
    await inspect(page, "operator-letter-handled-en")


async def test_an_operator_discards_what_never_becomes_readable_and_says_why(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_aside(stand, monkeypatch, 1)
    page = await an_operator(stand)
    await page.goto(f"/operation/dead-letters/complaint.created-0-{FAR}")
    await look(page, "operator-letter")
    await page.goto(f"/operation/dead-letters/complaint.created-0-{FAR + 1}?lang=en")
    await page.locator("details.confirm summary").click()
    await page.get_by_role("button", name="Discard the letter").click()
    await page.locator(".errors").wait_for()
    await inspect(page, "operator-discarding-en")
    await page.get_by_label("Why it is discarded").fill("A test message of the 3rd")
    await page.get_by_role("button", name="Discard the letter").click()
    await page.get_by_text("Discarded: complaint.created").wait_for()
    assert await page.get_by_role("link", name="malformed_event").count() == 0
