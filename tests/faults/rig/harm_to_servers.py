"""Kafka and databases killed and started again."""

import asyncio

from tests.faults.rig.disturbance import Disturbance, Entry, Harm
from tests.faults.rig.servers import KAFKA, TIERS
from tests.faults.rig.system import FaultSystem

AWAY_LIMIT_SECONDS = 4.0


async def kill_server(system: FaultSystem, entry: Entry) -> Harm:
    """kill -9, some seconds without it, and it is there again."""
    system.servers.kill(entry.where)
    await asyncio.sleep(entry.chance().uniform(0, AWAY_LIMIT_SECONDS))
    await system.servers.restart(entry.where)
    return Harm.now(kills=1)


KINDS = (
    Disturbance("kafka-killed", "Kafka killed and restarted", kill_server, where=(KAFKA,), needs_own_servers=True),
    Disturbance(
        "database-killed", "a tier's database killed and restarted", kill_server, where=TIERS, needs_own_servers=True
    ),
)
