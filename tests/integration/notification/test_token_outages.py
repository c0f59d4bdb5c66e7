"""The token endpoint dead or slow: messages wait for it, none is lost and none is sent twice."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain.delivery import DeliveryStatus
from tests.faults.rig.proxy import LOOPBACK, Proxy
from tests.harness.waiting import eventually
from tests.integration.notification.conftest import Notification, Notify
from tests.integration.notification.outside import Intake, MailServer
from tests.unit.notification import story
from tests.unit.notification.story import Teller

MESSAGES = 5


async def dead(line: Proxy) -> None:
    await line.cut()


async def slow(line: Proxy) -> None:
    line.slow(5.5)  # longer than a token is waited for


async def attempts(notification: Notification) -> int:
    work = notification.service.runtime.store.database["work"]
    return sum([int(row["attempts"]) async for row in work.find({})])


@pytest.mark.parametrize("fault", [dead, slow])
async def test_messages_wait_for_the_token_and_go_out_once(
    notify: Notify, intake: Intake, mail: MailServer, fault: Callable[[Proxy], Awaitable[None]]
) -> None:
    line = Proxy(LOOPBACK, int(intake.url.rpartition(":")[2]))
    await line.start()
    try:
        notification = await notify(intake, mail, token_url=f"http://{line.address}/token", send_attempts_limit=100)
        await fault(line)
        tellers = [Teller(now=datetime.now(UTC) - timedelta(hours=1)) for _ in range(MESSAGES)]
        for teller in tellers:
            await notification.hears(teller.tells(story.accepted()))
        await eventually(lambda: attempts(notification), lambda made: made > MESSAGES)
        assert mail.letters == []

        await line.heal()
        for teller in tellers:
            (delivery,) = await notification.ended(teller.case)
            assert delivery.status is DeliveryStatus.DELIVERED
        assert len(mail.letters) == MESSAGES
        assert len({letter["Message-ID"] for letter in mail.letters}) == MESSAGES
    finally:
        await line.stop()
