"""The network between one service and Kafka or its database; the ways to the issuer and to the mail server."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from tests.faults.rig.disturbance import Disturbance, Entry, Harm
from tests.faults.rig.proxy import Proxy
from tests.faults.rig.system import FaultSystem

HARMED_SECONDS = (3.0, 10.0)
SLOW_SECONDS = (0.05, 0.4)
ISSUER_SLOW_SECONDS = 4.0
"""Beyond what a service waits for keys (3 s)."""

Harming = Callable[[Proxy, Entry], Awaitable[None]]


async def _cut(line: Proxy, _entry: Entry) -> None:
    await line.cut()


async def _half_open(line: Proxy, _entry: Entry) -> None:
    line.half_open()


async def _drop_answers(line: Proxy, _entry: Entry) -> None:
    line.drop_answers()


async def _slow(line: Proxy, entry: Entry) -> None:
    line.slow(entry.chance().uniform(*SLOW_SECONDS))


async def _very_slow(line: Proxy, _entry: Entry) -> None:
    line.slow(ISSUER_SLOW_SECONDS)


def _kafka_line(system: FaultSystem, entry: Entry) -> Proxy:
    return system.kafka_lines[entry.where]


def _database_line(system: FaultSystem, entry: Entry) -> Proxy:
    return system.database_lines[entry.where]


def _issuer_line(system: FaultSystem, _entry: Entry) -> Proxy:
    return system.identity.line


def _mail_line(system: FaultSystem, _entry: Entry) -> Proxy:
    return system.mail.line


def harming(
    line_of: Callable[[FaultSystem, Entry], Proxy], harm: Harming, *, restart: bool = False
) -> Callable[[FaultSystem, Entry], Awaitable[Harm]]:
    """A line is harmed for some seconds and healed; with `restart` the service is killed meanwhile."""

    async def do(system: FaultSystem, entry: Entry) -> Harm:
        line = line_of(system, entry)
        await harm(line, entry)
        try:
            if restart:
                system.instances(entry.where)[0].signal(signal.SIGKILL)
            await asyncio.sleep(entry.chance().uniform(*HARMED_SECONDS))
        finally:
            await line.heal()
        return Harm.now(kills=int(restart))

    return do


async def refuse_letters(system: FaultSystem, entry: Entry) -> Harm:
    """The mail server takes no letter for some seconds."""
    system.mail.refusing = True
    await asyncio.sleep(entry.chance().uniform(*HARMED_SECONDS))
    system.mail.refusing = False
    return Harm.now()


_ASKING = ("notification",)

KINDS = (
    *(
        Disturbance(f"{way}-{name}", f"the line between a service and {what} {how}", harming(line_of, harm))
        for way, what, line_of in (("kafka", "Kafka", _kafka_line), ("database", "its database", _database_line))
        for name, how, harm in (
            ("cut", "cut", _cut),
            ("slow", "slow", _slow),
            ("half-open", "half-open: open, and silent", _half_open),
            ("answers-dropped", "swallows answers", _drop_answers),
        )
    ),
    Disturbance("issuer-dead", "no issuer; a service restarts meanwhile", harming(_issuer_line, _cut, restart=True)),
    Disturbance(
        "issuer-slow", "a slow issuer; a service restarts meanwhile", harming(_issuer_line, _very_slow, restart=True)
    ),
    Disturbance("mail-dead", "no mail server", harming(_mail_line, _cut), where=_ASKING),
    Disturbance("mail-half-open", "a mail server that says nothing", harming(_mail_line, _half_open), where=_ASKING),
    Disturbance("mail-refused", "a mail server that takes no letter", refuse_letters, where=_ASKING),
)
