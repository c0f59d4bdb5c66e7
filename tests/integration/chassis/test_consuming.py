"""The aiokafka source: offsets follow commits, and nothing is lost between instances."""

import re

from chassis.area import COUNTRY
from chassis.bus.topics import subscription
from chassis.outbox.outgoing import new_id
from contracts import encode
from contracts.manifest import Manifest
from tests.harness.builders import a_record, an_event
from tests.harness.fixtures import Start
from tests.harness.kafka import send
from tests.harness.service import RunningService
from tests.harness.tiny import ACCOUNTS, LEDGER, POISON_AREA
from tests.harness.waiting import eventually


async def accounts(ledger: RunningService) -> int:
    return await ledger.runtime.store.reading(COUNTRY, ACCOUNTS).count()


async def dead(ledger: RunningService) -> int:
    return int(await ledger.runtime.store.database["dead_letters"].count_documents({}))


async def test_what_was_sent_while_nobody_listened_is_heard_at_the_next_start(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(30)))
    ledger = await start(LEDGER)
    await eventually(lambda: accounts(ledger), lambda count: count == 30)


async def test_instances_share_the_work_and_go_on_when_one_leaves(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    first = await start(LEDGER)
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(20)))
    second = await start(LEDGER)
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(20)))
    await eventually(lambda: accounts(first), lambda count: count == 40)
    assert second.runtime.source is not None
    await second.runtime.source.stop()
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(20)))
    await eventually(lambda: accounts(first), lambda count: count == 60)
    heard = await first.runtime.store.reading(COUNTRY, ACCOUNTS).all(limit=100)
    assert all(len(account.heard_events) == 1 for account in heard)


async def test_an_event_delivered_fifty_times_has_one_effect(start: Start, kafka_bootstrap: str, topics: str) -> None:
    ledger, event, marker = await start(LEDGER), an_event(), an_event()
    record = (event.subject, encode(event))
    await send(kafka_bootstrap, f"{topics}complaint.created", *([record] * 50), (event.subject, encode(marker)))
    await eventually(lambda: ledger.runtime.store.reading(COUNTRY, ACCOUNTS).find(marker.correlationid))
    account = await ledger.runtime.store.reading(COUNTRY, ACCOUNTS).get(event.correlationid)
    assert account.heard_events == (event.id,)


async def test_a_storm_of_poison_stops_the_consumer_and_after_mending_nothing_is_missing(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    key = new_id()
    poison = [(key, encode(an_event(area=POISON_AREA))) for _ in range(8)]
    good = an_event()
    await send(kafka_bootstrap, f"{topics}complaint.created", *poison, (key, encode(good)))
    stopped = await start(LEDGER, dead_letters_in_a_row_limit=5, batch_limit_events=2)

    async def state() -> str:
        return str((await stopped.api.get("/health/ready")).json()["consumer"])

    await eventually(state, lambda consumer: consumer == "stopped")
    assert await accounts(stopped) == 0
    assert re.search(r"^puskesos_consumer_stopped{.*} 1.0$", (await stopped.api.get("/metrics")).text, re.MULTILINE)
    # An operator who has looked at them starts the service with a higher limit: it goes on where it stopped.
    again = await start(LEDGER, dead_letters_in_a_row_limit=50)
    await eventually(lambda: accounts(again), lambda count: count == 1)
    assert await dead(again) == 8


async def test_a_tombstone_is_a_dead_letter_not_a_crash(start: Start, kafka_bootstrap: str, topics: str) -> None:
    ledger = await start(LEDGER)
    await send(kafka_bootstrap, f"{topics}complaint.created", ("key", b""))
    await eventually(lambda: dead(ledger), lambda count: count == 1)


def test_a_subscription_covers_every_agency_and_nothing_of_another_installation() -> None:
    pattern = re.compile(subscription(Manifest.load().read_by("referral"), "one."))
    assert pattern.match("one.complaint.created")
    assert pattern.match("one.partner.cianjur-education.referral.answered")
    assert not pattern.match("two.complaint.created")
    assert not pattern.match("one.complaint.created.v2")
    assert not pattern.match("one.partner.cianjur-education.referral.issued")
