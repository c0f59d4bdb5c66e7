"""A deed's way through the house: request, outbox, Kafka, reader."""

import json

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from contracts import decode
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.kafka import read_topics
from tests.harness.tiny import ACCOUNTS, DESK, LEDGER
from tests.harness.tokens import Issuer
from tests.harness.waiting import eventually


async def test_a_deed_at_one_service_is_heard_by_another(start: Start, issuer: Issuer) -> None:
    desk, ledger = await start(DESK), await start(LEDGER)
    case = new_id()
    answer = await desk.api.post(
        "/entries",
        json={"id": case, "area": JAMBUDIPA, "title": "first"},
        headers={**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": "one"},
    )
    assert answer.status_code == 201, answer.text
    account = await eventually(lambda: ledger.runtime.store.reading(COUNTRY, ACCOUNTS).find(case))
    assert account is not None
    assert len(account.heard_events) == 1
    assert account.heard.latest("/districts/32.03/intake", case) == 1


async def test_any_kafka_client_reads_a_cloud_event_keyed_by_its_subject(
    start: Start, issuer: Issuer, kafka_bootstrap: str, topics: str
) -> None:
    desk = await start(DESK)
    case = new_id()
    await desk.api.post(
        "/entries",
        json={"id": case, "area": JAMBUDIPA, "title": "first"},
        headers={**issuer.bearer("front_office", area=JAMBUDIPA), "Idempotency-Key": "one"},
    )
    records = await eventually(lambda: read_topics(kafka_bootstrap, [f"{topics}complaint.created"]))
    envelope = json.loads(records[0].value)
    assert envelope["specversion"] == "1.0"
    assert records[0].key == envelope["subject"].encode() == case.encode()
    assert records[0].headers["traceparent"].decode() == envelope["traceparent"]
    assert decode(records[0].value).sequence == 1
