"""What an operator sees of a service, whatever state its consumer, relay and workers are in."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.bus.inspection import Inspector
from chassis.operation import watch as watch_module
from chassis.operation.situation import Concern, OperationReport, State
from chassis.operation.watch import Watch
from chassis.outbox.outgoing import new_id
from chassis.store import Store
from chassis.store.work import COLLECTION as WORK
from tests.harness.builders import JAMBUDIPA, a_record, an_event
from tests.harness.fixtures import Start
from tests.harness.kafka import send
from tests.harness.service import RunningService
from tests.harness.tiny import DESK, LEDGER, POISON_AREA
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually
from tests.integration.chassis.test_workers import schedule, some_work

NOWHERE = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(watch_module, "EVERY_SECONDS", 0.2)
    yield


async def report_of(service: RunningService) -> OperationReport:
    answer = await service.api.get("/operation.json?lang=en")
    assert answer.status_code == 200
    return OperationReport.model_validate_json(answer.content)


async def lag_of(service: RunningService) -> int | None:
    consumer = (await report_of(service)).consumer
    return consumer.lag if consumer else None


def concerns(report: OperationReport) -> set[Concern]:
    return {finding.concern for finding in report.findings}


async def test_a_service_at_rest_is_well_and_says_what_it_counted(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    ledger = await start(LEDGER)
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(5)))

    async def at_rest() -> OperationReport | None:
        report = await report_of(ledger)
        return report if report.counted.events_handled == 5 and await lag_of(ledger) == 0 else None

    report = await eventually(at_rest)
    assert report is not None
    assert (report.state, report.topics_missing, report.letters) == (State.OK, (), ())
    assert report.since is not None
    assert report.counted.rebalances >= 1


async def test_lag_is_told_by_topic_though_the_consumer_is_gone(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    ledger = await start(LEDGER)
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(4)))
    await eventually(lambda: lag_of(ledger), lambda lag: lag == 0)
    assert ledger.runtime.source is not None
    await ledger.runtime.source.stop()
    await send(kafka_bootstrap, f"{topics}complaint.created", *(a_record(an_event()) for _ in range(7)))
    await eventually(lambda: lag_of(ledger), lambda lag: lag == 7)
    consumer = (await report_of(ledger)).consumer
    assert consumer is not None
    assert {topic.topic: topic.events for topic in consumer.topics if topic.events} == {"complaint.created": 7}
    await eventually(lambda: stuck(ledger, "consumer"), lambda seconds: seconds > 0.5)


async def test_a_consumer_stopped_by_poison_is_told_with_what_waits_and_what_to_do(
    start: Start, kafka_bootstrap: str, topics: str
) -> None:
    key = new_id()
    poison = [(key, a_record(an_event(area=POISON_AREA))[1]) for _ in range(8)]
    await send(kafka_bootstrap, f"{topics}complaint.created", *poison)
    ledger = await start(LEDGER, dead_letters_in_a_row_limit=5, batch_limit_events=2)

    async def stopped() -> OperationReport | None:
        report = await report_of(ledger)
        if not {Concern.CONSUMER_STOPPED, Concern.LETTERS_WAIT} <= concerns(report):
            return None
        # Kafka and the database are looked at one beside the other: only at rest do the two fit together.
        waiting = report.consumer.lag if report.consumer else 0
        return report if waiting + sum(letters.count for letters in report.letters or ()) == len(poison) else None

    report = await eventually(stopped)
    assert report is not None
    assert report.letters is not None
    assert report.state is State.STUCK
    (letters,) = report.letters
    assert letters.reason == "handler_failed"
    assert 0 < letters.count < len(poison)
    assert letters.replay_them == "python -m services.referral dead-letters replay --reason handler_failed"
    assert "puskesos_dead_letters_waiting" in (await ledger.api.get("/metrics")).text


async def test_with_kafka_away_what_waits_to_be_told_is_seen_and_kafka_is_named(start: Start, issuer: Issuer) -> None:
    desk = await start(DESK, kafka_bootstrap_servers=NOWHERE)
    headers = {**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": "one"}
    body = {"id": new_id(), "area": JAMBUDIPA, "title": "t"}
    assert (await desk.api.post("/entries", json=body, headers=headers)).status_code == 201

    async def waiting() -> OperationReport | None:
        report = await report_of(desk)
        return report if report.outbox and report.outbox.rows == 1 and report.kafka_silent_seconds else None

    report = await eventually(waiting)
    assert report is not None
    assert (concerns(report), report.state) == ({Concern.KAFKA_SILENT}, State.ATTENTION)
    await eventually(lambda: stuck(desk, "outbox"), lambda seconds: seconds > 0.5)
    assert (await desk.api.get("/health/ready")).status_code == 200


@pytest.mark.parametrize(("lang", "says"), [("en", "All is well"), ("id", "Semua berjalan baik")])
async def test_the_page_is_whole_without_script_and_says_nothing_of_any_case(
    start: Start, issuer: Issuer, topics: str, lang: str, says: str
) -> None:
    desk, case = await start(DESK), new_id()
    headers = {**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": "one"}
    body = {"id": case, "area": JAMBUDIPA, "title": "Siti Aminah"}
    assert (await desk.api.post("/entries", json=body, headers=headers)).status_code == 201

    async def page() -> str:
        answer = await desk.api.get(f"/operation?lang={lang}")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        return answer.text

    html = await eventually(page, lambda text: says in text)
    assert f'<html lang="{lang}">' in html
    for hidden in (case, "Siti", JAMBUDIPA):
        assert hidden not in html
        assert hidden not in (await desk.api.get("/operation.json")).text


class Hours:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_watch(store: Store, hours: Hours) -> Watch:
    inspector = Inspector(NOWHERE, group="g", pattern=None, prefix="")
    return Watch(store, inspector, kinds=["ring"], needed_topics=(), clock=hours)


async def test_work_that_is_due_and_that_nobody_begins_is_stuck_until_somebody_does(store: Store) -> None:
    hours = Hours()
    watch = a_watch(store, hours)
    await schedule(store, some_work())
    await watch.look_at_database()
    hours.seconds = 61.0
    await watch.look_at_database()
    assert watch.work_stuck_seconds == 61.0
    assert watch.still_kinds(60.0) == ("ring",)
    assert watch.database.seen is not None
    (ring,) = watch.database.seen.work
    assert (ring.due, ring.in_hand) == (1, 0)
    assert ring.oldest_seconds > 0
    await store.database[WORK].delete_many({})
    await watch.look_at_database()
    assert (watch.work_stuck_seconds, watch.still_kinds(60.0)) == (0.0, ())


async def test_what_cannot_be_seen_is_stuck_for_as_long_and_the_last_figures_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = Hours()
    watch = a_watch(store, hours)
    await watch.look_at_database()
    seen = watch.database.seen

    async def away(*_: Any) -> None:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(watch_module, "look_at_shelves", away)
        hours.seconds = 10.0
        await watch.look_at_database()
        hours.seconds = 50.0
        await watch.look_at_database()
    assert (watch.outbox_stuck_seconds, watch.work_stuck_seconds) == (40.0, 40.0)
    assert watch.database.seen is seen
    await watch.look_at_database()
    assert (watch.outbox_stuck_seconds, watch.work_stuck_seconds) == (0.0, 0.0)


async def stuck(service: RunningService, what: str) -> float:
    """As a reader of the metrics sees it."""
    lines = (await service.api.get("/metrics")).text.splitlines()
    (line,) = [line for line in lines if line.startswith("puskesos_stuck_seconds{") and f'what="{what}"' in line]
    await asyncio.sleep(0)
    return float(line.split()[-1])
