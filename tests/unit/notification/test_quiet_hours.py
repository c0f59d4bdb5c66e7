"""When a message would wake people it waits for the morning of the district."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from contracts.vocabulary import MessageChannel
from services.notification.domain.moments import Zone
from services.notification.domain.quiet import QuietHours
from services.notification.reference import BadReferenceData, load_quiet_hours
from services.notification.settings import DATA

QUIET = load_quiet_hours(DATA / "quiet_hours.yaml")
SMS, EMAIL = MessageChannel.SMS, MessageChannel.EMAIL


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until(
    moment: str,
    zone: Zone = Zone.WIB,
    channel: MessageChannel = SMS,
    *,
    urgent: bool = False,
    hours: QuietHours = QUIET,
) -> datetime | None:
    return hours.until(utc(moment), zone, channel, urgent=urgent)


@pytest.mark.parametrize(
    ("moment", "zone", "morning"),
    [
        ("2026-11-20T13:59:59", Zone.WIB, None),  # 20:59:59 in Cianjur
        ("2026-11-20T14:00:00", Zone.WIB, "2026-11-21T00:00:00"),
        ("2026-11-20T18:30:00", Zone.WIB, "2026-11-21T00:00:00"),  # after midnight there, not yet in Greenwich
        ("2026-11-20T23:59:59", Zone.WIB, "2026-11-21T00:00:00"),
        ("2026-11-21T00:00:00", Zone.WIB, None),  # 07:00 in Cianjur
        ("2026-11-20T13:00:00", Zone.WITA, "2026-11-20T23:00:00"),
        ("2026-11-20T12:00:00", Zone.WIT, "2026-11-20T22:00:00"),
        ("2026-11-20T22:00:00", Zone.WIT, None),
    ],
)
def test_the_hours_are_those_of_the_district(moment: str, zone: Zone, morning: str | None) -> None:
    assert until(moment, zone) == (utc(morning) if morning else None)


def test_a_letter_may_come_at_night_because_it_wakes_nobody() -> None:
    assert until("2026-11-20T18:30:00", channel=EMAIL) is None


def test_what_is_urgent_is_told_at_night_unless_the_installation_says_otherwise() -> None:
    strict = QUIET.model_copy(update={"urgent_exempt": False})

    assert until("2026-11-20T18:30:00", urgent=True) is None
    assert until("2026-11-20T18:30:00", urgent=True, hours=strict) == utc("2026-11-21T00:00:00")


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = QUIET.model_copy(update={"begin": time(12), "end": time(13)})

    assert until("2026-11-20T05:30:00", hours=noon) == utc("2026-11-20T06:00:00")
    assert until("2026-11-20T18:30:00", hours=noon) is None


@pytest.mark.parametrize(
    "text",
    ["begin: late", "", "{", 'begin: "21:00"\nend: "21:00"\nchannels: [sms]\nurgent_exempt: true\n'],
)
def test_a_broken_file_is_found_at_start_and_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "quiet_hours.yaml"
    file.write_text(text, "utf-8")

    with pytest.raises(BadReferenceData, match=r"quiet_hours\.yaml"):
        load_quiet_hours(file)


def test_a_missing_file_is_found_at_start_and_named(tmp_path: Path) -> None:
    with pytest.raises(BadReferenceData, match=r"none\.yaml cannot be read"):
        load_quiet_hours(tmp_path / "none.yaml")
