"""Dead letters at the district's own service: a storm stops it by its limit; after the mend all is handled, once."""

from typing import Any

import pytest

from chassis.area import COUNTRY
from chassis.bus import folding
from chassis.dead_letters.box import Choice, DeadLetterBox
from contracts import Event, UnsupportedMajor, decode, encode
from services.referral.app import DEFINITION
from services.referral.store import HANDLINGS
from tests.harness.builders import a_record, an_event
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics, send
from tests.harness.service import RunningService
from tests.harness.waiting import eventually

CREATED, ASSESSED = "complaint.created", "case.assessed"
LIMIT = 5
FEW, STORM = 3, 12


class BadRelease(Exception):
    """What the release before the mend raises at every event."""


async def handlings(referral: RunningService) -> int:
    return await referral.runtime.store.reading(COUNTRY, HANDLINGS).count()


async def letters(referral: RunningService) -> list[str]:
    """The reasons of those that lie there."""
    return [letter.reason async for letter in DeadLetterBox(referral.runtime.store).list(Choice())]


async def replay_all(referral: RunningService) -> list[bool]:
    box, processor = DeadLetterBox(referral.runtime.store), referral.runtime.processor
    assert processor is not None
    return [(await box.replay(key, processor, by="somebody")).handled for key in await box.ids(Choice())]


async def cases_assessed(bootstrap: str, prefix: str, count: int) -> list[str]:
    """Waits until so many assessments were told, and says of which cases."""
    told = await eventually(lambda: read_topics(bootstrap, [prefix + ASSESSED]), lambda found: len(found) >= count)
    return sorted(decode(record.value).correlationid for record in told)


async def test_a_bad_release_stops_by_its_limit_and_after_the_mend_everything_is_handled_once(
    start: Start, kafka_bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [an_event() for _ in range(FEW + STORM)]

    def break_down(*_: Any) -> None:
        raise BadRelease

    with monkeypatch.context() as bad_release:
        bad_release.setattr(folding.Folder, "_react", break_down)
        broken = await start(DEFINITION, dead_letters_in_a_row_limit=LIMIT)
        await send(kafka_bootstrap, topics + CREATED, *(a_record(event) for event in events[:FEW]))
        await eventually(lambda: letters(broken), lambda reasons: len(reasons) == FEW)
        await send(kafka_bootstrap, topics + CREATED, *(a_record(event) for event in events[FEW:]))

        async def consumer() -> str:
            return str((await broken.api.get("/health/ready")).json()["consumer"])

        await eventually(consumer, lambda state: state == "stopped")
        # What exceeded the limit was not acknowledged: it waits on its topic, not among the letters.
        assert len(await letters(broken)) <= LIMIT
        assert await handlings(broken) == 0
        await broken.runtime.stop()

    mended = await start(DEFINITION, dead_letters_in_a_row_limit=LIMIT)
    died = len(await letters(mended))
    await eventually(lambda: handlings(mended), lambda count: count == len(events) - died)
    assert await replay_all(mended) == [True] * died
    assert await letters(mended) == []
    assert await handlings(mended) == len(events)
    known = sorted(event.correlationid for event in events)
    assert await cases_assessed(kafka_bootstrap, topics, len(events)) == known


def of_the_next_major(event: Event[Any]) -> bytes:
    return encode(event).replace(b"puskesos.complaint.created.v1", b"puskesos.complaint.created.v2")


async def test_an_event_of_a_future_major_waits_as_a_letter_for_the_upgrade_that_reads_it(
    start: Start, kafka_bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    future, present = an_event(), an_event()
    old = await start(DEFINITION)
    await send(kafka_bootstrap, topics + CREATED, (future.subject, of_the_next_major(future)), a_record(present))
    await eventually(lambda: handlings(old), lambda count: count == 1)
    assert await eventually(lambda: letters(old)) == [UnsupportedMajor.reason]
    assert await replay_all(old) == [False]
    await old.runtime.stop()

    def decode_both(value: bytes) -> Event[Any]:
        return decode(value.replace(b"puskesos.complaint.created.v2", b"puskesos.complaint.created.v1"))

    monkeypatch.setattr(folding, "decode", decode_both)
    upgraded = await start(DEFINITION)
    assert await replay_all(upgraded) == [True]
    assert await letters(upgraded) == []
    known = sorted([future.correlationid, present.correlationid])
    assert await cases_assessed(kafka_bootstrap, topics, 2) == known
