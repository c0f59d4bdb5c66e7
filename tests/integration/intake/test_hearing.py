"""What the village hears from Kafka, and what it shows of it."""

import random
from datetime import timedelta

from chassis.area import COUNTRY
from chassis.outbox.outgoing import new_id
from contracts import Event, EventData
from contracts.events import NotificationDelivered
from contracts.vocabulary import HandlingStatus, MessageChannel
from services.intake.store import COMPLAINTS
from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    JAMBUDIPA,
    MONDAY,
    Body,
    Opener,
    Window,
    assessed,
    from_district,
    resolved,
    tell,
)


def delivered(case: str, about: str, *, delivery: str | None = None) -> Event[EventData]:
    delivery = delivery or new_id()
    return Event.of(
        NotificationDelivered(
            delivery_id=delivery,
            about=about,
            about_type="puskesos.case.resolved.v1",
            template="case_resolved",
            channel=MessageChannel.EMAIL,
            delivered_at=MONDAY,
        ),
        id=new_id(),
        source="/districts/32.03/notification",
        subject=delivery,
        time=MONDAY + timedelta(hours=9),
        sequence=1,
        area=JAMBUDIPA,
        correlationid=case,
    )


async def heard(window: Window, case: str, happenings: int) -> Body:
    """The case's progress once that much is in its timeline."""
    return await eventually(lambda: window.progress(case), lambda seen: len(seen["timeline"]) >= happenings)


async def test_the_village_sees_how_the_district_handles_its_case(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = (await window.recorded())["case_id"]
    assert (await window.progress(case))["handling"] is None
    said = from_district(resolved(), case, 2, at=MONDAY + timedelta(hours=8))
    await tell(kafka_bootstrap, topics, from_district(assessed(), case, 1, at=MONDAY + timedelta(hours=1)), said)
    await tell(kafka_bootstrap, topics, delivered(case, said.id))
    progress = await heard(window, case, 4)
    assert [(one["teller"], one["what"]) for one in progress["timeline"]] == [
        ("village", "complaint.created"),
        ("district", "case.assessed"),
        ("district", "case.resolved"),
        ("messenger", "notification.delivered"),
    ]
    assert progress["handling"]["status"] == "resolved"
    assert progress["resolution"]["reopen_until"] == "2026-12-07T02:00:00Z"
    assert progress["timeline"][3]["details"]["channel"] == "email"
    (line,) = (await window.get("?status=open")).json()["items"]
    assert (line["handling"], line["resolved"]) == ("resolved", True)


async def test_events_in_any_order_with_repetitions_show_the_same(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    shown = []
    for seed in range(3):
        case = (await window.recorded())["case_id"]
        events = [
            from_district(assessed(), case, 1, at=MONDAY + timedelta(minutes=1)),
            from_district(assessed(status=HandlingStatus.REVIEWED), case, 2, at=MONDAY + timedelta(minutes=2)),
            from_district(resolved(), case, 3, at=MONDAY + timedelta(minutes=3)),
        ]
        shuffled = random.Random(seed).sample(events * 3, 9)  # noqa: S311 - an order, not a secret
        await tell(kafka_bootstrap, topics, *shuffled)
        progress = await heard(window, case, 4)
        shown.append({**progress, "case_id": "", "case_number": ""})
    assert shown[0] == shown[1] == shown[2]


async def test_a_fact_about_a_case_nobody_recorded_is_set_aside_and_stops_nothing(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = (await window.recorded())["case_id"]
    await tell(kafka_bootstrap, topics, from_district(assessed(), new_id(), 1), from_district(assessed(), case, 1))
    await eventually(lambda: window.progress(case), lambda seen: seen["handling"] is not None)
    letters = window.service.runtime.store.database["dead_letters"]
    (letter,) = await eventually(lambda: letters.find({}).to_list(10))
    assert letter["reason"] == "unknown_case"


async def test_two_instances_of_the_window_show_one_case(
    open_window: Opener, kafka_bootstrap: str, topics: str
) -> None:
    one, other = await open_window(), await open_window()
    case = (await one.recorded())["case_id"]
    await tell(kafka_bootstrap, topics, from_district(assessed(), case, 1))
    progress = await eventually(lambda: other.progress(case), lambda seen: seen["handling"] is not None)
    assert progress == await one.progress(case)
    stored = await one.service.runtime.store.reading(COUNTRY, COMPLAINTS).get(case)
    assert len(stored.timeline) == 2


async def test_what_is_only_noted_turns_no_desk_back_and_a_resolution_does(
    window: Window, kafka_bootstrap: str, topics: str
) -> None:
    case = (await window.recorded())["case_id"]
    read = (await window.get(f"/{case}")).headers["ETag"]
    await tell(kafka_bootstrap, topics, from_district(assessed(), case, 1), delivered(case, new_id()))
    await heard(window, case, 3)
    waiting = {"change": "waiting_for_citizen", "missing_documents": ["family_card"]}
    taken = await window.post(case, "amendments", waiting, etag=read)
    assert taken.status_code == 200, taken.text
    await tell(kafka_bootstrap, topics, from_district(resolved(), case, 2))
    await eventually(lambda: window.read(case), lambda seen: bool(seen["resolved"]))
    stale = await window.post(case, "answer", {"answer": "other"}, etag=taken.headers["ETag"])
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:puskesos:problem:stale-edit")
