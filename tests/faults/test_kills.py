"""kill -9 at every named step, several services at once, under load: nothing lost, nothing doubled, nothing stuck."""

from collections.abc import Callable

import pytest

from tests.faults.expecting import expect_recovery
from tests.faults.rig.disturbance import KILL, Entry
from tests.faults.rig.standing import Standing
from tests.faults.rig.steps import Step

pytestmark = pytest.mark.timeout(600)

KILLED_AT = {
    "intake": (Step.COMMIT_BEFORE, Step.PUBLISH_AFTER, Step.ACKNOWLEDGE_AFTER, Step.REMOVE_BEFORE),
    "referral": (Step.FIRE_BEFORE, Step.COMMIT_AFTER, Step.ACKNOWLEDGE_BEFORE, Step.REMOVE_AFTER),
    "notification": (Step.SEND_AFTER, Step.FIRE_AFTER, Step.PUBLISH_BEFORE, Step.SEND_BEFORE),
    "reporting": (Step.COMMIT_BEFORE, Step.OFFSETS_BEFORE, Step.OFFSETS_AFTER),
}
VOLLEYS_LIMIT = 8
"""A step that was not reached in its volley is waited for again in a later one."""


def test_every_step_has_its_kill() -> None:
    assert {step for steps in KILLED_AT.values() for step in steps} == set(Step)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_process_killed_at_any_step_loses_nothing_and_doubles_nothing(
    stand: Standing, entry: Callable[..., Entry]
) -> None:
    waiting = {service: list(steps) for service, steps in KILLED_AT.items()}
    for _ in range(VOLLEYS_LIMIT):
        aimed = [entry(KILL, service, steps.pop(0)) for service, steps in waiting.items() if steps]
        if not aimed:
            break
        outcomes = await stand.disturb(*aimed)
        for outcome in outcomes:
            if not outcome.harm.done and outcome.entry.step is not None:
                waiting[outcome.entry.where].append(outcome.entry.step)
        expect_recovery([outcome for outcome in outcomes if outcome.harm.done])
    assert not any(waiting.values()), f"never reached: {waiting}"
