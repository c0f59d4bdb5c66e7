"""Topics that do not exist: told of with the command that makes them, and in nobody's way."""

from collections.abc import Callable

import pytest

from chassis.bus import topics_command
from chassis.bus.topics import create_topics
from chassis.main import parser_of
from chassis.operation import watch as watch_module
from chassis.operation.situation import Concern, OperationReport
from chassis.outbox import held as held_module
from chassis.outbox import publisher
from chassis.outbox.outgoing import Outgoing, new_id
from chassis.outbox.publisher import EVENT_LIMIT_BYTES, Queued
from chassis.outbox.relay import Relay
from chassis.service import Runtime, Service, ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.store import Store, UnitOfWork
from chassis.store.unit_of_work import HELD, OUTBOX
from contracts import decode
from contracts.events import PartnerReferralIssued
from contracts.manifest import Manifest
from tests.harness.builders import JAMBUDIPA, RECORDED_AT
from tests.harness.fixtures import Start
from tests.harness.kafka import delete_topics, read_topics
from tests.harness.tiny import DESK, ENTRIES, LEDGER, Entry
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.chassis.test_relay import CREATED, VILLAGE, a_relay, sequences_of, tell, waiting_rows

AGENCY = "newly-joined"
FEED = f"partner.{AGENCY}.referral.issued"


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_module, "LOOK_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(watch_module, "EVERY_SECONDS", 0.2)


def to_the_agency(referral: str, attempt: int) -> Outgoing:
    data = PartnerReferralIssued(
        referral_id=referral,
        agency=AGENCY,
        programme="kip",
        attempt=attempt,
        issued_at=RECORDED_AT,
        due_at=RECORDED_AT,
    )
    return Outgoing(data, subject=referral, agency=AGENCY)


async def begin(store: Store, case: str) -> None:
    async def deed(unit: UnitOfWork) -> None:
        await unit.of(ENTRIES).add(Entry(id=case, area=JAMBUDIPA, title="t", made_at=RECORDED_AT))

    await store.transact(VILLAGE, deed)


async def refer(store: Store, case: str, referral: str, attempt: int) -> None:
    """One unit of work that tells everybody and the agency."""

    async def deed(unit: UnitOfWork) -> None:
        told = [CREATED, to_the_agency(referral, attempt)]
        await unit.of(ENTRIES).save(await unit.of(ENTRIES).get(case), told)

    await store.transact(VILLAGE, deed)


async def held_rows(store: Store) -> int:
    return int(await store.database[HELD].count_documents({}))


async def attempts_on_the_feed(kafka_bootstrap: str, topics: str) -> list[int]:
    events = [decode(record.value) for record in await read_topics(kafka_bootstrap, [topics + FEED])]
    return [event.data.attempt for event in events if isinstance(event.data, PartnerReferralIssued)]


async def test_facts_for_a_missing_topic_wait_in_order_and_hold_up_no_others(
    store: Store, kafka_bootstrap: str, topics: str
) -> None:
    case, referral, other = new_id(), new_id(), new_id()
    await begin(store, case)
    first = a_relay(store, kafka_bootstrap, topics)
    await first.start()
    for attempt in (1, 2):
        await refer(store, case, referral, attempt)
    await tell(store, other, 3)
    await eventually(lambda: waiting_rows(store), lambda rows: rows == 0)
    assert await held_rows(store) == 2
    assert await sequences_of(kafka_bootstrap, topics, case) == [1, 2]
    assert await sequences_of(kafka_bootstrap, topics, other) == [1, 2, 3]
    await first.stop()

    # Told before the successor starts: it must not pass what its predecessor had set aside.
    await create_topics(kafka_bootstrap, Manifest.load(), prefix=topics, names=[FEED], partitions=1)
    await refer(store, case, referral, 3)
    successor = Relay(store, bootstrap_servers=kafka_bootstrap, topic_prefix=topics)
    await successor.start()
    await eventually(lambda: attempts_on_the_feed(kafka_bootstrap, topics), lambda told: len(told) == 3)
    await refer(store, case, referral, 4)
    await eventually(lambda: attempts_on_the_feed(kafka_bootstrap, topics), lambda told: told == [1, 2, 3, 4])
    assert (await held_rows(store), await waiting_rows(store)) == (0, 0)
    await successor.stop()
    await delete_topics(kafka_bootstrap, [topics + FEED])


async def test_a_running_relay_tells_what_it_set_aside_once_the_topic_is_made(
    store: Store, kafka_bootstrap: str, topics: str
) -> None:
    case, referral = new_id(), new_id()
    await begin(store, case)
    relay = a_relay(store, kafka_bootstrap, topics)
    await relay.start()
    await refer(store, case, referral, 1)
    await eventually(lambda: held_rows(store), lambda rows: rows == 1)
    await create_topics(kafka_bootstrap, Manifest.load(), prefix=topics, names=[FEED], partitions=1)
    await eventually(lambda: held_rows(store), lambda rows: rows == 0)
    assert await attempts_on_the_feed(kafka_bootstrap, topics) == [1]
    await relay.stop()
    await delete_topics(kafka_bootstrap, [topics + FEED])


KNOWS_AN_AGENCY: ServiceDefinition[ServiceSettings] = ServiceDefinition(
    name=LEDGER.name,
    summary="A ledger that knows an agency nobody made topics for.",
    settings=ServiceSettings,
    collections=LEDGER.collections,
    wire=lambda platform: Service(
        routers=(), handlers=LEDGER.wire(platform).handlers, agencies=("cianjur-health", AGENCY)
    ),
)


async def test_a_service_names_the_feeds_it_misses_and_the_command_makes_them(
    start: Start,
    settings_of: Callable[..., ServiceSettings],
    kafka_bootstrap: str,
    topics: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    feeds = tuple(name.name_for(AGENCY) for name in Manifest.load().topics if name.is_template)
    ledger = await start(KNOWS_AN_AGENCY)

    async def missing() -> OperationReport | None:
        report = OperationReport.model_validate_json((await ledger.api.get("/operation.json?lang=en")).content)
        return report if report.topics_missing else None

    report = await eventually(missing)
    assert report is not None
    assert set(report.topics_missing or ()) == set(feeds)
    (finding,) = report.findings
    assert finding.concern is Concern.TOPICS_MISSING
    assert FEED in finding.says
    assert "python -m services.referral topics create" in finding.says
    assert (await ledger.api.get("/health/ready")).status_code == 200

    async def command(*words: str) -> tuple[int, str]:
        chosen = parser_of(KNOWS_AN_AGENCY).parse_args(["topics", *words])
        code = await topics_command.run_command(Runtime(KNOWS_AN_AGENCY, settings_of(KNOWS_AN_AGENCY)), chosen)
        return code, capsys.readouterr().out

    code, said = await command()
    assert (code, f"{FEED}  missing" in said) == (1, True)
    code, said = await command("create")
    assert (code, f"{topics}{FEED}  created" in said) == (0, True)
    assert (await command())[0] == 0
    await eventually(missing, lambda report: report is None)
    await delete_topics(kafka_bootstrap, [topics + feed for feed in feeds])


async def test_the_command_says_so_when_kafka_is_away(
    settings_of: Callable[..., ServiceSettings], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_of(LEDGER, kafka_bootstrap_servers="127.0.0.1:1")
    chosen = parser_of(LEDGER).parse_args(["topics"])
    assert await topics_command.run_command(Runtime(LEDGER, settings), chosen) == 1
    assert "does not answer" in capsys.readouterr().err


async def test_a_deed_that_would_tell_too_much_is_refused_and_leaves_nothing(
    start: Start, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "EVENT_LIMIT_BYTES", 300)
    desk, case = await start(DESK), new_id()
    headers = issuer.bearer("front_office", area=JAMBUDIPA)
    body = {"id": case, "area": JAMBUDIPA, "title": "t"}
    answer = await desk.api.post("/entries", json=body, headers={**headers, "Idempotency-Key": "one"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:event-too-large")
    assert "Nothing was saved" in answer.json()["detail"]
    assert (await desk.api.get(f"/entries/{case}", headers=headers)).status_code == 404
    assert await waiting_rows(desk.runtime.store) == 0


async def test_the_largest_event_that_is_not_refused_is_taken_by_kafka(
    store: Store, kafka_bootstrap: str, topics: str
) -> None:
    incompressible = new_id() + "".join(new_id() for _ in range(EVENT_LIMIT_BYTES // 36))
    value = incompressible[:EVENT_LIMIT_BYTES].encode()
    queued = Queued("complaint.created", new_id(), value, f"00-{'1' * 32}-{'2' * 16}-01", "t")
    rows = publisher.OutboxRows([queued]).rows()
    await store.database[OUTBOX].insert_many(list(rows))
    relay = a_relay(store, kafka_bootstrap, topics)
    await relay.start()
    await eventually(lambda: waiting_rows(store), lambda rows: rows == 0)
    await relay.stop()
    (record,) = await read_topics(kafka_bootstrap, [f"{topics}complaint.created"])
    assert record.value == value


def test_many_large_events_of_one_unit_of_work_make_rows_that_the_database_takes() -> None:
    large = [Queued("t", "k", b"x" * EVENT_LIMIT_BYTES, "", "t") for _ in range(20)]
    small = [Queued("t", "k", b"x", "", "t") for _ in range(150)]
    rows = list(publisher.OutboxRows(large + small).rows())
    sizes = [sum(len(event["value"]) for event in row["events"]) for row in rows]
    assert max(sizes) <= 8 * 1024 * 1024
    assert max(len(row["events"]) for row in rows) <= 100
    assert sum(len(row["events"]) for row in rows) == 170
