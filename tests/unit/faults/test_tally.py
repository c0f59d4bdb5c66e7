"""The tally: what was really done counts, over all seeds of the file, also after a run was cut off."""

from pathlib import Path

import pytest

from tests.faults.tally import Disturbed, Judged, Tally, TallyUnreadable


def killed(number: int, *, seed: int = 1, fired: bool = True, seconds: float = 4.0, stuck: str = "") -> Disturbed:
    return Disturbed(
        seed=seed,
        number=number,
        name="kill",
        where="intake",
        step="commit.before",
        fired=fired,
        kills=int(fired),
        recovery_seconds=seconds if fired else None,
        stuck=stuck,
    )


def judged(*, seed: int = 1, lost: int = 0, doubled: int = 0, other: int = 0, repeated: int = 0) -> Judged:
    return Judged(
        seed=seed,
        after=1,
        events=10,
        requests=5,
        letters=3,
        letters_repeated=repeated,
        lost=lost,
        doubled=doubled,
        other=other,
    )


@pytest.fixture
def tally(tmp_path: Path) -> Tally:
    return Tally(tmp_path / "tally.jsonl")


def test_a_campaign_goes_on_where_the_file_ends(tally: Tally) -> None:
    tally.add(killed(1))
    tally.add(killed(2, fired=False))
    tally.add(judged())
    again = Tally(tally.file)
    assert again.lines == tally.lines
    assert again.of(1).last == 2
    assert again.of(1).kills == 1


def test_a_line_cut_off_in_the_middle_does_not_count(tally: Tally) -> None:
    tally.add(killed(1))
    with tally.file.open("a") as file:
        file.write('{"seed": 1, "line": "distur')
    again = Tally(tally.file)
    assert again.lines == tally.lines
    again.add(killed(2))
    assert Tally(tally.file).of(1).kills == 2


def test_what_is_no_tally_is_refused(tally: Tally) -> None:
    tally.file.write_text('{"something": "else"}\n')
    with pytest.raises(TallyUnreadable, match="line 1"):
        Tally(tally.file)


def test_a_step_that_was_not_reached_is_no_kill(tally: Tally) -> None:
    tally.add(killed(1, fired=False))
    tally.add(judged())
    assert tally.of(1).kills == 0
    assert tally.of(1).recoveries == ()


def test_the_sum_of_a_file_is_over_all_its_seeds(tally: Tally) -> None:
    for seed, seconds in ((1, 4.0), (2, 8.0), (2, 6.0)):
        tally.add(killed(1, seed=seed, seconds=seconds))
    for seed in (1, 2):
        tally.add(judged(seed=seed, repeated=seed))
    whole = tally.whole()
    assert whole.seeds == {1, 2}
    assert whole.kills_at == {("intake", "commit.before"): 3}
    assert (whole.recovery_median, whole.recovery_longest) == (6.0, 8.0)
    assert whole.letters_repeated == 3
    assert whole.holds


@pytest.mark.parametrize(
    "broken",
    [judged(lost=1), judged(doubled=1), judged(other=1), killed(2, stuck="intake: 3 rows"), killed(2, seconds=30.0)],
    ids=["lost", "doubled", "broken otherwise", "stuck", "too late"],
)
def test_one_thing_wrong_and_nothing_holds(tally: Tally, broken: Disturbed | Judged) -> None:
    tally.add(killed(1))
    tally.add(judged())
    assert tally.of(1).holds
    tally.add(broken)
    assert not tally.of(1).holds


def test_what_nobody_judged_does_not_hold(tally: Tally) -> None:
    tally.add(killed(1))
    assert not tally.of(1).holds
