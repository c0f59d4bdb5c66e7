"""A child that dies is started again unless it keeps dying."""

from deploy.embedded.restarts import EXIT_BAD_CONFIGURATION, RestartPolicy

POLICY = RestartPolicy(deaths_allowed=3, window_seconds=60, first_pause_seconds=1, longest_pause_seconds=10)


def test_every_death_in_the_window_lengthens_the_pause_up_to_the_longest() -> None:
    assert POLICY.pause_seconds([100], -9) == 1
    assert POLICY.pause_seconds([100, 110], -9) == 4
    assert POLICY.pause_seconds([100, 110, 120], -9) == 10


def test_a_child_that_keeps_dying_is_given_up() -> None:
    assert POLICY.pause_seconds([100, 110, 120, 130], -9) is None


def test_old_deaths_are_forgiven() -> None:
    assert POLICY.pause_seconds([0, 10, 20, 200], 1) == 1


def test_a_wrong_setting_is_not_tried_again() -> None:
    assert POLICY.pause_seconds([100], EXIT_BAD_CONFIGURATION) is None
