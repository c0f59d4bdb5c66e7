"""Letters: plain words in both languages for everything there is to tell."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest

from contracts.events import ComplaintCreated, EventData
from contracts.vocabulary import (
    ClosedBy,
    ComplaintKind,
    EscalationCause,
    ExpiryFollow,
    Outcome,
    RejectionReason,
    Tier,
    WithdrawalReason,
)
from services.notification.domain.message import TEMPLATES
from services.notification.domain.moments import Zone
from services.notification.domain.telling import message_about
from services.notification.letters import FOLDER, Letter, Letters
from services.notification.words import BadWords, Language
from tests.harness.builders import JAMBUDIPA, a_complaint_state
from tests.unit.notification import story

LETTERS = Letters.load()
NAME, NUMBER = "Ibu Rekaan", "3203022002-26-000147-8"


def facts() -> Iterator[EventData]:
    """Every fact a citizen is told, with every code it can carry."""
    for kind, fast in itertools.product(ComplaintKind, (True, False)):
        yield ComplaintCreated(complaint=a_complaint_state(kind=kind, fast_track=fast))
    yield from (story.answered_at_desk(), story.waiting(), story.decided(), story.rerouted(), story.accepted())
    yield story.decided(referrals=(), proposals=(), decisions=())
    yield story.decided(referrals=())
    yield from (story.withdrawn(reason) for reason in WithdrawalReason)
    yield from (story.rejected(reason) for reason in (*RejectionReason, None))
    yield story.rejected(handling=story.nobody_left())
    yield from (story.completed(outcome) for outcome in (*Outcome, None))
    yield from (story.expired(follow) for follow in ExpiryFollow)
    yield from (story.escalated(cause, tier) for cause, tier in itertools.product(EscalationCause, Tier))
    yield from (story.resolved(), story.reopened())
    yield from (story.closed(by) for by in ClosedBy)


def letter(fact: EventData, language: Language = Language.INDONESIAN, **changes: str) -> Letter:
    message = message_about(fact)
    assert message is not None
    fields = {"addressee": NAME, "case_number": NUMBER, "area": JAMBUDIPA, **changes}
    return LETTERS.write(message, language=language, **fields)


def test_the_facts_of_this_test_are_all_there_are() -> None:
    told = {message.template for fact in facts() if (message := message_about(fact))}

    assert told == set(TEMPLATES)


@pytest.mark.parametrize("language", Language)
def test_every_fact_is_told_by_name_and_number_without_a_gap(language: Language) -> None:
    for fact in facts():
        written = letter(fact, language)
        assert "$" not in written.subject + written.text, written.text
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|None|\{|\}", written.text), written.text
        assert NUMBER in written.subject
        assert NUMBER in written.text
        assert NAME in written.text
        assert len(written.text) < 1600


@pytest.mark.parametrize("language", Language)
def test_no_two_messages_read_the_same(language: Language) -> None:
    texts = {template: set[str]() for template in TEMPLATES}
    for fact in facts():
        message = message_about(fact)
        assert message is not None
        texts[message.template].add(letter(fact, language).text)

    assert len(set().union(*texts.values())) == sum(len(found) for found in texts.values())


@pytest.mark.parametrize("language", Language)
def test_a_subject_shows_on_a_locked_screen_and_names_no_programme_agency_or_person(language: Language) -> None:
    words = re.compile(r"KIP|PKH|PBI|Cianjur|Rekaan", re.IGNORECASE)

    assert [fact for fact in facts() if words.search(letter(fact, language).subject)] == []


def test_deadlines_are_days_in_words_in_the_zone_of_the_district() -> None:
    fact = story.rerouted().model_copy(update={"due_at": datetime(2026, 11, 20, 9, tzinfo=UTC)})

    assert "Jumat, 20 November 2026 pukul 16.00 WIB" in letter(fact).text
    assert "Jumat, 20 November 2026 pukul 17.00 WITA" in letter(fact, area="75.01.24.2001").text
    assert "Friday, 20 November 2026 at 18:00 WIT" in letter(fact, Language.ENGLISH, area="81.03.01.1001").text


def test_a_late_hour_in_greenwich_is_the_next_day_in_the_east() -> None:
    fact = story.rerouted().model_copy(update={"due_at": datetime(2026, 12, 31, 16, 30, tzinfo=UTC)})

    assert "Jumat, 1 Januari 2027 pukul 01.30 WIT" in letter(fact, area="91.71").text


@pytest.mark.parametrize(
    ("area", "zone"),
    [("32.03", Zone.WIB), ("61.01", Zone.WIB), ("71.73", Zone.WITA), ("51.01", Zone.WITA), ("96.01", Zone.WIT)],
)
def test_a_province_has_one_zone(area: str, zone: Zone) -> None:
    assert Zone.of(area) is zone


def test_the_decision_tells_when_data_close_and_when_the_result_is_expected() -> None:
    text = letter(story.decided()).text

    assert "Data ditutup Kamis, 17 Desember 2026; hasilnya diperkirakan Jumat, 8 Januari 2027" in text
    assert "Dinas Pendidikan Kabupaten Cianjur" in text
    assert "keluarga Anda sudah menerima program ini" in text
    assert date(2026, 12, 17).strftime("%A") == "Thursday"


def test_the_promise_depends_on_the_kind_and_on_the_fast_track() -> None:
    enquiry = letter(ComplaintCreated(complaint=a_complaint_state(kind=ComplaintKind.ENQUIRY))).text
    urgent = letter(ComplaintCreated(complaint=a_complaint_state(kind=ComplaintKind.ENQUIRY, fast_track=True))).text
    grievance = letter(ComplaintCreated(complaint=a_complaint_state(kind=ComplaintKind.GRIEVANCE))).text

    assert "5 hari kerja" in enquiry
    assert "hari ini juga" in urgent
    assert "3 hari kerja" in grievance


def test_a_programme_or_agency_nobody_listed_is_still_named() -> None:
    fact = story.rerouted().model_copy(update={"programme": "blt_desa", "agency": "sekincau-clinic"})

    text = letter(fact).text
    assert "BLT DESA" in text
    assert "SEKINCAU CLINIC" in text


@pytest.mark.parametrize("name", ["$case_number", "${text} $$", "Ibu\nBcc: all@example.test"])
def test_a_name_is_only_ever_a_name(name: str) -> None:
    text = letter(story.accepted(), addressee=name).text

    assert text.splitlines()[0] == f"Yth. Bapak/Ibu {' '.join(name.split())},"


def test_a_language_without_letters_is_indonesian() -> None:
    assert Language.spoken("jv") is Language.INDONESIAN
    assert Language.spoken("en") is Language.ENGLISH


def test_what_a_letter_says_is_not_in_its_repr() -> None:
    assert NAME not in repr(letter(story.accepted()))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("en/case_closed.txt", None),
        ("en/case_closed.txt", "A subject without a body\n"),
        ("id/words.yaml", "weekdays: [Senin]"),
    ],
)
def test_a_missing_or_broken_text_is_found_before_any_citizen_waits(
    tmp_path: Path, file: str, content: str | None
) -> None:
    folder = tmp_path / "templates"
    copytree(FOLDER, folder)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content, "utf-8")

    with pytest.raises(BadWords, match=file.partition("/")[2]):
        Letters.load(folder)


def test_a_code_without_words_is_found_at_start_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    copytree(FOLDER, folder)
    words = folder / "en" / "words.yaml"
    words.write_text(words.read_text("utf-8").replace("  no_quota: no places are left\n", "", 1), "utf-8")

    with pytest.raises(BadWords, match="no words for no_quota"):
        Letters.load(folder)


@pytest.mark.parametrize("language", Language)
def test_a_need_that_nobody_is_left_for_is_not_promised_to_be_taken_up_elsewhere(language: Language) -> None:
    promises = ("above", "looking for", "tingkat di atas", "sedang mencari")
    for fact in (
        story.expired(ExpiryFollow.ESCALATED),
        story.rejected(handling=story.nobody_left()),
        story.decided(referrals=()),
    ):
        text = letter(fact, language).text
        assert not [promise for promise in promises if promise in text], text
