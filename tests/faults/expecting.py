"""What a fault test expects of what it did."""

from tests.faults.rig.standing import Outcome

PATIENCE_SECONDS = 120.0
"""Beside other tests on the same cores a time says little: these see that it recovers, `make faults` how soon."""


def expect_recovery(outcomes: list[Outcome]) -> None:
    """Everything was really done, and recovered from."""
    for outcome in outcomes:
        entry = outcome.entry
        assert outcome.harm.done, f"{entry.name} of {entry.where} at {entry.step}: its step was not reached"
        assert outcome.recovered_within(PATIENCE_SECONDS), (
            f"{entry}: {outcome.recovery_seconds} s; left: {outcome.stuck}"
        )
