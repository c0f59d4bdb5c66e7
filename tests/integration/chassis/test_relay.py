"""The relay on real Kafka: in order, by one at a time, nothing lost while Kafka is away."""

from chassis.area import Scope
from chassis.bus.producer import PublishFailed
from chassis.outbox.outgoing import Outgoing, new_id
from chassis.outbox.relay import Relay
from chassis.store import Store, UnitOfWork
from chassis.store.unit_of_work import OUTBOX
from contracts import decode
from contracts.events import ComplaintCreated
from tests.harness.builders import JAMBUDIPA, RECORDED_AT, a_complaint_state
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics
from tests.harness.tiny import DESK, ENTRIES, Entry
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.chassis.conftest import OpenStore

VILLAGE = Scope(JAMBUDIPA)
CREATED = Outgoing(ComplaintCreated(complaint=a_complaint_state()))


async def tell(store: Store, case: str, times: int) -> None:
    """One new entry, then one unit of work an event about it."""

    async def begin(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).add(Entry(id=case, area=JAMBUDIPA, title="t", made_at=RECORDED_AT), [CREATED])

    await store.transact(VILLAGE, begin)
    await tell_more(store, case, times - 1)


async def tell_more(store: Store, case: str, times: int) -> None:
    """So many more events about an entry that is there."""

    async def go_on(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).save(await unit.of(ENTRIES).get(case), [CREATED])

    for _ in range(times):
        await store.transact(VILLAGE, go_on)


async def waiting_rows(store: Store) -> int:
    return int(await store.database[OUTBOX].count_documents({}))


def a_relay(store: Store, kafka_bootstrap: str, topics: str) -> Relay:
    return Relay(store, bootstrap_servers=kafka_bootstrap, topic_prefix=topics)


async def sequences_of(kafka_bootstrap: str, topics: str, case: str) -> list[int]:
    records = await read_topics(kafka_bootstrap, [f"{topics}complaint.created"])
    return [decode(record.value).sequence for record in records if record.key == case.encode()]


async def test_events_of_a_subject_are_published_in_order_once_and_the_outbox_is_empty_at_rest(
    store: Store, kafka_bootstrap: str, topics: str
) -> None:
    case = new_id()
    await tell(store, case, 12)
    relay = a_relay(store, kafka_bootstrap, topics)
    await relay.start()
    await eventually(lambda: waiting_rows(store), lambda rows: rows == 0)
    await relay.stop()
    assert await sequences_of(kafka_bootstrap, topics, case) == list(range(1, 13))


async def test_of_two_relays_one_publishes_and_the_other_takes_over_when_it_stops(
    open_store: OpenStore, kafka_bootstrap: str, topics: str
) -> None:
    first, second = await open_store(), await open_store()
    relays = [a_relay(first, kafka_bootstrap, topics), a_relay(second, kafka_bootstrap, topics)]
    for relay in relays:
        await relay.start()
    case, later = new_id(), new_id()
    await tell(first, case, 5)
    await eventually(lambda: waiting_rows(first), lambda rows: rows == 0)
    await relays[0].stop()
    await tell(first, later, 5)
    await eventually(lambda: waiting_rows(first), lambda rows: rows == 0)
    await relays[1].stop()
    assert await sequences_of(kafka_bootstrap, topics, case) == [1, 2, 3, 4, 5]
    assert await sequences_of(kafka_bootstrap, topics, later) == [1, 2, 3, 4, 5]


async def test_a_successor_fences_a_zombie_which_then_repeats_nothing(
    open_store: OpenStore, kafka_bootstrap: str, topics: str
) -> None:
    zombie_store, successor_store = await open_store(), await open_store()
    case = new_id()
    await tell(zombie_store, case, 3)
    zombie = a_relay(zombie_store, kafka_bootstrap, topics)
    # The zombie has read the outbox and holds an open producer when it is stopped for longer than its lease.
    producer = await zombie._open()
    rows = await zombie._read()
    successor = a_relay(successor_store, kafka_bootstrap, topics)
    await successor.start()
    await eventually(lambda: waiting_rows(successor_store), lambda rows: rows == 0)
    await successor.stop()
    fenced = False
    try:
        await producer.publish([event for row in rows for event in row.events])
    except PublishFailed:
        fenced = True
    finally:
        await producer.discard()
    assert fenced
    assert await sequences_of(kafka_bootstrap, topics, case) == [1, 2, 3]


async def test_while_kafka_is_away_deeds_are_accepted_and_told_when_it_is_back(
    start: Start, issuer: Issuer, kafka_bootstrap: str, topics: str
) -> None:
    cut_off = await start(DESK, kafka_bootstrap_servers="127.0.0.1:1")
    case = new_id()
    answer = await cut_off.api.post(
        "/entries",
        json={"id": case, "area": JAMBUDIPA, "title": "while Kafka is away"},
        headers={**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": "one"},
    )
    assert answer.status_code == 201
    assert (await cut_off.api.get("/health/ready")).status_code == 200
    await start(DESK)
    assert await eventually(lambda: sequences_of(kafka_bootstrap, topics, case), bool) == [1]


async def test_a_full_outbox_refuses_new_deeds_and_says_when_to_come_back(start: Start, issuer: Issuer) -> None:
    cut_off = await start(DESK, kafka_bootstrap_servers="127.0.0.1:1", outbox_limit_rows=1)
    headers = issuer.bearer("front_office", area=JAMBUDIPA)

    async def record() -> int:
        answer = await cut_off.api.post(
            "/entries",
            json={"id": new_id(), "area": JAMBUDIPA, "title": "t"},
            headers={**headers, "Idempotency-Key": new_id()},
        )
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            assert answer.json()["type"] == "urn:puskesos:problem:outbox-full"
        return answer.status_code

    await eventually(record, lambda status: status == 503)
    assert (await cut_off.api.get("/entries", headers=headers)).status_code == 200
