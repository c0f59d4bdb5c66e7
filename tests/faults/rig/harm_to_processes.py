"""Processes killed, stopped, ended and restarted."""

import asyncio
import signal
from collections.abc import Sequence

from tests.faults.rig.disturbance import KILL, NOT_REACHED, Disturbance, Entry, Harm
from tests.faults.rig.instances import Instance
from tests.faults.rig.steps import Deed, Order, Step
from tests.faults.rig.system import FaultSystem

ARMED_SECONDS = 10.0
"""A step not reached by then is not reached: disarmed, and not counted."""
ARMED_FIRE_SECONDS = 12.0
DAY_SECONDS = 24 * 3600.0
MOMENT_LIMIT_SECONDS = 2.0
DYING_SECONDS = 5.0
STOPPED_SECONDS = 17.0
"""Beyond the consumer's session (10 s), the relay's lease (10 s) and the workers' (15 s)."""
ENDING_SECONDS = 40.0
"""An orderly end may wait for requests in hand (20 s) and for a batch."""
READY_SECONDS = 60.0
POLL_SECONDS = 0.05
INSTANCES_OF_A_ROLLING_RESTART = 3
REBALANCES = 3
MID_BATCH = (Step.COMMIT_BEFORE, Step.OFFSETS_BEFORE, Step.ACKNOWLEDGE_BEFORE)


async def kill(system: FaultSystem, entry: Entry) -> Harm:
    """kill -9 of an instance at a step, or at a moment of chance."""
    instance = entry.chance().choice(system.instances(entry.where))
    life = instance.lives
    if entry.step is None:
        await asyncio.sleep(entry.chance().uniform(0, MOMENT_LIMIT_SECONDS))
        life = instance.lives
        instance.signal(signal.SIGKILL)
    elif not await _at_step(system, [instance], entry, Deed.KILL):
        return NOT_REACHED
    death = await instance.until_dead(life, DYING_SECONDS)
    if death is None or death.exit_code != -signal.SIGKILL:
        return NOT_REACHED
    return Harm(True, 1, death.at)


async def terminate(system: FaultSystem, entry: Entry) -> Harm:
    """SIGTERM in the middle of a batch: the process has to end in an orderly way, and in time."""
    instance = system.instances(entry.where)[0]
    life = instance.lives
    if not await _at_step(system, [instance], entry, Deed.TERM):
        return NOT_REACHED
    death = await instance.until_dead(life, ENDING_SECONDS)
    if death is None:
        raise TookTooLong(f"{instance.name} did not end within {ENDING_SECONDS:.0f} s of its SIGTERM")
    return Harm(True, 0, death.at)


async def freeze(system: FaultSystem, entry: Entry) -> Harm:
    """SIGSTOP beyond every session and lease while a second instance takes over, then SIGCONT: a zombie wakes."""
    await system.scale(entry.where, 2)
    try:
        # Only one of them publishes, and nobody knows which.
        frozen = await _at_step(system, system.instances(entry.where), entry, Deed.STOP)
        if not frozen:
            return NOT_REACHED
        await asyncio.sleep(STOPPED_SECONDS)
        for instance in frozen:
            instance.signal(signal.SIGCONT)
        over = Harm.now()
        await system.until_ready(entry.where, READY_SECONDS)
        return over
    finally:
        await system.scale(entry.where, 1)


async def rolling_restart(system: FaultSystem, entry: Entry) -> Harm:
    """Three instances, one after the other ended by SIGTERM and started again."""
    await system.scale(entry.where, INSTANCES_OF_A_ROLLING_RESTART)
    try:
        for instance in system.instances(entry.where):
            life = instance.lives
            instance.signal(signal.SIGTERM)
            if await instance.until_dead(life, ENDING_SECONDS) is None:
                raise TookTooLong(f"{instance.name} did not end within {ENDING_SECONDS:.0f} s of its SIGTERM")
            await instance.until_ready(system.http, READY_SECONDS)
    finally:
        await system.scale(entry.where, 1)
    return Harm.now()


async def rebalances(system: FaultSystem, entry: Entry) -> Harm:
    """An instance joins and leaves, again and again."""
    for _ in range(REBALANCES):
        await system.scale(entry.where, 2)
        await system.scale(entry.where, 1)
    return Harm.now()


class TookTooLong(Exception):
    """A process that was asked to end did not: counted as stuck."""


async def _at_step(system: FaultSystem, instances: Sequence[Instance], entry: Entry, deed: Deed) -> Sequence[Instance]:
    """Those that reached the step and did it, the first of them or several at the same moment."""
    if entry.step is None:
        raise ValueError(f"{entry.name} number {entry.number} names no step")
    order = Order(number=entry.number, step=entry.step, hits_first=entry.hits_first, deed=deed)
    clocks = entry.step.boundary == "fire" and entry.where != "notification"
    for instance in instances:
        instance.arming.arm(order)
    if clocks:
        system.advance_clocks(DAY_SECONDS)

    def there() -> list[Instance]:
        return [instance for instance in instances if instance.arming.reached(entry.number) is not None]

    try:
        for _ in range(round((ARMED_FIRE_SECONDS if clocks else ARMED_SECONDS) / POLL_SECONDS)):
            if there():
                break
            await asyncio.sleep(POLL_SECONDS)
    finally:
        for instance in instances:
            instance.arming.disarm()
    return there()


KINDS = (
    Disturbance(KILL, "kill -9 at a named step, or at a moment of chance", kill, at_steps=True),
    Disturbance("terminate", "SIGTERM in the middle of a batch", terminate, at_steps=True, among=MID_BATCH),
    Disturbance(
        "freeze", "SIGSTOP beyond every session and lease, then SIGCONT", freeze, at_steps=True, among=MID_BATCH
    ),
    Disturbance("rolling-restart", "three instances, each restarted in turn", rolling_restart),
    Disturbance("rebalances", "an extra instance joins and leaves in a loop", rebalances),
)
