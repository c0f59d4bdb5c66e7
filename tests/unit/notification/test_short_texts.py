"""Texts for SMS and WhatsApp: every fact in both languages, short enough, and saying no more than a lock screen may."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from contracts.vocabulary import MessageChannel
from services.notification.domain.message import TEMPLATES, Message
from services.notification.domain.segments import segments
from services.notification.domain.telling import message_about
from services.notification.letters import FOLDER
from services.notification.short_texts import ShortText, ShortTexts
from services.notification.words import BadWords, Language, Words
from tests.harness.builders import JAMBUDIPA
from tests.unit.notification.test_letters import NUMBER, facts

SHORT = {channel: ShortTexts.load(channel) for channel in (MessageChannel.SMS, MessageChannel.WHATSAPP)}
MOST_SEGMENTS = 2
LONGEST_WHATSAPP = 1024
LONGEST_DAY = datetime(2026, 9, 30, 12, 59, tzinfo=UTC)
"""A Wednesday in September: no day and moment takes more letters in either language."""


def messages() -> Iterator[Message]:
    for fact in facts():
        message = message_about(fact)
        assert message is not None
        moments = [name for name in ("answer_by", "reopen_until") if name in type(message).model_fields]
        yield message.model_copy(update=dict.fromkeys(moments, LONGEST_DAY))


def written(channel: MessageChannel, message: Message, language: Language) -> ShortText:
    return SHORT[channel].write(message, case_number=NUMBER, language=language, area=JAMBUDIPA)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", SHORT)
def test_every_fact_is_told_by_the_cases_number_without_a_gap(channel: MessageChannel, language: Language) -> None:
    for message in messages():
        text = written(channel, message, language).text
        assert "$" not in text, text
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|None|\{|\}", text), text
        assert NUMBER in text
        assert "Puskesos" in text


@pytest.mark.parametrize("language", Language)
def test_no_sms_takes_more_than_two_messages(language: Language) -> None:
    for message in messages():
        text = written(MessageChannel.SMS, message, language).text
        assert segments(text) <= MOST_SEGMENTS, (segments(text), len(text), text)


@pytest.mark.parametrize("language", Language)
def test_a_whatsapp_is_as_its_provider_takes_it(language: Language) -> None:
    for message in messages():
        text = written(MessageChannel.WHATSAPP, message, language)
        assert len(text.text) <= LONGEST_WHATSAPP
        for value in text.values.values():
            # The provider refuses parameters with these.
            assert not re.search(r"[\n\t]| {5}", value), value


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", SHORT)
def test_no_programme_agency_or_reason_shows_on_a_locked_screen(channel: MessageChannel, language: Language) -> None:
    words = Words.load(FOLDER / language.value / "words.yaml")
    secrets = [
        *words.programmes.values(),
        *words.agencies.values(),
        *words.refusal_reasons.values(),
        *words.rejection_reasons.values(),
        *words.outcomes.values(),
    ]
    texts = [written(channel, message, language).text.lower() for message in messages()]

    assert [secret for secret in secrets for text in texts if secret.lower() in text] == []


@pytest.mark.parametrize("channel", SHORT)
def test_a_preview_shows_the_placeholders_a_provider_has_to_approve(channel: MessageChannel) -> None:
    for template in TEMPLATES:
        assert "$case_number" in SHORT[channel].body(template, Language.INDONESIAN).template


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("  complaint_answered:", "  complaint_replied:", "no text for complaint_answered"),
        ("$withdrawal", "$programme", "programme may not show on a locked screen"),
        ("sudah dijawab petugas", "dijawab untuk $ 5", "a \\$ stands before"),
        ("laporan $case_number sudah dijawab", "laporan Anda sudah dijawab", "name the case by"),
        ("texts:", "text:", "write `texts:`"),
    ],
)
def test_a_text_that_is_missing_or_says_too_much_is_found_at_start(
    tmp_path: Path, old: str, new: str, found: str
) -> None:
    folder = tmp_path / "templates"
    copytree(FOLDER, folder)
    file = folder / "id" / "sms.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadWords, match=found):
        ShortTexts.load(MessageChannel.SMS, folder)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # each takes two
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 8, 2),  # the escape moves to the next part with its letter
        ("a" * 152 + "€" + "a" * 152, 3),
        ("—" * 70, 1),  # not in the alphabet: UCS-2
        ("—" * 71, 2),
        ("—" * 134, 2),
        ("—" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("é" * 160, 1),
        ("ê" * 160, 3),
    ],
)
def test_a_text_takes_as_many_messages_as_the_standard_says(text: str, count: int) -> None:
    assert segments(text) == count
