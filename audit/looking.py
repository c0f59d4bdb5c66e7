"""One look at a system, and looking again until it has come to rest."""

import asyncio
import time

from audit.addresses import Addresses
from audit.databases import DatabaseUnreadable, read_databases
from audit.evidence import Evidence, Standing, Verdict, judge
from audit.laws import LAWS
from audit.told import Told
from audit.topics import Progress, TopicsUnreadable, read_facts

PAUSE_SECONDS = 1.0
PAUSE_LIMIT_SECONDS = 15.0

CannotLook = (TopicsUnreadable, DatabaseUnreadable)


async def look(addresses: Addresses, told: tuple[Told, ...] | None, progress: Progress) -> tuple[Verdict, ...]:
    """Read everything once and judge. Raises one of CannotLook."""
    holdings = await asyncio.to_thread(read_databases, addresses.mongodb, progress)
    facts = await read_facts(addresses.kafka, addresses.topic_prefix, progress)
    return judge(Evidence(facts, holdings, told), LAWS)


async def look_until_at_rest(
    addresses: Addresses, told: tuple[Told, ...] | None, patience_seconds: float, progress: Progress
) -> tuple[Verdict, ...]:
    """Look again while a law is broken and patience lasts; the last look is the answer.

    What is read one after the other of a system in motion does not fit together: that passes by itself, and a law
    that is broken does not. Raises one of CannotLook.
    """
    deadline, pause = time.monotonic() + patience_seconds, PAUSE_SECONDS
    while True:
        verdicts = await look(addresses, told, progress)
        broken = [verdict.law.name for verdict in verdicts if verdict.findings.standing is Standing.BROKEN]
        left = deadline - time.monotonic()
        if not broken or left <= 0:
            return verdicts
        progress(f"not at rest yet ({', '.join(broken)}); looking again for {left:.0f} s")
        await asyncio.sleep(min(pause, left))
        pause = min(2 * pause, PAUSE_LIMIT_SECONDS)
