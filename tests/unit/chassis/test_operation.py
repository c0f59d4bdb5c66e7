"""What is told of a service: how long it stands still, what that means, and in which words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import Request
from starlette.responses import Response

from chassis.operation.judgement import Judged, judge
from chassis.operation.reporting import told
from chassis.operation.routes import show_operation
from chassis.operation.sentences import COUNTED, says
from chassis.operation.situation import (
    Concern,
    Consumer,
    Counted,
    HeldBack,
    Letters,
    Outbox,
    Situation,
    State,
    TopicLag,
    WorkKind,
)
from chassis.operation.stillness import Stillness
from chassis.pages import Formats, Language
from chassis.pages.catalogue import Catalogue
from chassis.pages.rendering import HOUSE
from tests.unit.pages.room_app import browser, room_app

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NOTHING_COUNTED = Counted(**dict.fromkeys(Counted.model_fields, 0))


def a_consumer(**changes: Any) -> Consumer:
    fields: dict[str, Any] = {
        "stopped": False,
        "lag": 7,
        "topics": (TopicLag(topic="complaint.created", events=7, partitions_behind=1),),
        "stuck_seconds": 3.0,
        "partitions_stuck": 0,
    }
    return Consumer(**{**fields, **changes})


def an_outbox(**changes: Any) -> Outbox:
    fields: dict[str, Any] = {"rows": 0, "limit_rows": 1000, "oldest_seconds": 0.0, "stuck_seconds": 0.0, "held": ()}
    return Outbox(**{**fields, **changes})


def a_situation(**changes: Any) -> Situation:
    """A service at work, with nothing to complain of."""
    fields: dict[str, Any] = {
        "service": "referral",
        "at": NOW,
        "since": NOW,
        "kafka_silent_seconds": 0.0,
        "database_silent_seconds": 0.0,
        "consumer": a_consumer(),
        "outbox": an_outbox(rows=3, oldest_seconds=1.0, stuck_seconds=1.0),
        "work": (),
        "work_stuck_seconds": 0.0,
        "kinds_stuck": (),
        "letters": (),
        "topics_missing": (),
        "counted": NOTHING_COUNTED,
    }
    return Situation(**{**fields, **changes})


LATE = WorkKind(kind="clock", due=12, oldest_due_seconds=301.0, in_hand=4, oldest_lease_seconds=1.0)
HELD = HeldBack(topic="partner.x.referral.issued", events=2, oldest_seconds=5.0)
LETTERS = Letters(
    reason="handler_failed", count=3, oldest_at=NOW, list_them="list", try_them="try", replay_them="replay"
)


def test_a_thing_stands_still_from_the_moment_it_is_first_seen_where_it_is() -> None:
    stillness: Stillness[str] = Stillness()
    stillness.look({"a": 1, "b": 1}, now=10.0)
    stillness.look({"a": 1, "b": 2}, now=15.0)
    assert stillness.longest(20.0) == 10.0
    assert stillness.still(20.0, seconds=5.0) == ("a",)


def test_what_has_no_work_any_more_is_forgotten_also_when_it_has_some_at_the_same_place_later() -> None:
    stillness: Stillness[str] = Stillness()
    stillness.look({"a": 1}, now=0.0)
    stillness.look({}, now=50.0)
    assert stillness.longest(100.0) == 0.0
    stillness.look({"a": 1}, now=100.0)
    assert stillness.longest(101.0) == 1.0


def test_a_service_that_has_work_and_gets_on_with_it_is_well() -> None:
    assert judge(a_situation()) == (Judged(Concern.ALL_WELL, State.OK),)


@pytest.mark.parametrize(
    ("changes", "concern", "state"),
    [
        ({"since": None}, Concern.STARTING, State.ATTENTION),
        ({"outbox": None}, Concern.STARTING, State.ATTENTION),
        ({"database_silent_seconds": 5.0}, Concern.DATABASE_SILENT, State.ATTENTION),
        ({"database_silent_seconds": 61.0}, Concern.DATABASE_SILENT, State.STUCK),
        ({"kafka_silent_seconds": 5.0}, Concern.KAFKA_SILENT, State.ATTENTION),
        ({"kafka_silent_seconds": 61.0}, Concern.KAFKA_SILENT, State.STUCK),
        ({"consumer": a_consumer(stopped=True)}, Concern.CONSUMER_STOPPED, State.STUCK),
        ({"consumer": a_consumer(partitions_stuck=1)}, Concern.CONSUMER_STUCK, State.STUCK),
        ({"topics_missing": ("partner.x.referral.issued",)}, Concern.TOPICS_MISSING, State.ATTENTION),
        ({"outbox": an_outbox(held=(HELD,))}, Concern.FACTS_HELD, State.ATTENTION),
        (
            {"outbox": an_outbox(held=(HELD.model_copy(update={"oldest_seconds": 61.0}),))},
            Concern.FACTS_HELD,
            State.STUCK,
        ),
        ({"outbox": an_outbox(rows=501)}, Concern.OUTBOX_FILLING, State.ATTENTION),
        ({"outbox": an_outbox(rows=1001)}, Concern.OUTBOX_FULL, State.STUCK),
        ({"outbox": an_outbox(rows=1, stuck_seconds=61.0)}, Concern.OUTBOX_STUCK, State.STUCK),
        ({"work_stuck_seconds": 61.0, "kinds_stuck": ("clock",)}, Concern.WORK_STUCK, State.STUCK),
        ({"work": (LATE,)}, Concern.WORK_LATE, State.ATTENTION),
        ({"letters": (LETTERS,)}, Concern.LETTERS_WAIT, State.ATTENTION),
    ],
)
def test_each_trouble_is_told_by_itself(changes: dict[str, Any], concern: Concern, state: State) -> None:
    (judged,) = judge(a_situation(**changes))
    assert (judged.concern, judged.state) == (concern, state)


def test_the_most_urgent_comes_first() -> None:
    judged = judge(a_situation(letters=(LETTERS,), consumer=a_consumer(stopped=True)))
    assert [one.concern for one in judged] == [Concern.CONSUMER_STOPPED, Concern.LETTERS_WAIT]


def test_a_database_that_is_silent_is_the_only_thing_told_of_what_waits_in_it() -> None:
    silent = a_situation(
        database_silent_seconds=90.0,
        outbox=an_outbox(rows=5, stuck_seconds=90.0),
        work_stuck_seconds=90.0,
        kinds_stuck=("clock",),
    )
    assert [one.concern for one in judge(silent)] == [Concern.DATABASE_SILENT]


@pytest.mark.parametrize("language", Language)
def test_every_concern_has_a_sentence_that_names_what_it_should(language: Language) -> None:
    say, formats = Catalogue.of(language, HOUSE).gettext, Formats(language)
    for concern in Concern:
        judged = Judged(concern, State.STUCK, 200.0, 12345, ("one", "two"))
        assert "%" not in says(judged, "python -m services.referral", say, formats)
    missing = says(Judged(Concern.TOPICS_MISSING, State.ATTENTION, names=("one", "two")), "COMMAND", say, formats)
    assert "one, two" in missing
    assert "COMMAND topics create" in missing


def test_everything_that_is_counted_has_a_name() -> None:
    assert COUNTED.keys() == Counted.model_fields.keys()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "situation",
    [
        a_situation(),
        a_situation(since=None, consumer=None, outbox=None, letters=None, topics_missing=None),
        a_situation(outbox=an_outbox(rows=4, held=(HELD,)), work=(LATE,), letters=(LETTERS,)),
    ],
    ids=["at work", "just starting", "in trouble"],
)
async def test_a_page_can_be_made_of_everything_without_a_gap(language: Language, situation: Situation) -> None:
    report = told(situation, "python -m services.referral", language, Catalogue.of(language, HOUSE).gettext)
    app = room_app()

    @app.get("/operation")
    async def operation(request: Request) -> Response:
        return show_operation(request, report, hears=True)

    async with browser(app) as operator:
        html = (await operator.get(f"/operation?lang={language.value}")).text
    assert f'<html lang="{language.value}">' in html
    assert all(finding.says[:20] in html for finding in report.findings)
    for letters in situation.letters or ():
        assert f'href="/operation/dead-letters?reason={letters.reason}"' in html


def test_an_instant_is_written_as_logs_write_it() -> None:
    assert Formats(Language.INDONESIAN).instant(NOW) == "2026-11-22 08:00:00 UTC"
