"""A citizen's name and address are in the letter, and nowhere else."""

import pytest
from bson import json_util
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from contracts.manifest import Manifest
from tests.harness.kafka import read_topics
from tests.integration.notification.conftest import Notify
from tests.integration.notification.outside import EMAIL, NAME, PHONE, Intake, MailServer, text_of
from tests.unit.notification import story
from tests.unit.notification.story import Teller


async def test_name_mail_and_phone_are_in_no_document_event_log_or_span(
    notify: Notify, intake: Intake, mail: MailServer, teller: Teller, capsys: pytest.CaptureFixture[str]
) -> None:
    # A mail server quotes the address in its refusals; that is where it would get into logs.
    mail.refuse_recipient.append(f"450 4.2.0 <{EMAIL}> not now")
    mail.refuse_data.append(f"450 4.2.0 not now for {NAME} <{EMAIL}>")
    notification = await notify(intake, mail, log_level="INFO")
    spans = InMemorySpanExporter()
    notification.service.runtime.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))

    await notification.hears(teller.tells(story.accepted()))
    await notification.ended(teller.case)
    mail.refuse_recipient.append(f"550 5.1.1 <{EMAIL}> never")
    await notification.hears(teller.tells(story.completed()))
    await notification.ended(teller.case, 2)
    await notification.told(2)

    database = notification.service.runtime.store.database
    kept = [
        json_util.dumps([row async for row in database[name].find()]) for name in await database.list_collection_names()
    ]
    topics = [f"{notification.prefix}{topic.name}" for topic in Manifest.load().published_by("notification")]
    events = [str(record.value) for record in await read_topics(notification.kafka_bootstrap, topics)]
    traced = [span.to_json() for span in spans.get_finished_spans()]
    logged = capsys.readouterr()

    assert NAME in text_of(mail.letters[0])
    assert len(events) == 2
    assert "work failed" in logged.out
    assert any("send mail" in span for span in traced)
    everything = "\n".join([*kept, *events, *traced, logged.out, logged.err])
    assert [mark for mark in (NAME, EMAIL, PHONE, EMAIL.split("@")[0]) if mark in everything] == []
