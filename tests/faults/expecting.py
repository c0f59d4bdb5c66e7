"""What a fault test expects of what it did."""

from tests.faults.rig.standing import Outcome


def expect_recovery(outcomes: list[Outcome]) -> None:
    """Everything was really done, and recovered from in time."""
    for outcome in outcomes:
        entry = outcome.entry
        assert outcome.harm.done, f"{entry.name} of {entry.where} at {entry.step}: its step was not reached"
        assert outcome.recovered, f"{entry}: {outcome.recovery_seconds} s; left: {outcome.stuck}"
