"""Who a case is about is read in the village and nowhere else: not on a topic, not in a log, not in a span."""

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from contracts.manifest import Manifest
from tests.harness.kafka import read_topics
from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    CARD,
    MOTHER_NIK,
    Opener,
    a_complaint,
    a_family,
    assessed,
    child,
    from_district,
    mother,
    tell,
)

MARKED = ("Marsinem", "Joko Ditandai", MOTHER_NIK, CARD, "+6281299887766", "marsinem@rekaan.example", "SANGAT RAHASIA")


async def test_a_marked_person_is_found_nowhere_outside(
    open_window: Opener, kafka_bootstrap: str, topics: str, capfd: pytest.CaptureFixture[str]
) -> None:
    window = await open_window(log_level="DEBUG")
    spans = InMemorySpanExporter()
    window.service.runtime.telemetry.tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    contact = {"preferred": "whatsapp", "phone": "+6281299887766", "email": "marsinem@rekaan.example"}
    people = a_family(mother(name="Marsinem", contact=contact), child(name="Joko Ditandai"), card=CARD)
    case = (await window.recorded(family=people, story="SANGAT RAHASIA"))["case_id"]
    # Each way of failing, too: refusals and errors are what ends in logs.
    await window.record(a_complaint(family=a_family(mother(name="Marsinem"), mother(name="Joko Ditandai"))))
    await window.record(a_complaint(family=people, needs=["moon_landing"], story="SANGAT RAHASIA"))
    await window.record(a_complaint(family=a_family(mother(name="Marsinem", nik=MOTHER_NIK + "1"))))
    await window.record(a_complaint(case_id=case, family=people))
    await tell(kafka_bootstrap, topics, from_district(assessed(), case, 1))
    await eventually(lambda: window.progress(case), lambda seen: seen["handling"] is not None)
    assert (await window.ask_contact(case)).json()["addressee"] == "Marsinem"
    await window.post(case, "answer", {"answer": "other", "text": "SANGAT RAHASIA"})
    names = [f"{topics}{name}" for name in Manifest.load().names()]
    records = await eventually(lambda: read_topics(kafka_bootstrap, names), lambda seen: len(seen) == 3)

    said = capfd.readouterr()
    outside = {
        "topics": "".join(f"{record.key!r}{record.value!r}{record.headers}" for record in records),
        "logs": said.out + said.err,
        "spans": "".join(span.to_json() for span in spans.get_finished_spans()),
        "progress": str(await window.progress(case)),
        "accesses": (await window.get(f"/{case}/accesses")).text,
    }
    assert case in outside["topics"]
    assert "unit of work" in outside["spans"]
    assert outside["logs"]
    for where, text in outside.items():
        for secret in MARKED:
            assert secret not in text, where
    # The search finds what is there: the village's own page has it all.
    page = (await window.get(f"/{case}")).text
    assert all(secret in page for secret in MARKED)
