"""How a case ends: at the desk, by the citizen's word, or by silence; and how it begins anew."""

from datetime import timedelta

import pytest

from chassis.area import COUNTRY
from chassis.clock import SettableClock
from chassis.outbox.outgoing import new_id
from chassis.store import UnitOfWork, Work
from contracts import decode
from contracts.events import CaseClosed, CaseReopened, ComplaintAnswered, ComplaintWithdrawn
from services.intake.silence import CLOSE_SILENT_CASE
from services.intake.store import COMPLAINTS
from tests.harness.kafka import Record, read_topics
from tests.harness.waiting import eventually
from tests.integration.intake.builders import (
    JAMBUDIPA,
    MONDAY,
    NEXT_VILLAGE,
    REOPEN_UNTIL,
    Window,
    a_complaint,
    from_district,
    resolved,
    tell,
)


class Told:
    """What is on the test's topics."""

    def __init__(self, kafka: str, prefix: str) -> None:
        self.kafka, self.prefix = kafka, prefix

    async def on(self, topic: str, count: int = 1) -> list[Record]:
        return await eventually(
            lambda: read_topics(self.kafka, [f"{self.prefix}{topic}"]), lambda seen: len(seen) >= count
        )


@pytest.fixture
def told(kafka_bootstrap: str, topics: str) -> Told:
    return Told(kafka_bootstrap, topics)


async def resolve(window: Window, told: Told, case: str, round_: int = 0, sequence: int = 1) -> None:
    """The district says that a round is resolved, and the village has heard it."""
    until = REOPEN_UNTIL + timedelta(days=14 * round_)
    event = from_district(resolved(round_, until=until, at=MONDAY + timedelta(days=round_)), case, sequence)
    await tell(told.kafka, told.prefix, event)
    await eventually(lambda: window.read(case), lambda seen: bool(seen["resolved"]))


async def closings(window: Window) -> int:
    """How many cases wait for their time to close in silence."""
    return int(await window.service.runtime.store.database["work"].count_documents({}))


async def test_an_enquiry_is_answered_at_the_desk_and_the_words_stay_there(window: Window, told: Told) -> None:
    case = (await window.recorded(kind="enquiry", needs=[]))["case_id"]
    answered = (
        await window.post(case, "answer", {"answer": "explained_schedule", "text": "On the 20th, Ibu Rekaan"})
    ).json()
    assert (answered["status"], answered["answer"]) == ("answered", "explained_schedule")
    assert answered["answer_text"] == "On the 20th, Ibu Rekaan"
    assert answered["possible_moves"] == []
    (record,) = await told.on("complaint.answered")
    event = decode(record.value)
    assert isinstance(event.data, ComplaintAnswered)
    assert event.data.answer == "explained_schedule"
    assert b"Rekaan" not in record.value


async def test_an_answer_outside_the_list_is_refused_since_it_would_be_told(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    answer = await window.post(case, "answer", {"answer": "3203025705900000"})
    assert answer.status_code == 422


async def test_a_citizen_takes_it_back(window: Window, told: Told) -> None:
    case = (await window.recorded())["case_id"]
    withdrawn = (await window.post(case, "withdrawal", {"reason": "taken_back"})).json()
    assert (withdrawn["status"], withdrawn["withdrawal"]) == ("withdrawn", "taken_back")
    (record,) = await told.on("complaint.withdrawn")
    assert isinstance(decode(record.value).data, ComplaintWithdrawn)


async def test_a_duplicate_names_the_other_case_of_the_area(window: Window) -> None:
    first, second = (await window.recorded())["case_id"], (await window.recorded())["case_id"]
    elsewhere = (await window.record(a_complaint(area=NEXT_VILLAGE), area=NEXT_VILLAGE)).json()["case_id"]
    for other, code in ((None, "incomplete-complaint"), (new_id(), "unknown-case"), (elsewhere, "unknown-case")):
        refused = await window.post(second, "withdrawal", {"reason": "duplicate", "duplicate_of": other})
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:puskesos:problem:{code}")
    taken = await window.post(second, "withdrawal", {"reason": "duplicate", "duplicate_of": first})
    assert (taken.status_code, taken.json()["duplicate_of"]) == (200, first)


async def test_the_citizen_confirms_and_the_case_closes(window: Window, told: Told) -> None:
    case = (await window.recorded())["case_id"]
    early = await window.post(case, "confirmation")
    assert (early.status_code, early.json()["type"]) == (409, "urn:puskesos:problem:illegal-move")
    await resolve(window, told, case)
    assert (await window.read(case))["possible_moves"] == ["confirm", "reopen"]
    assert await closings(window) == 1
    closed = (await window.post(case, "confirmation")).json()
    assert await closings(window) == 0
    assert (closed["status"], closed["closed_by"]) == ("closed", "confirmation")
    (record,) = await told.on("case.closed")
    event = decode(record.value)
    assert isinstance(event.data, CaseClosed)
    assert (event.data.by, event.data.round) == ("confirmation", 0)


async def test_the_citizen_reopens_and_the_words_stay_in_the_village(window: Window, told: Told) -> None:
    case = (await window.recorded())["case_id"]
    await resolve(window, told, case)
    reopened = (await window.post(case, "reopening", {"reason": "Ibu Rekaan got nothing"})).json()
    assert await closings(window) == 0
    assert (reopened["round"], reopened["resolution"], reopened["resolved"]) == (1, None, False)
    assert [one["reason"] for one in reopened["reopenings"]] == ["Ibu Rekaan got nothing"]
    (record,) = await told.on("case.reopened")
    event = decode(record.value)
    assert isinstance(event.data, CaseReopened)
    assert event.data.round == 1
    assert b"Rekaan" not in record.value


async def test_the_last_moment_to_reopen_counts_and_the_next_does_not(
    window: Window, told: Told, clock: SettableClock
) -> None:
    case = (await window.recorded())["case_id"]
    await resolve(window, told, case)
    clock.move_to(REOPEN_UNTIL)
    assert (await window.post(case, "reopening", {"reason": "not solved"})).status_code == 200
    await resolve(window, told, case, round_=1, sequence=2)
    before = await window.read(case)
    etag = (await window.get(f"/{case}")).headers["ETag"]
    clock.move_to(REOPEN_UNTIL + timedelta(days=14, milliseconds=1))
    late = await window.post(case, "reopening", {"reason": "not solved"}, etag=etag)
    # Either the desk or the worker was first; the citizen cannot reopen any more.
    assert late.status_code in {409, 412}
    closed = await eventually(lambda: window.read(case), lambda seen: bool(seen["status"] == "closed"))
    assert (closed["closed_by"], closed["round"]) == ("silence", before["round"])


async def test_silence_closes_a_case_when_its_time_has_passed_and_not_before(
    window: Window, told: Told, clock: SettableClock
) -> None:
    silent, spoken = (await window.recorded())["case_id"], (await window.recorded())["case_id"]
    await resolve(window, told, silent)
    await resolve(window, told, spoken)
    await window.post(spoken, "confirmation")
    clock.move_to(REOPEN_UNTIL)
    await window.recorded()  # wakes the workers
    assert (await window.read(silent))["status"] == "open"
    clock.move_to(REOPEN_UNTIL + timedelta(seconds=1))
    closed = await eventually(lambda: window.read(silent), lambda seen: bool(seen["status"] == "closed"))
    assert (closed["closed_by"], closed["possible_moves"]) == ("silence", [])
    records = await told.on("case.closed", 2)
    said = {record.key: decode(record.value).data for record in records}
    assert {data.by for data in said.values() if isinstance(data, CaseClosed)} == {"confirmation", "silence"}
    assert len(records) == 2
    assert (await window.progress(silent))["timeline"][-1]["actor"] is None
    assert await closings(window) == 0


async def test_a_reopened_case_is_not_closed_by_the_silence_of_the_round_before(
    window: Window, told: Told, clock: SettableClock
) -> None:
    case = (await window.recorded())["case_id"]
    await resolve(window, told, case)
    await window.post(case, "reopening", {"reason": "not solved"})
    clock.move_to(REOPEN_UNTIL + timedelta(days=1))
    other = (await window.recorded())["case_id"]
    await tell(told.kafka, told.prefix, from_district(resolved(), other, 1))
    await eventually(lambda: window.read(other), lambda seen: bool(seen["status"] == "closed"))
    stored = await window.service.runtime.store.reading(COUNTRY, COMPLAINTS).get(case)
    assert (stored.complaint.status, stored.complaint.round) == ("open", 1)


async def test_a_closing_left_over_from_a_round_that_was_reopened_does_nothing(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    left_over = Work(kind=CLOSE_SILENT_CASE, key=case, area=JAMBUDIPA, due_at=MONDAY, subject=case)

    async def deed(unit: UnitOfWork) -> None:
        unit.schedule(left_over)

    before = await window.read(case)
    await window.service.runtime.store.transact(COUNTRY, deed)
    await eventually(lambda: closings(window), lambda left: left == 0)
    assert await window.read(case) == before
