"""Clocks: whole milliseconds, and a demonstration's offset."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.clock import DemoClock, SettableClock, SystemClock, to_milliseconds


def test_a_moment_survives_the_database_unchanged() -> None:
    assert SystemClock().now().microsecond % 1000 == 0
    assert to_milliseconds(datetime(2026, 11, 22, 1, 2, 3, 456789, UTC)).microsecond == 456000


def test_the_demonstration_clock_moves_when_its_file_does(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = DemoClock(file)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    file.write_text('{"offset_seconds": 432000}')
    assert clock.now() - datetime.now(UTC) > timedelta(days=4, hours=23)


def test_a_half_written_file_keeps_the_offset_last_known(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    file.write_text('{"offset_seconds": 86400}')
    clock = DemoClock(file)
    before = clock.now()
    file.write_text('{"offset_sec')
    os.utime(file, ns=(1, 1))
    assert clock.now() >= before


def test_a_settable_clock_stands_still() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    clock = SettableClock(moment)
    assert clock.now() == clock.now() == moment
    clock.move_to(moment + timedelta(hours=1))
    assert clock.now() == moment + timedelta(hours=1)
