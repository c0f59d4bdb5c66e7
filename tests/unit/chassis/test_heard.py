"""Sequences heard, as ranges: against the slow and obvious set of numbers."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from chassis.heard import Heard, Range

SEQUENCES = st.lists(st.integers(min_value=1, max_value=40), max_size=60)


def hear(sequences: list[int]) -> Heard:
    heard = Heard()
    for sequence in sequences:
        heard = heard.adding("/districts/32.03/intake", "case", sequence)
    return heard


@given(SEQUENCES)
def test_ranges_hold_exactly_the_numbers_heard(sequences: list[int]) -> None:
    heard = hear(sequences)
    for number in range(1, 42):
        assert heard.contains("/districts/32.03/intake", "case", number) == (number in sequences)
    assert heard.latest("/districts/32.03/intake", "case") == max(sequences, default=0)


@given(SEQUENCES)
def test_gaps_are_exactly_what_is_missing_below_the_latest(sequences: list[int]) -> None:
    missing = {
        n for gap in hear(sequences).missing("/districts/32.03/intake", "case") for n in range(gap[0], gap[1] + 1)
    }
    assert missing == set(range(1, max(sequences, default=0))) - set(sequences)


@given(SEQUENCES, st.randoms())
def test_the_order_of_hearing_makes_no_difference(sequences: list[int], random: object) -> None:
    shuffled = list(sequences)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert hear(sequences) == hear(shuffled)


@given(SEQUENCES)
def test_ranges_never_touch_so_they_stay_as_few_as_can_be(sequences: list[int]) -> None:
    ranges = hear(sequences).entries[0].ranges if sequences else ()
    assert all(low.last + 1 < high.first for low, high in itertools.pairwise(ranges))


def test_sources_and_subjects_are_counted_apart() -> None:
    heard = Heard().adding("/districts/32.03/intake", "a", 1).adding("/districts/32.03/referral", "a", 5)
    assert heard.latest("/districts/32.03/intake", "a") == 1
    assert heard.latest("/districts/32.03/referral", "a") == 5
    assert not heard.contains("/districts/32.03/intake", "b", 1)
    assert heard.missing("/districts/32.03/referral", "a") == (Range(1, 4),)
