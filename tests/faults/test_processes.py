"""Processes stopped, ended and replaced under load; clocks that jump; an issuer that is away; facts said again."""

from collections.abc import Callable

import pytest

from tests.faults.expecting import expect_recovery
from tests.faults.rig.disturbance import Entry
from tests.faults.rig.standing import Standing
from tests.faults.rig.steps import Step

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def test_zombies_orderly_ends_and_rebalances_repeat_nothing(stand: Standing, entry: Callable[..., Entry]) -> None:
    """At once: referral's relay sleeps beyond its lease while another takes over, intake is ended in the middle of a
    deed, instances of reporting come and go.
    """
    outcomes = await stand.disturb(
        entry("freeze", "referral", Step.ACKNOWLEDGE_BEFORE),
        entry("terminate", "intake", Step.COMMIT_BEFORE),
        entry("rebalances", "reporting"),
    )
    expect_recovery(outcomes)


async def test_a_rolling_restart_of_three_is_noticed_by_nobody(stand: Standing, entry: Callable[..., Entry]) -> None:
    """Meanwhile reporting's clock jumps days ahead and back, and intake restarts while the issuer is away."""
    outcomes = await stand.disturb(
        entry("rolling-restart", "referral"),
        entry("clock-jump", "reporting"),
        entry("issuer-dead", "intake"),
    )
    expect_recovery(outcomes)


async def test_facts_said_again_in_any_order_change_nothing(stand: Standing, entry: Callable[..., Entry]) -> None:
    expect_recovery(await stand.disturb(entry("said-again", "topics")))
